"""A client in the portal: the e-mails of the account, a reply, and the firm's answer; on a desktop and a phone."""

import pytest
from playwright.sync_api import expect

from setup import odoo_env, paths
from tests.browser.client_pages import REPLY, read_and_reply

PASSWORD = "iker-has-a-password"
ROWS = ".list-group-item"


@pytest.fixture(scope="module")
def client(web, web_database):
    """The login of Iker, who is on the account of Talleres Ibarra, with a password."""
    with odoo_env.environment(web_database) as env:
        env["escala.account.contact"]._cron_link_past_emails()
        row = env.ref("escala_client_portal.account_contact_ibarra_iker")
        user = row.login_id.user_id
        user.write({"password": PASSWORD, "lang": "en_US"})
        row.login_id.activated_on = "2026-01-01"
        env.cr.commit()
        env.registry.signal_changes()
        return user.login


@pytest.fixture
def portal(browser, web, client, request):
    context = browser.new_context(base_url=web, viewport={"width": 1280, "height": 900}, locale="en-US")
    page = context.new_page()
    page.goto("/web/login")
    page.fill("input[name=login]", client)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/my**")
    yield page
    page.screenshot(path=paths.local(paths.SCREENSHOTS) / f"{request.node.name}_portal.png", full_page=True)
    context.close()


def test_client_reads_an_email_replies_and_is_answered(portal, page, tmp_path):
    portal.goto("/my/emails")
    expect(portal.locator(ROWS)).to_have_count(2)
    portal.fill("#escala_search", "inversor")
    portal.press("#escala_search", "Enter")
    portal.wait_for_url("**search=inversor")
    subject = portal.locator(f"{ROWS} a").first.inner_text()
    portal.locator(f"{ROWS} a").first.click()
    read_and_reply(portal, tmp_path)
    portal.wait_for_function(
        """() => { const frame = document.querySelector("iframe.o_escala_portal_email_frame");
            return frame.clientHeight >= frame.contentDocument.documentElement.scrollHeight; }"""
    )

    page.goto("/odoo/client-messages")
    page.click(f".o_data_row td:has-text('{subject}')")
    page.click(".o-mail-Chatter-sendMessage")
    page.fill(".o-mail-Composer-input", "Recibido, gracias")
    page.click(".o-mail-Composer-send:enabled")
    page.wait_for_selector(".o-mail-Message:has-text('Recibido, gracias')")

    page.click("button[name=action_open_email]")
    page.wait_for_selector(f".o_escala_portal_replies:has-text('{REPLY}')")

    portal.reload()
    portal.wait_for_selector("article:has-text('Recibido, gracias')")


def test_pages_fit_a_phone(portal):
    portal.set_viewport_size({"width": 375, "height": 800})
    for url in ("/my/emails", "/my/messages", "/my/messages/new"):
        portal.goto(url)
        portal.wait_for_selector("h1, h2")
        assert portal.evaluate("document.documentElement.scrollWidth") <= 375
    portal.goto("/my/emails")
    portal.locator(f"{ROWS} a").first.click()
    portal.wait_for_selector("iframe.o_escala_portal_email_frame")
    assert portal.evaluate("document.documentElement.scrollWidth") <= 375
    portal.goto("/my/messages/new")
    portal.fill("#escala_message_subject", "Referencia-" * 15)
    portal.fill("#escala_message_text", "Una palabra sin fin")
    portal.click("button:has-text('Send')")
    expect(portal.locator(".alert-success")).to_be_visible()
    assert portal.evaluate("document.documentElement.scrollWidth") <= 375


def test_files_that_are_too_large_cost_no_text_and_a_message_is_sent_once(portal, tmp_path):
    file = tmp_path / "pesado.bin"
    with file.open("wb") as content:
        content.truncate(21 * 1024 * 1024)
    portal.goto("/my/messages/new")
    form = portal.locator("form.o_client_message_form")
    portal.fill("#escala_message_subject", "Una sola vez")
    portal.fill("#escala_message_text", "Lo escrito se queda")
    portal.set_input_files("#escala_message_files", str(file))
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_role("alert")).to_have_text("pesado.bin is too large: 20 MB at most.")
    expect(portal.locator("#escala_message_text")).to_have_value("Lo escrito se queda")
    portal.set_input_files("#escala_message_files", [])

    was_disabled = portal.evaluate(
        """() => { const button = document.querySelector("form.o_client_message_form button[type=submit]");
            button.click();
            return button.disabled; }"""
    )
    expect(portal.locator(".alert-success")).to_be_visible()
    assert was_disabled
