"""What a client does on the portal's pages, on whatever screen."""

import re

from playwright.sync_api import Page, expect

# What chooses the files that a client uploads, once the page's script runs.
UPLOAD_READY = ".o_document_upload input[type=file]:enabled"
REPLY = "Adjunto el justificante"


def read_and_reply(page: Page, tmp_path) -> None:
    """Read the e-mail of the page and reply to it with a file."""
    frame = page.locator("iframe.o_escala_portal_email_frame").first
    expect(frame.content_frame.locator("body")).to_have_text(re.compile(r"\S"))
    file = tmp_path / "justificante.txt"
    file.write_text("Transferencia hecha el 14 de mayo")
    page.fill("#escala_message_text", REPLY)
    page.set_input_files("#escala_message_files", str(file))
    page.click("button:has-text('Send')")
    page.wait_for_selector(".alert-success")
    page.wait_for_selector(f"article:has-text('{REPLY}') a:has-text('{file.name}')")
