"""What a salesperson sees of an e-mail that waits for an answer."""

from email.utils import formatdate

from playwright.sync_api import expect

from setup import odoo_env
from tests.sync.support import compose
from tests.waiting import wait_until


def is_here(web_database, subject: str) -> bool:
    """Tell if the cron has stored an e-mail."""
    with odoo_env.environment(web_database) as env:
        return bool(env["escala.email"].search_count([("subject", "=", subject)]))


def test_email_waits_on_the_contact_and_opens_from_there(page, imap, web_database):
    raw = compose(
        "Ana Llamazares <ana@llamazares.example>",
        "Una duda más",
        Date=formatdate(),
        Message_ID="<duda@llamazares.example>",
    )
    imap.append_all("laura@nordica.example", "INBOX", [(raw, (), None)])
    with odoo_env.environment(web_database) as env:
        env["escala.mailbox"].search([("email", "=", "laura@nordica.example")]).visibility = "shared"
        env.cr.commit()
    page.goto("/odoo/mailboxes")
    page.click(".o_kanban_record:has-text('laura@nordica.example')")
    page.click("button[name=action_sync_now]")
    wait_until(lambda: is_here(web_database, "Una duda más"))
    page.locator(".o-mail-ActivityMenu-counter").wait_for()
    page.goto("/odoo/contacts")
    page.fill(".o_searchview_input", "Ana Llamazares")
    page.keyboard.press("Enter")
    page.click(".o_data_row:has-text('Ana Llamazares') td[name=complete_name]")
    activity = page.locator(".o-mail-Activity").first
    expect(activity).to_contain_text("Una duda más")
    activity.locator(".o-mail-Activity-note a").click()
    page.wait_for_url("**/odoo/emails/*")
    page.wait_for_selector(".o_form_view:has-text('Una duda más')")
    page.go_back()
    page.locator(".o-mail-Activity-markDone").first.click()
    page.click(".o-mail-ActivityMarkAsDone button:has-text('Hecho')")
    page.wait_for_selector(".o-mail-Activity", state="detached")
