"""Small ways of the workspace that people take many times a day."""

import pytest
from playwright.sync_api import expect

from setup import odoo_env

ROW = ".o_escala_thread"
SUBJECT = "Revisión anual"


@pytest.fixture
def workspace(page):
    page.goto("/odoo/emails")
    page.wait_for_selector(f"{ROW}[data-id]")
    return page


def search(page, text):
    page.locator(".o_searchview_input").press_sequentially(text, delay=20)
    page.locator(".o_searchview_autocomplete .o-dropdown-item").first.click()
    page.wait_for_selector(".o_facet_value")


def open_row(page, subject=SUBJECT):
    page.click(f"{ROW}:has-text('{subject}') .o_escala_thread_open")
    page.wait_for_selector(f".o_escala_subject:has-text('{subject}')")


def test_a_row_is_marked_without_opening_it(workspace):
    row_id = workspace.locator(f"{ROW}.o_escala_unread").last.get_attribute("data-id")
    row = workspace.locator(f"{ROW}[data-id='{row_id}']")  # more come below as it is scrolled to
    row.hover()
    row.locator("[name=markRead]").click()
    workspace.wait_for_selector(f"{ROW}[data-id='{row_id}']:not(.o_escala_unread)")
    expect(workspace.locator(".o_escala_subject")).to_have_count(0)
    workspace.click(".o_notification button:has-text('Deshacer')")
    workspace.wait_for_selector(f"{ROW}[data-id='{row_id}'].o_escala_unread")


def test_the_customer_stays_folded(workspace):
    open_row(workspace)
    customer = workspace.locator(".o_escala_customer")
    expect(customer).to_be_visible()
    workspace.click(".o_escala_toggle_customer")
    customer.wait_for(state="hidden")
    workspace.reload()
    workspace.wait_for_selector(f"{ROW}[data-id]")
    open_row(workspace)
    expect(customer).to_be_hidden()
    workspace.click(".o_escala_toggle_customer")
    customer.wait_for(state="visible")


def test_what_is_not_in_the_folder_is_looked_for_everywhere(workspace):
    search(workspace, "from:laura")
    workspace.click(".o_escala_search_all")
    workspace.wait_for_selector("[data-folder=all].o_escala_chosen")
    workspace.wait_for_selector(f"{ROW}[data-id]")


def test_one_answers_where_one_has_read_to_the_end(workspace):
    open_row(workspace)
    workspace.click(".o_escala_answer_bar button >> nth=0")
    workspace.wait_for_selector("[name=body] [contenteditable=true]")


def test_back_from_a_draft_leads_to_the_conversation(workspace):
    workspace.click("[data-folder=all]")
    search(workspace, SUBJECT)
    open_row(workspace)
    workspace.click("[data-name=reply]")
    workspace.wait_for_selector("[name=body] [contenteditable=true]")
    workspace.go_back()
    workspace.wait_for_selector(f".o_escala_subject:has-text('{SUBJECT}')")
    workspace.wait_for_selector("[data-folder=all].o_escala_chosen")
    workspace.wait_for_selector(f"{ROW}.o_escala_current:has-text('{SUBJECT}')")
    expect(workspace.locator(".o_facet_value")).to_have_text(SUBJECT)


def test_a_sender_is_excluded_with_what_is_here(workspace, web_database):
    subject = "El tempranillo"
    row = workspace.locator(f"{ROW}:has-text('{subject}')")
    row.locator("input").check(force=True)
    workspace.click(".o_escala_selection_bar [name=more]")
    workspace.click("[name=exclude]")
    workspace.click("#o_escala_exclude_remove")
    workspace.click(".modal .btn-primary")
    row.wait_for(state="detached")
    with odoo_env.environment(web_database) as env:
        excluded = env["escala.mailbox.exclusion"].search([("pattern", "=ilike", "%llamazares.example")])
        assert excluded.mailbox_id.email == "laura@nordica.example"


def test_on_a_small_screen_the_email_has_the_place(workspace):
    workspace.set_viewport_size({"width": 375, "height": 740})
    open_row(workspace)
    workspace.locator(".o_control_panel").wait_for(state="hidden")
    workspace.click(".o_escala_back")
    workspace.locator(".o_control_panel").wait_for(state="visible")


def test_on_a_small_screen_the_browser_leads_back_to_the_list_that_was_left(workspace):
    workspace.set_viewport_size({"width": 375, "height": 740})
    row, subject = workspace.locator(f"{ROW}[data-id]").first, workspace.locator(".o_escala_subject")
    row.evaluate("row => { window.leftRow = row }")
    open_row(workspace)
    workspace.go_back()
    subject.wait_for(state="detached")
    assert workspace.evaluate("window.leftRow.isConnected")  # it was not loaded anew
    open_row(workspace)
    workspace.click(".o_escala_back")
    subject.wait_for(state="detached")
    assert workspace.evaluate("window.leftRow.isConnected")
    workspace.go_back()
    workspace.wait_for_url(lambda url: not url.endswith("/emails"))


def test_whom_one_trusts_is_listed_and_taken_back(workspace):
    search(workspace, "Presupuesto para garaje")
    open_row(workspace, "Presupuesto para garaje")
    workspace.route("**/pixel.gif*", lambda route: route.fulfill(status=200, body=b""))
    workspace.click(".o_escala_images_blocked button >> nth=1")
    workspace.click(".o_notification button:has-text('Show all'), .o_notification button:has-text('Mostrar')")
    row = workspace.locator(".o_data_row")
    row.first.wait_for()
    row.first.locator("button[name=unlink]").click()
    row.first.wait_for(state="detached")


def test_whoever_loads_the_page_anew_finds_the_same_place(workspace):
    workspace.click("[data-folder=all]")
    workspace.wait_for_selector("[data-folder=all].o_escala_chosen")
    workspace.reload()
    workspace.wait_for_selector("[data-folder=all].o_escala_chosen")
    open_row(workspace)
    for _time in range(2):
        workspace.reload()
        workspace.wait_for_selector(f".o_escala_subject:has-text('{SUBJECT}')")
        workspace.wait_for_selector("[data-folder=all].o_escala_chosen")
    workspace.goto("/odoo/emails")
    workspace.wait_for_selector("[data-folder=inbox].o_escala_chosen")


def count_drafts(name):
    with odoo_env.environment(name) as env:
        return env["escala.email.outgoing"].search_count([("state", "=", "draft")])


def test_two_quick_clicks_begin_one_answer(workspace, web_database):
    before = count_drafts(web_database)
    open_row(workspace)
    workspace.dblclick("[data-name=reply]")
    workspace.wait_for_selector("[name=body] [contenteditable=true]")
    workspace.wait_for_timeout(1000)
    assert count_drafts(web_database) == before + 1


def test_sender_and_recipients_are_there_to_be_seen_whole(workspace):
    workspace.set_viewport_size({"width": 375, "height": 740})
    open_row(workspace)
    workspace.click(".o_escala_details_toggle")
    details = workspace.locator(".o_escala_details")
    expect(details).to_contain_text("<iker@ibarra.example>")
    expect(details).to_contain_text("laura@nordica.example")
    workspace.click(".o_escala_details_toggle")
    expect(details).to_have_count(0)


def test_who_has_searched_goes_on_by_the_keyboard(workspace):
    workspace.keyboard.press("/")
    workspace.keyboard.type(SUBJECT)
    workspace.keyboard.press("Enter")
    workspace.wait_for_selector(".o_facet_value")
    expect(workspace.locator(ROW).first).to_contain_text(SUBJECT)
    workspace.keyboard.press("Escape")
    workspace.wait_for_function("row => document.activeElement.closest(row)", arg=ROW)
    workspace.keyboard.press("x")
    expect(workspace.locator(".o_escala_selection_bar")).to_be_visible()
    workspace.keyboard.press("Escape")
    expect(workspace.locator(".o_escala_selection_bar")).to_have_count(0)


def test_the_latest_of_many_who_wrote_is_named(workspace):
    row = workspace.locator(f"{ROW}:has-text('Baterías para la bodega')").first
    latest, names = row.locator(".o_escala_latest"), row.locator(".o_escala_names")
    assert latest.evaluate("name => name.scrollWidth <= name.clientWidth")
    assert latest.bounding_box()["width"] < names.bounding_box()["width"]


def test_the_mail_of_one_mailbox_is_found(workspace):
    workspace.locator(".o_searchview_input").press_sequentially("ventas@", delay=20)
    workspace.click(
        ".o_searchview_autocomplete .o-dropdown-item:has-text('Mailbox'), .o-dropdown-item:has-text('Buzón')"
    )
    workspace.wait_for_selector(".o_facet_value")
    expect(workspace.locator(f"{ROW}:has-text('{SUBJECT}')")).to_have_count(0)
    expect(workspace.locator(f"{ROW}:has-text('Baterías para la bodega')")).to_be_visible()
