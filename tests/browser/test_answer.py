"""What a salesperson sees of an e-mail that waits for an answer."""

import os
from email.utils import formatdate

from setup import odoo_env
from tests.sync.support import compose


def wait_until_it_is_here(page, subject: str) -> None:
    """Wait until the cron has stored an e-mail."""
    for _attempt in range(60):
        with odoo_env.environment(f"escala_browser_{os.getpid()}") as env:
            if env["escala.email"].search_count([("subject", "=", subject)]):
                return
        page.wait_for_timeout(500)
    raise AssertionError(f"“{subject}” has not come in")


def test_email_waits_on_the_contact_and_opens_from_there(page, imap):
    raw = compose(
        "Ana Llamazares <ana@llamazares.example>",
        "Una duda más",
        Date=formatdate(),
        Message_ID="<duda@llamazares.example>",
    )
    imap.append_all("laura@nordica.example", "INBOX", [(raw, (), None)])
    with odoo_env.environment(f"escala_browser_{os.getpid()}") as env:
        env["escala.mailbox"].search([("email", "=", "laura@nordica.example")]).visibility = "shared"
        env.cr.commit()
    page.goto("/odoo/mailboxes")
    page.click(".o_kanban_record:has-text('laura@nordica.example')")
    page.click("button[name=action_sync_now]")
    wait_until_it_is_here(page, "Una duda más")
    page.locator(".o-mail-ActivityMenu-counter").wait_for()
    page.goto("/odoo/contacts")
    page.fill(".o_searchview_input", "Ana Llamazares")
    page.keyboard.press("Enter")
    page.click(".o_data_row:has-text('Ana Llamazares') td[name=complete_name]")
    activity = page.locator(".o-mail-Activity").first
    activity.wait_for()
    assert "Una duda más" in activity.inner_text()
    activity.locator(".o-mail-Activity-note a").click()
    page.wait_for_url("**/odoo/emails/*")
    page.wait_for_selector(".o_form_view:has-text('Una duda más')")
    page.go_back()
    page.locator(".o-mail-Activity-markDone").first.click()
    page.click(".o-mail-ActivityMarkAsDone button:has-text('Hecho')")
    page.wait_for_selector(".o-mail-Activity", state="detached")
