"""Reading a conversation, and what one does from it."""

import pytest
from playwright.sync_api import expect

from setup import odoo_env
from tests.waiting import wait_until

CONVERSATION = "Baterías para la bodega"


def search(page, text):
    page.goto("/odoo/emails")
    page.wait_for_selector(".o_escala_thread")
    page.click("[data-folder=all]")
    page.wait_for_selector(".o_escala_thread[data-id]")
    page.locator(".o_searchview_input").press_sequentially(text, delay=20)
    page.locator(".o_searchview_autocomplete .o-dropdown-item").first.click()
    page.wait_for_selector(".o_facet_value")


def open_email(page, text, subject):
    search(page, text)
    page.click(f".o_escala_thread:has-text('{subject}') .o_escala_thread_open")
    page.wait_for_selector(f".o_escala_subject:has-text('{subject}')")
    page.wait_for_selector(".o_escala_frame")


@pytest.fixture
def env(web, web_database):
    with odoo_env.environment(web_database) as environment:
        yield environment


def find(env, subject):
    env.cr.rollback()
    return env["escala.email"].search([("subject", "=", subject)], limit=1)


def test_older_emails_are_folded_and_unfold(page):
    open_email(page, "Baterías bodega", CONVERSATION)
    count = page.locator(".o_escala_message").count()
    older = page.locator(".o_escala_older button")
    if older.count():
        older.click()
    page.wait_for_function("n => document.querySelectorAll('.o_escala_message').length > n", arg=count)
    first = page.locator(".o_escala_message").first
    expect(first.locator("iframe")).to_have_count(0)
    first.locator(".o_escala_message_toggle").click()
    first.locator("iframe").wait_for()
    frame = first.frame_locator("iframe")
    frame.locator("text=Buenos días").first.wait_for()
    box = first.locator("iframe").bounding_box()
    height = frame.locator("body").evaluate("body => body.getBoundingClientRect().height")
    assert abs(box["height"] - height) <= 2, "the frame is as high as what is in it"
    first.locator(".o_escala_message_toggle").click()
    first.locator("iframe").wait_for(state="detached")


def test_quoted_text_is_folded(page):
    open_email(page, "Baterías bodega", CONVERSATION)
    if page.locator(".o_escala_older button").count():
        page.click(".o_escala_older button")
    folded = page.locator(".o_escala_message:has-text('Dos preguntas técnicas')")
    otto = page.locator(f".o_escala_message[data-id='{folded.get_attribute('data-id')}']")
    otto.locator(".o_escala_message_toggle").click()
    body = otto.frame_locator("iframe").locator("body")
    quoted = body.locator("text=Con la subvención")
    body.locator("summary").wait_for()
    expect(quoted).to_be_hidden()
    body.locator("summary").click()
    quoted.wait_for()


def test_what_is_read_is_marked_as_read_and_as_unread_again(page, env):
    subject = "Revisión anual"
    open_email(page, "Revisión anual", subject)
    laura = env.ref("escala_mail_sync.user_laura")
    wait_until(lambda: not find(env, subject).with_user(laura).is_unread)
    page.locator(".o_escala_options_toggle").last.click()
    page.click("[data-option=unread]")
    page.wait_for_selector(".o_escala_nothing_open")
    wait_until(lambda: find(env, subject).with_user(laura).is_unread)


def test_file_is_looked_at_and_saved_to_the_contact(page, env):
    open_email(page, "FV-2026-0381", "Factura FV-2026-0381")
    page.click(".o_escala_file_open")
    page.wait_for_selector(".o-FileViewer")
    page.keyboard.press("Escape")
    page.click(".o_escala_file_save")
    page.wait_for_selector(".o_notification:has-text('FV-2026-0381.pdf')")
    ana = env.ref("escala_contact_rules.partner_ana")
    files = [("res_model", "=", "res.partner"), ("res_id", "=", ana.id), ("name", "=", "FV-2026-0381.pdf")]
    env.cr.rollback()
    assert env["ir.attachment"].search_count(files) == 1
    page.click(".o_notification_buttons button >> nth=1")

    def is_taken_back():
        env.cr.rollback()
        return not env["ir.attachment"].search_count(files)

    wait_until(is_taken_back)


def test_links_are_taken_away_and_made(page, env):
    subject = "Factura FV-2026-0381"
    open_email(page, "FV-2026-0381", subject)
    page.click(".o_escala_chip[data-model='res.partner'] .o_escala_unlink")
    page.wait_for_selector(".o_escala_customer .o_escala_link")
    assert not find(env, subject).partner_ids
    page.click(".o_escala_customer .o_escala_link")
    page.click(".o_dialog .o_data_row:has-text('Otto Brandt')")
    page.wait_for_selector(".o_escala_chip:has-text('Otto Brandt')")
    otto = env.ref("escala_contact_rules.partner_otto")
    assert find(env, subject).partner_ids == otto


def test_lead_is_created_and_linked(page, env):
    subject = "Revisión anual"
    open_email(page, "Revisión anual", subject)
    page.click(".o_escala_new_lead")
    name = page.locator(".o_dialog [name=name] input, .o_dialog [name=name] textarea").first
    expect(name).to_have_value(subject)
    page.click(".o_dialog .o_form_button_save")
    page.wait_for_selector(f".o_escala_chip[data-model='crm.lead']:has-text('{subject}')")
    lead = find(env, subject).lead_ids
    assert lead.filtered(lambda each: each.name == subject).user_id == env.ref("escala_mail_sync.user_laura")


def choose_option(page, name):
    page.locator(".o_escala_options_toggle").last.click()
    page.click(f"[data-option={name}]")


def test_an_email_is_assigned_to_a_colleague(page, env):
    open_email(page, "Baterías bodega", CONVERSATION)
    choose_option(page, "assign")
    page.locator("[type=search][aria-label]").fill("márcos")
    page.keyboard.press("Enter")
    page.wait_for_selector(".o_notification button:has-text('Deshacer')")
    marcos = env.ref("escala_mail_sync.user_marcos")
    [asked] = env["mail.activity"].search([("user_id", "=", marcos.id), ("escala_email_id", "!=", False)])
    assert CONVERSATION in asked.escala_email_id.subject


def test_an_email_is_shared_and_a_conversation_hidden(page, env):
    subject = "Revisión anual"
    open_email(page, "Revisión anual", subject)
    page.locator(".o_escala_options_toggle").last.click()
    for name, opposite, is_done in (
        ("action_share", "action_stop_sharing", lambda email: email.is_shared_on_purpose),
        ("action_stop_sharing", "action_share", lambda email: not email.is_shared_on_purpose),
    ):
        page.click(f"[data-option={name}]")
        page.locator(".o_escala_options_toggle").last.click()
        page.wait_for_selector(f"[data-option={opposite}]")
        assert is_done(find(env, subject).with_user(env.ref("escala_mail_sync.user_laura")))
    page.keyboard.press("Escape")
    email = env["escala.email"].search([("mailbox_message_ids.mailbox_id.kind", "=", "shared")])
    laura = env.ref("escala_mail_sync.user_laura")
    shared = email.with_user(laura).filtered(lambda each: each.can_hide and each.subject)[:1]
    open_email(page, shared.subject, shared.subject)
    choose_option(page, "action_hide_conversation")
    page.locator(".o_escala_options_toggle").last.click()
    page.wait_for_selector("[data-option=action_show_conversation]")
    env.cr.rollback()
    assert shared.is_conversation_hidden
    page.click("[data-option=action_show_conversation]")


def test_an_email_is_printed_without_anything_around_it(page):
    open_email(page, "FV-2026-0381", "Factura FV-2026-0381")
    page.evaluate(
        """() => new MutationObserver((changes) => changes.forEach(({addedNodes}) => addedNodes.forEach((node) => {
            if (node.tagName === "IFRAME") window.printed = node.srcdoc;
        }))).observe(document.body, {childList: true})"""
    )
    choose_option(page, "print")
    page.wait_for_function("window.printed")
    printed = page.evaluate("window.printed")
    assert "<h2>Factura FV-2026-0381</h2>" in printed
    assert "facturas@llamazares.example" in printed or "laura@nordica.example" in printed
    assert "default-src 'none'" in printed


def test_an_answer_that_was_begun_goes_on_from_the_conversation(page):
    open_email(page, "FV-2026-0381", "Factura FV-2026-0381")
    page.click("[data-name=reply]")
    page.wait_for_selector(".odoo-editor-editable:focus")
    page.keyboard.type("Gracias, la pago mañana.")
    page.click(".o_breadcrumb .o_back_button, .breadcrumb-item a")
    page.click(".o_escala_draft:has-text('Gracias, la pago')")
    page.wait_for_selector(".odoo-editor-editable:has-text('Gracias, la pago')")


def test_done_is_done(page, env):
    search(page, "termo solar")
    page.click(".o_escala_thread .o_escala_thread_open >> nth=0")
    page.click("[data-name=done]")
    page.locator("[data-name=done]").wait_for(state="detached")


def test_customer_is_below_on_a_narrow_screen(page):
    open_email(page, "FV-2026-0381", "Factura FV-2026-0381")
    page.set_viewport_size({"width": 375, "height": 800})
    page.wait_for_timeout(500)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 375
    card, text = (
        page.locator(".o_escala_customer").bounding_box(),
        page.locator(".o_escala_messages").bounding_box(),
    )
    assert card["y"] >= text["y"] + text["height"] - 1
