"""The whole way: let in, invited, a password chosen, logged in, an account chosen, all the work done, and out again."""

import email
import email.policy
import re

import pytest
from playwright.sync_api import expect

from setup import odoo_env, paths, smtp_server
from tests.browser.client_pages import UPLOAD_READY, read_and_reply
from tests.waiting import wait_until

ADDRESS = "facturas@llamazares.example"  # Ana's second one; Login is off in the demo
PASSWORD = "vendimia larga 7"
HERS, OTHER = "Bodegas Llamazares", "Talleres Ibarra"
WINDOW = ".o_choose_account_window.show"
ROWS = "div[name=current_account_contact_ids]"
ROW = f"{ROWS} tr.o_data_row:has-text('{ADDRESS}')"
PHONE = {"width": 375, "height": 812}


@pytest.fixture(scope="module")
def smtp(imap):
    """What is sent is kept there, whatever its domain."""
    with smtp_server.running(imap, domains=()) as server:
        yield server


@pytest.fixture
def account(web, web_database, smtp):
    """The address of the account's form; Odoo's own mail leaves by the server. Ana may enter another one already."""
    with odoo_env.environment(web_database) as env:
        env["ir.mail_server"].create({"name": "General", "smtp_host": smtp.host, "smtp_port": smtp.port})
        ana = env.ref("escala_contact_rules.partner_ana")
        ana.lang = "en_US"
        env["escala.account.contact"].create(
            {
                "account_id": env.ref("escala_contact_rules.partner_ibarra").id,
                "contact_id": ana.id,
                "email": ADDRESS,
                "login": True,
            }
        )
        env["escala.account.contact"]._cron_link_past_emails()
        account = env.ref("escala_contact_rules.partner_llamazares")
        # The others have been invited.
        account.account_contact_ids.invited_on = "2026-01-05 10:00:00"
        env.cr.commit()
        yield f"/odoo/contacts/{account.id}"


@pytest.fixture
def phone(browser, web):
    """The client's telephone."""
    context = browser.new_context(viewport=PHONE, base_url=web)
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def open_access(page, account):
    page.goto(account)
    page.click("a[name=account_contacts]")
    page.wait_for_selector(ROW)


def save(page):
    page.click(".o_form_button_save")
    page.wait_for_selector(".o_form_saved, .o_form_button_save:not(:visible)", state="attached")


def switch_login(page):
    page.click(f"{ROW} td[name=login] input")
    save(page)


def link_in_mail(smtp):
    """Wait for the mail to the address, by SMTP, and return the path of its link."""
    invitation = wait_until(lambda: next((raw for to, raw in smtp.outside if to == ADDRESS), None))
    message = email.message_from_bytes(invitation, policy=email.policy.default)
    return re.search(r"/my/activate/[\w-]+", message.get_body(("html",)).get_content()).group()


def screenshot(page, name):
    page.screenshot(path=paths.local(paths.SCREENSHOTS) / f"{name}.png", full_page=True)


def assert_fits(page):
    """Nothing is to be scrolled to the side."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_whole_way_of_a_client(page, phone, account, smtp, web_database, tmp_path):
    invite(page, account)
    activate(phone, link_in_mail(smtp))
    log_in_again(phone)
    choose_by_keyboard(phone)
    phone.goto("/my/emails")
    phone.click(".list-group-item a >> nth=0")
    read_and_reply(phone, tmp_path)
    switch_account(phone)
    upload(phone)
    send_what_was_asked_for(phone, web_database)
    sign(phone, web_database)
    page.reload()
    page.click("a[name=account_contacts]")
    page.wait_for_selector(f"{ROW} .text-bg-success")
    phone.goto("/my/documents")
    switch_login(page)
    # The page is still open: what it leads to is gone.
    phone.click(".o_client_documents a:has-text('Contrato de servicios.pdf')")
    phone.wait_for_url("**/my/choose-account?**")
    expect(phone.locator(".o_choose_account")).to_contain_text(f"You no longer have access to {HERS}")
    screenshot(phone, "portal_lost_phone")
    phone.click(f".o_choose_account button:has-text('{OTHER}')")
    phone.wait_for_selector("h1:has-text('404'), h1:has-text('not found')")
    phone.goto("/my")
    phone.wait_for_selector(f"h1:has-text('{OTHER}')")


def invite(page, account):
    """Switch Login on, and send the invitation by keyboard."""
    open_access(page, account)
    expect(page.locator("button[name=action_invite_clients]")).to_be_hidden()
    switch_login(page)
    # It is offered; this time the three dots of the row are used instead, by keyboard.
    page.wait_for_selector("button[name=action_invite_clients]")
    page.focus(f"{ROW} .o_widget_account_contact_menu button")
    page.keyboard.press("Enter")
    page.wait_for_selector(".o-dropdown--menu [role=menuitem]")
    for key in ("ArrowDown", "ArrowDown", "Enter"):  # after the notification preferences
        page.keyboard.press(key)
    page.wait_for_selector(f".modal:has-text('{ADDRESS}')")
    page.fill(".modal [name=message] .odoo-editor-editable", "Bienvenida, Ana")
    page.click(".modal footer button[name=action_send]")
    page.wait_for_selector("button[name=action_invite_clients]", state="hidden")


def activate(phone, link):
    """Choose a password on the page of the link, which works once."""
    phone.goto(link)
    assert {HERS, OTHER} <= set(phone.locator("ul li").all_inner_texts())
    assert_fits(phone)
    screenshot(phone, "portal_activate_phone")
    phone.fill("#password", PASSWORD)
    phone.fill("#confirm_password", PASSWORD)
    phone.click("button[type=submit].btn-primary")
    phone.wait_for_selector(WINDOW)
    assert phone.goto(link).status == 410


def log_in_again(phone):
    phone.goto("/web/session/logout?redirect=/web/login")
    phone.fill("input[name=login]", ADDRESS)
    phone.fill("input[name=password]", PASSWORD)
    phone.click("button[type=submit]")
    phone.wait_for_selector(WINDOW)


def choose_by_keyboard(phone):
    """The keyboard stays in the window, which Escape does not close; Enter chooses."""
    focused = "document.activeElement.innerText.trim()"
    phone.wait_for_function(f"{focused}.startsWith('{HERS}')")
    inside = f"document.activeElement.closest('{WINDOW}') !== null"
    seen = []
    for _key in range(4):
        phone.keyboard.press("Tab")
        assert phone.evaluate(inside)
        seen.append(phone.evaluate(focused))
    assert [seen[0], seen[2], seen[3]] == [OTHER, HERS, OTHER]  # the second is the way out
    phone.keyboard.press("Shift+Tab")
    assert phone.evaluate(focused) == HERS
    phone.keyboard.press("Escape")
    expect(phone.locator(WINDOW)).to_be_visible()
    assert phone.evaluate(inside)
    assert_fits(phone)
    screenshot(phone, "portal_choose_phone")
    while phone.evaluate(focused) != OTHER:  # Escape leads back to the beginning of the window
        phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    phone.wait_for_selector(f"h1:has-text('{OTHER}')")


def switch_account(phone):
    phone.click(".o_client_account_bar a")
    phone.click(f".o_choose_account button:has-text('{HERS}')")
    phone.wait_for_selector(".o_client_todos a:has-text('Contrato de servicios.pdf')")


def upload(phone):
    phone.goto("/my/documents")
    phone.wait_for_selector(UPLOAD_READY, state="attached")
    phone.set_input_files(
        UPLOAD_READY,
        {"name": "recibo.txt", "mimeType": "text/plain", "buffer": b"pagado"},
    )
    phone.wait_for_selector(".o_client_documents a:has-text('recibo.txt')")


def send_what_was_asked_for(phone, web_database):
    phone.goto("/my")
    phone.click(".o_client_todos a:has-text('Recibos de la luz')")
    phone.wait_for_selector(".o_client_request:has-text('Valen fotos')")
    assert_fits(phone)
    screenshot(phone, "portal_request_phone")
    phone.wait_for_selector(UPLOAD_READY, state="attached")
    phone.set_input_files(
        UPLOAD_READY,
        {"name": "enero.txt", "mimeType": "text/plain", "buffer": b"312 kWh"},
    )
    phone.wait_for_selector(".o_client_request .alert-success")
    phone.wait_for_selector(".o_client_documents a:has-text('enero.txt')")
    assert_fits(phone)
    with odoo_env.environment(web_database) as env:
        asked = env.ref("escala_client_portal.client_request_llamazares_luz")
        assert asked.state == "done"
        assert asked.document_ids.folder_id == asked.folder_id
    phone.goto("/my")
    phone.wait_for_selector(".o_client_todos a:has-text('Contrato de servicios.pdf')")
    expect(phone.locator(".o_client_todos a:has-text('Recibos de la luz')")).to_have_count(0)


def sign(phone, web_database):
    phone.goto("/my")
    phone.click(".o_client_todos a:has-text('Contrato de servicios.pdf')")
    phone.click(".o_sign")
    phone.wait_for_selector("#document_sign.show .o_web_sign_signature")
    phone.click("#document_sign .o_portal_sign_submit:enabled")
    phone.wait_for_selector(".o_download_signed")
    with odoo_env.environment(web_database) as env:
        document = env.ref("escala_client_portal.document_llamazares_contrato")
        assert document.state == "signed"
        assert document.event_ids.sorted("id")[-2:].mapped("email") == [ADDRESS, ADDRESS]
