"""A client of several accounts in its browser: choose, look around, switch, a second tab, lose access."""

import pytest
from playwright.sync_api import expect

from setup import odoo_env, paths

JOSE, PASSWORD = "jose.perez@perezmuller.example", "jose-of-three-accounts"
PHONE, DESKTOP = {"width": 375, "height": 812}, {"width": 1366, "height": 900}
CHOICE = ".o_choose_account_window button[name=account_id]:has-text('{}')"


@pytest.fixture(scope="module")
def jose(web, web_database):
    """The adviser of the demo, who has chosen a password."""
    with odoo_env.environment(web_database) as env:
        user = env["res.users"].search([("login", "=", JOSE)])
        user.write({"password": PASSWORD, "lang": "en_US"})
        env.cr.commit()
        env.registry.signal_changes()
    return JOSE


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def portal(browser, web, jose, request):
    """A page of José's, who has just logged in; its pictures are kept for people to look at."""
    context = browser.new_context(viewport=request.param, base_url=web)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.keep = lambda name: page.screenshot(
        path=paths.local(paths.SCREENSHOTS) / f"portal_{name}_{request.node.callspec.id}.png"
    )
    page.goto("/web/login")
    page.fill("input[name=login]", jose)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector(".o_choose_account_window")
    yield page
    context.close()


def test_choose_switch_and_lose_an_account(portal, web_database):
    portal.wait_for_function("document.activeElement.name === 'account_id'")
    portal.keep("choose")
    portal.keyboard.press("Enter")  # the first one
    portal.wait_for_selector(".o_client_account_bar")
    fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert portal.evaluate(fits)
    portal.keep("home")

    # what is typed in a page stays when the bar is closed; there is a way to switch all the same
    bar = portal.locator(".o_client_account_bar")
    portal.goto("/my/account")
    portal.fill("input[name=phone]", "+34 600 000 000")
    bar.get_by_text("Switch account").focus()
    portal.keyboard.press("Tab")
    portal.keyboard.press("Enter")
    bar.wait_for(state="detached")
    expect(portal.locator("input[name=phone]")).to_have_value("+34 600 000 000")
    portal.keep("details")
    portal.goto("/my")
    expect(bar).to_have_count(0)

    # a second tab moves on: the first one says so, and what it sends is not done
    second = portal.context.new_page()
    second.goto("/my/choose-account")
    portal.goto("/my/addresses")
    portal.keep("addresses")
    second.bring_to_front()
    second.click(".o_choose_account button:has-text('Familia Vidal')")
    second.wait_for_selector("h1:has-text('Familia Vidal')")
    portal.bring_to_front()
    stale = portal.locator(".o_stale_page")
    stale.wait_for(state="visible")
    expect(stale).to_contain_text("Familia Vidal")
    assert portal.evaluate(fits)
    portal.keep("stale")
    stale.get_by_text("Switch back").click()
    portal.wait_for_url("**/my/addresses")
    second.bring_to_front()
    second.locator(".o_stale_page").wait_for(state="visible")
    second.click(".o_stale_page button:has-text('Switch back')")
    second.wait_for_selector("h1:has-text('Familia Vidal')")

    try:
        _set_login(web_database, False)
        second.reload()
        window = second.locator(".o_choose_account_window")
        expect(window).to_contain_text("You no longer have access to Familia Vidal")
        second.set_viewport_size(portal.viewport_size)
        second.screenshot(path=paths.SCREENSHOTS / f"portal_lost_{portal.viewport_size['width']}.png")
        expect(second.locator(CHOICE.format("Familia Vidal"))).to_have_count(0)
        second.locator(".o_choose_account_window button[name=account_id]").first.click()
        second.wait_for_selector("h1:has-text('Ibarra'), h1:has-text('Llamazares')")
    finally:
        _set_login(web_database, True)


def _set_login(web_database, on):
    with odoo_env.environment(web_database) as env:
        account = env.ref("escala_client_portal.partner_familia_vidal")
        account.account_contact_ids.filtered(lambda row: row.email == JOSE).login = on
        env.cr.commit()
