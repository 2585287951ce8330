"""From the mail server to the contact's page, through Odoo's own cron."""

from playwright.sync_api import expect

from tests.waiting import wait_until

MAIL = (
    b"From: Iker <iker@ibarra.example>\r\nTo: laura@nordica.example\r\n"
    b"Subject: Recien llegado\r\nMessage-ID: <new@ibarra.example>\r\n\r\nHola, Laura.\r\n"
)


def test_new_mail_comes_in_when_the_owner_asks_for_it(page, imap):
    imap.append("laura@nordica.example", "INBOX", MAIL)
    page.goto("/odoo/mailboxes")
    page.click(".o_kanban_record:has-text('laura@nordica.example')")
    page.click("button[name=action_sync_now]")
    page.wait_for_selector(".o_notification:has-text('se comprobará')")
    row = page.locator(".o_data_row").first

    def is_here():
        page.goto("/odoo/emails?view_type=list")
        return "Recien llegado" in row.inner_text()

    wait_until(is_here)
    expect(row).to_contain_text("Iker")
