"""A mailbox that had a password is signed in for with Google (the stand-in), in the browser, from end to end."""

import pytest

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
    assert "stand-in" in page.inner_text("body")
    assert page.is_checked(f"input[name=account][value='{ADDRESS}']")
    keep(page, "sign_in_2_provider")
    page.check(f"input[name=account][value='{OTHER}']")
    page.click("button[value=allow]")
    alert = page.wait_for_selector(".alert-warning")
    assert OTHER in alert.inner_text()
    assert ADDRESS in alert.inner_text()
    keep(page, "sign_in_3_wrong_account")

    page.click("a.btn-primary")
    page.wait_for_selector("h1:has-text('Choose an account')")
    page.click("button[value=allow]")
    page.wait_for_url("**/odoo/mailboxes/*")
    page.wait_for_selector(".o_form_view .o_status_green:visible")
    page.click(".o_notebook a[name=servers]")
    assert page.is_checked("div[name=is_signed_in] input")
    assert page.locator("div[name=imap_host]").inner_text() == "127.0.0.1"


def keep(page, name: str) -> None:
    """Keep a screenshot for people to look at."""
    page.screenshot(path=paths.local(paths.SCREENSHOTS) / f"test_google_{name}.png")
