"""A mailbox that had a password is signed in for with Google (the stand-in), in the browser, from end to end."""

import pytest
from playwright.sync_api import expect

from setup import oauth_server, paths

ADDRESS = "laura@nordica.example"
OTHER = "somebody-else@nordica.example"


@pytest.fixture(scope="module")
def provider():
    with oauth_server.running(ADDRESS, OTHER) as server:
        yield server


def test_sign_in_with_google(page, registered):
    page.goto("/odoo/mailboxes")
    page.click(f".o_kanban_record:has-text('{ADDRESS}')")
    page.click("button[name=action_open_wizard]:visible")
    page.wait_for_selector(".modal button[name=action_sign_in_google]:visible")
    keep(page, "sign_in_1_wizard")
    page.click(".modal button[name=action_sign_in_google]:visible")
    page.click(".modal footer button[name=action_finish]:visible")
    page.wait_for_selector("h1:has-text('Choose an account')")
    expect(page.locator("body")).to_contain_text("stand-in")
    expect(page.locator(f"input[name=account][value='{ADDRESS}']")).to_be_checked()
    keep(page, "sign_in_2_provider")
    page.check(f"input[name=account][value='{OTHER}']")
    page.click("button[value=allow]")
    alert = page.locator(".alert-warning")
    expect(alert).to_contain_text(OTHER)
    expect(alert).to_contain_text(ADDRESS)
    keep(page, "sign_in_3_wrong_account")

    page.click("a.btn-primary")
    page.wait_for_selector("h1:has-text('Choose an account')")
    page.click("button[value=allow]")
    page.wait_for_url("**/odoo/mailboxes/*")
    page.wait_for_selector(".o_form_view .o_status_green:visible")
    page.click(".o_notebook a[name=servers]")
    expect(page.locator("div[name=is_signed_in] input")).to_be_checked()
    expect(page.locator("div[name=imap_host]")).to_have_text("127.0.0.1")


def keep(page, name: str) -> None:
    """Keep a screenshot for people to look at."""
    page.screenshot(path=paths.local(paths.SCREENSHOTS) / f"test_google_{name}.png")
