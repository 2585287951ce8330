"""What a salesperson sees of an e-mail that waits for an answer."""

from email.utils import formatdate

from tests.sync.support import compose


def test_email_waits_on_the_contact_and_opens_from_there(page, imap):
    raw = compose(
        "Ana Llamazares <ana@llamazares.example>",
        "Una duda más",
        Date=formatdate(),
        Message_ID="<duda@llamazares.example>",
    )
    imap.append_all("laura@nordica.example", "INBOX", [(raw, (), None)])
    page.goto("/odoo/mailboxes")
    page.click(".o_kanban_record:has-text('laura@nordica.example')")
    page.click("button[name=action_sync_now]")
    counter = page.locator(".o-mail-ActivityMenu-counter")
    counter.wait_for()
    page.goto("/odoo/contacts")
    page.fill(".o_searchview_input", "Ana Llamazares")
    page.keyboard.press("Enter")
    page.click(".o_data_row:has-text('Ana Llamazares') td[name=complete_name]")
    activity = page.locator(".o-mail-Activity").first
    activity.wait_for()
    assert "duda" not in activity.inner_text()  # the mailbox is private
    activity.locator(".o-mail-Activity-note a").click()
    page.wait_for_selector(".o_form_view:has-text('Una duda más')")
    assert page.url.rsplit("/", 1)[0].endswith("/odoo/emails")
    page.go_back()
    page.locator(".o-mail-Activity-markDone").first.click()
    page.click(".o-mail-ActivityMarkAsDone button:has-text('Hecho')")
    page.wait_for_selector(".o-mail-Activity", state="detached")
