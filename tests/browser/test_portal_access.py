"""From the switch to the session: a salesperson lets a client in, who chooses a password, and is out again at once."""

import email
import email.policy
import re
import time

import pytest

from setup import odoo_env, paths, smtp_server

ADDRESS = "facturas@llamazares.example"  # Ana's second one; Login is off in the demo
PASSWORD = "vendimia larga 7"
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
    """The address of the account's form; Odoo's own mail leaves by the server."""
    with odoo_env.environment(web_database) as env:
        env["ir.mail_server"].create({"name": "General", "smtp_host": smtp.host, "smtp_port": smtp.port})
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
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for recipient, content in smtp.outside:
            if recipient == ADDRESS:
                message = email.message_from_bytes(content, policy=email.policy.default)
                body = message.get_body(("html",)).get_content()
                return re.search(r"/my/activate/[\w-]+", body).group()
        time.sleep(0.5)
    raise AssertionError("no invitation has arrived")


def screenshot(page, name):
    page.screenshot(path=paths.local(paths.SCREENSHOTS) / f"{name}.png", full_page=True)


def assert_fits(page):
    """Nothing is to be scrolled to the side."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_client_is_let_in_and_is_out_again_at_once(page, phone, account, smtp):
    open_access(page, account)
    assert not page.is_visible("button[name=action_invite_clients]")
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

    phone.goto(link_in_mail(smtp))
    assert "Bodegas Llamazares" in phone.inner_text("ul")
    assert_fits(phone)
    screenshot(phone, "portal_activate_phone")
    phone.fill("#password", PASSWORD)
    phone.fill("#confirm_password", PASSWORD)
    phone.click("button[type=submit].btn-primary")
    phone.wait_for_url("**/my*")
    assert "/my/activate" not in phone.url

    page.reload()
    page.click("a[name=account_contacts]")
    page.wait_for_selector(f"{ROW} .text-bg-success")
    switch_login(page)
    phone.reload()
    phone.wait_for_url("**/web/login*")
