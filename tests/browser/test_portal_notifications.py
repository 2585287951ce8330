"""A client chooses what it is notified of, on a computer and on a telephone."""

import pytest

from setup import odoo_env, paths

PASSWORD = "contraseña larga"
CATEGORY = "#category_proposals"


@pytest.fixture
def client(web, web_database):
    """Ana, who is on one account."""
    with odoo_env.environment(web_database) as env:
        row = env.ref("escala_client_portal.account_contact_llamazares_ana")
        user = row.login_id.user_id
        user.write({"password": PASSWORD, "lang": "en_US"})
        env.cr.commit()
        yield row
        env.cr.rollback()


@pytest.mark.parametrize(("device", "width"), [("desktop", 1366), ("phone", 375)])
def test_client_chooses_with_the_keyboard(browser, web, client, device, width):
    context = browser.new_context(viewport={"width": width, "height": 800}, base_url=web)
    page = context.new_page()
    page.goto("/web/login?redirect=/my/home")
    page.fill("input[name=login]", client.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.click(".o_portal_my_home a[href='/my/notifications']")
    page.wait_for_selector(f"form:has({CATEGORY})")
    was_on = page.locator(CATEGORY).is_checked()
    page.locator(CATEGORY).focus()
    page.keyboard.press("Space")
    page.locator("form:has(#notify) button[type=submit]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=status]")
    assert page.locator(CATEGORY).is_checked() != was_on
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    folder = paths.local(paths.SCREENSHOTS)
    page.screenshot(path=folder / f"portal-notifications-{device}.png", full_page=True)
    client.env.cr.rollback()
    client.invalidate_recordset()
    assert ("proposals" in client.notified_category_ids.mapped("key")) != was_on
    context.close()
