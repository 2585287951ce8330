"""The list of the workspace as Laura goes through it: by scrolling, by the keyboard, by thumb, and as mail comes in."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, formatdate

import pytest
from playwright.sync_api import expect

from setup import demo_mail, dovecot, odoo_env, paths
from setup.sample_mail import load_samples
from tests.sync.support import compose
from tests.waiting import wait_until

LAURA = "laura@nordica.example"
MANY = 70
ROW = ".o_escala_thread"
OPEN = f"{ROW} .o_escala_thread_open"
COUNTER = ".o_escala_unread_counter .badge"
SCROLLED = ".o_escala_threads_scroll"


def make_mail(number: int) -> bytes:
    date = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(hours=number)
    return compose(
        "Ana Llamazares <ana@llamazares.example>",
        f"Albarán {number:02}",
        Date=format_datetime(date),
        Message_ID=f"<albaran-{number}@llamazares.example>",
    )


@pytest.fixture(scope="module")
def imap():
    """The demo's mail, and more of it than fits on a page."""
    with dovecot.running(paths.DOVECOT / "browser-workspace-list") as server:
        demo_mail.fill(server, load_samples())
        server.append_all(LAURA, "INBOX", [(make_mail(number), (), None) for number in range(MANY)])
        yield server


@pytest.fixture(scope="module")
def web(web, web_database):
    """The same Odoo; Laura's pages are in English."""
    with odoo_env.environment(web_database) as env:
        env.ref("escala_mail_sync.user_laura").lang = "en_US"
        env.cr.commit()
    return web


@pytest.fixture
def workspace(page):
    open_workspace(page)
    return page


def open_workspace(page):
    page.goto("/odoo/emails")
    page.wait_for_selector(ROW)


def show(page, folder):
    page.click(f"[data-folder={folder}]")
    page.wait_for_selector(f"[data-folder={folder}][aria-current=true]")
    page.wait_for_selector(f"{SCROLLED}:not([aria-busy=true])")


def subjects(page):
    return page.locator(ROW).evaluate_all("rows => rows.map(row => row.innerText)")


def scroll_to_the_end(page):
    while not page.locator(".o_escala_list_end").count():
        page.locator(SCROLLED).evaluate("list => { list.scrollTop = list.scrollHeight; }")
        page.wait_for_timeout(100)


def bring_in(imap, web_database, raw, subject):
    """Deliver an e-mail, and synchronise until it is here: the mail server may be busy, or another worker at it."""
    imap.append_all(LAURA, "INBOX", [(raw, (), None)])

    def is_here():
        with odoo_env.environment(web_database) as env:
            env["escala.mailbox"].search([("email", "=", LAURA)])._sync()
            return env["escala.email"].search_count([("subject", "=", subject)])

    wait_until(is_here)


def wait_for_counter(page, number):
    page.wait_for_function(
        "([counter, n]) => Number(document.querySelector(counter)?.innerText) === n", arg=[COUNTER, number]
    )


def focused_row(page):
    return page.evaluate("document.activeElement.closest('.o_escala_thread')?.dataset.id")


def test_scrolling_brings_every_conversation_once(workspace):
    show(workspace, "all")
    first_page = workspace.locator(ROW).count()
    scroll_to_the_end(workspace)
    rows = subjects(workspace)
    assert len(rows) > max(first_page, MANY)
    for number in range(MANY):
        assert sum(f"Albarán {number:02}" in row for row in rows) == 1


def test_who_comes_back_finds_the_same_place(workspace):
    show(workspace, "all")
    scroll_to_the_end(workspace)
    count = workspace.locator(ROW).count()
    workspace.locator(SCROLLED).evaluate("list => { list.scrollTop = 3000; }")
    workspace.wait_for_timeout(100)
    workspace.click(".o_escala_compose")
    workspace.wait_for_selector(".o_form_view")
    workspace.click(".o_breadcrumb .o_back_button, .breadcrumb-item a")
    workspace.wait_for_selector(ROW)
    expect(workspace.locator(ROW)).to_have_count(count)
    workspace.wait_for_function(f"document.querySelector('{SCROLLED}').scrollTop === 3000")
    expect(workspace.locator("[data-folder=all]")).to_have_attribute("aria-current", "true")


def test_new_mail_comes_on_top_without_reloading(workspace, imap, web_database):
    show(workspace, "inbox")
    before = int(workspace.inner_text(COUNTER))
    is_unread = "o_escala_unread" in workspace.locator(ROW).nth(2).get_attribute("class").split()
    workspace.locator(OPEN).nth(2).click()
    opened = workspace.locator(".o_escala_current").get_attribute("data-id")
    before -= is_unread  # what is opened is read
    wait_for_counter(workspace, before)
    raw = compose(
        "Ana Llamazares <ana@llamazares.example>",
        "Recién llegado",
        Date=formatdate(),
        Message_ID="<recien@llamazares.example>",
    )
    bring_in(imap, web_database, raw, "Recién llegado")
    workspace.wait_for_selector(f"{ROW}:first-child:has-text('Recién llegado')")
    expect(workspace.locator(".o_escala_current")).to_have_attribute("data-id", opened)
    wait_for_counter(workspace, before + 1)


def test_what_comes_into_the_open_conversation_shows_there(workspace, imap, web_database):
    show(workspace, "inbox")
    workspace.locator(f"{ROW}:has-text('Recién llegado') .o_escala_thread_open").click()
    workspace.wait_for_selector(".o_escala_conversation:has-text('Recién llegado')")
    raw = compose(
        "Ana Llamazares <ana@llamazares.example>",
        "Re: Recién llegado",
        text="Se me olvidaba el plano.",
        Date=formatdate(),
        Message_ID="<recien-2@llamazares.example>",
        In_Reply_To="<recien@llamazares.example>",
    )
    bring_in(imap, web_database, raw, "Re: Recién llegado")
    workspace.wait_for_selector(".o_escala_conversation:has-text('Se me olvidaba el plano')")


def test_many_are_ticked_and_removed(workspace):
    show(workspace, "all")
    scroll_to_the_end(workspace)
    last = workspace.locator(f"{ROW}:has-text('Albarán 05') input")
    workspace.locator(f"{ROW}:has-text('Albarán 03') input").check(force=True)
    last.click(modifiers=["Shift"], force=True)
    expect(workspace.locator(".o_escala_selected_count b")).to_have_text("3")
    workspace.click(".o_escala_selection_bar [name=more]")
    workspace.click("[name=exclude]")
    workspace.wait_for_selector(".modal:has-text('ana@llamazares.example')")
    workspace.click(".modal button:has-text('Cancel')")
    workspace.click(".o_escala_selection_bar [name=more]")
    workspace.click("[name=remove]")
    workspace.click(".modal .btn-danger")
    workspace.wait_for_selector(".o_notification:has-text('Removed from Odoo: 3')")
    workspace.wait_for_selector(".o_escala_selection_bar", state="detached")
    show(workspace, "all")
    scroll_to_the_end(workspace)
    assert not [row for row in subjects(workspace) if any(f"Albarán 0{n}" in row for n in (3, 4, 5))]


def test_many_are_marked_as_read_and_back(workspace):
    show(workspace, "inbox")
    unread = workspace.locator(f"{ROW}.o_escala_unread")
    before = unread.count()
    assert before > 2
    workspace.locator(f"{ROW} input").first.check(force=True)
    workspace.click(".o_escala_tick_all input")
    workspace.wait_for_selector(f".o_escala_selected_count b:text-is('{workspace.locator(ROW).count()}')")
    workspace.click(".o_escala_selection_bar [name=markRead]")
    workspace.wait_for_selector(f"{ROW}.o_escala_unread", state="detached")
    workspace.click(".o_notification:has-text('Marked as read') button:has-text('Undo')")
    expect(unread.nth(before - 1)).to_be_attached()


def test_the_way_of_the_keyboard(workspace):
    show(workspace, "to_answer")
    workspace.keyboard.press("j")
    workspace.keyboard.press("j")
    workspace.keyboard.press("k")
    first = workspace.locator(ROW).first.get_attribute("data-id")
    assert focused_row(workspace) == first
    workspace.keyboard.press("Enter")
    workspace.wait_for_selector(".o_escala_open .o_escala_conversation h2")
    workspace.keyboard.press("e")
    workspace.wait_for_selector(f"{ROW}[data-id='{first}']", state="detached")
    workspace.wait_for_selector(".o_escala_panes:not(.o_escala_open)")
    workspace.wait_for_function("document.activeElement.closest('.o_escala_thread')")
    second = focused_row(workspace)
    assert second != first
    workspace.keyboard.press("Enter")
    workspace.wait_for_selector(".o_escala_open")
    workspace.keyboard.press("u")
    workspace.wait_for_selector(".o_escala_panes:not(.o_escala_open)")
    workspace.wait_for_function(
        f"document.activeElement.closest('.o_escala_thread')?.dataset.id === '{second}'"
    )
    workspace.click(".o_notification:has-text('Done: 1') button:has-text('Undo')")
    workspace.wait_for_selector(f"{ROW}[data-id='{first}']")
    workspace.keyboard.press("?")
    workspace.wait_for_selector(".modal .o_escala_keyboard_help")
    workspace.keyboard.press("Escape")
    workspace.wait_for_selector(".modal", state="detached")
    workspace.keyboard.press("/")
    workspace.keyboard.type("jek")
    expect(workspace.locator(".o_searchview_input")).to_have_value("jek")


def test_the_way_of_the_thumb(workspace):
    workspace.set_viewport_size({"width": 375, "height": 800})
    open_workspace(workspace)
    workspace.click(".o_escala_sidebar button")
    workspace.click(".o_escala_folder_menu [data-folder=sent]")
    workspace.wait_for_selector(f"{ROW}:has-text('To:')")
    row = workspace.locator(ROW).first
    row.dispatch_event("touchstart")
    workspace.wait_for_selector(".o_escala_selection_bar")
    row.dispatch_event("touchend")
    expect(workspace.locator(".o_escala_selected_count b")).to_have_text("1")
    workspace.click(".o_escala_selection_bar button[title='Select nothing']")
    workspace.locator(OPEN).nth(1).click()
    workspace.wait_for_selector(".o_escala_conversation h2")
    expect(workspace.locator(ROW).first).to_be_hidden()
    assert workspace.evaluate("document.documentElement.scrollWidth <= innerWidth")
    workspace.click(".o_escala_back")
    workspace.wait_for_selector(ROW)
    expect(workspace.locator(".o_escala_conversation h2")).to_have_count(0)
    assert workspace.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_failed_can_be_tried_again(workspace):
    error = {"code": 200, "message": "Odoo Server Error", "data": {"message": "Out of order", "name": "x"}}
    answer = json.dumps({"jsonrpc": "2.0", "id": 1, "error": error})
    pattern = "**/call_kw/escala.email/search_threads*"
    workspace.route(pattern, lambda route: route.fulfill(body=answer, content_type="application/json"))
    workspace.click("[data-folder=sent]")
    workspace.wait_for_selector(".o_escala_list_error:has-text('Out of order')")
    workspace.unroute(pattern)
    workspace.click(".o_escala_list_error button")
    workspace.wait_for_selector(ROW)


def test_a_dead_server_is_told_of_and_tried_again(workspace):
    dead = ["**/call_kw/escala.email/search_threads*", "**/call_kw/escala.email/read_conversation*"]
    for pattern in dead:
        workspace.route(pattern, lambda route: route.abort())
    workspace.locator(OPEN).first.click()
    workspace.wait_for_selector(".o_escala_open_error:has-text('could not be loaded')")
    workspace.click("[data-folder=sent]")
    workspace.wait_for_selector(".o_escala_list_error:has-text('could not be loaded')")
    for pattern in dead:
        workspace.unroute(pattern)
    workspace.click(".o_escala_list_error button")
    workspace.locator(OPEN).first.click()
    workspace.wait_for_selector(".o_escala_conversation h2")
    workspace.console_errors.clear()  # the requests that came to nothing


def test_a_search_is_saved_and_chosen_on_the_left(workspace):
    search = workspace.locator(".o_searchview_input")
    search.press_sequentially("Albarán 07", delay=20)
    workspace.locator(".o_searchview_autocomplete .o-dropdown-item").first.click()
    workspace.click(".o_searchview_dropdown_toggler")
    workspace.click(".o_favorite_menu .o_add_favorite, .o_add_favorite")
    workspace.fill(
        ".o_add_favorite + div input[type=text], .o_favorite_menu input[type=text]", "Albarán siete"
    )
    with workspace.expect_response("**/ir.filters/create_filter*"):
        workspace.click(".o_save_favorite")
    open_workspace(workspace)
    show(workspace, "all")
    assert workspace.locator(ROW).count() > 1
    saved = workspace.locator(".o_escala_sidebar button:has-text('Albarán siete')")
    saved.click()
    workspace.wait_for_selector(f"{ROW}:has-text('Albarán 07'):only-child")
    expect(saved).to_have_attribute("aria-pressed", "true")


def test_drafts_are_in_their_folder(workspace):
    workspace.keyboard.press("c")
    workspace.fill("[name=subject] input", "Oferta a medias")
    workspace.click(".o_breadcrumb .o_back_button, .breadcrumb-item a")
    workspace.click("[data-folder=drafts]")
    draft = workspace.locator(f"{ROW}:has-text('Oferta a medias')")
    draft.wait_for()
    draft.hover()
    draft.locator("[name=remove]").click()
    workspace.click(".modal .btn-danger")
    draft.wait_for(state="detached")
