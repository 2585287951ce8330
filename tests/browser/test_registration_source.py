"""An administrator makes a registration source; a visitor fills in its page; both see what became of it."""

import pytest
from playwright.sync_api import expect

from setup import paths
from tests.waiting import wait_until

PHONE = {"width": 375, "height": 812}
ANA = {"name": "Ana Prieto", "email": "ana.prieto@fair.example", "message": "Do you do roofs?"}


@pytest.fixture
def visitor(browser, web):
    """The telephone of somebody who is not logged in."""
    context = browser.new_context(viewport=PHONE, base_url=web)
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def screenshot(page, name):
    page.screenshot(path=paths.local(paths.SCREENSHOTS) / f"{name}.png", full_page=True)


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def save(page):
    page.click(".o_form_button_save")
    page.wait_for_selector("button[name=action_pause]:visible")


def fill_in(page, **fields):
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    page.click("main button[type=submit]")


def test_from_a_new_source_to_the_contact(admin_page, visitor):
    admin_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    admin_page.goto("/odoo/contact-sources/new")
    admin_page.fill("div[name=name] input", "Spring fair")
    save(admin_page)
    screenshot(admin_page, "source_form")
    admin_page.click("div[name=form_url] .o_clipboard_button")
    address = admin_page.evaluate("navigator.clipboard.readText()")

    visitor.goto(address)
    assert fits(visitor)
    screenshot(visitor, "source_hosted_page")
    # as by a browser that does not look at addresses itself
    visitor.eval_on_selector("main form", "form => { form.noValidate = true }")
    fill_in(visitor, **ANA | {"email": "nobody", "phone": "12"})
    expect(visitor.locator("#escala_email_error")).to_contain_text("“nobody” is not an e-mail address")
    expect(visitor.locator("#escala_phone_error")).to_contain_text("“12” is not a phone number")
    expect(visitor.locator("[name=name]")).to_have_value(ANA["name"])
    expect(visitor.locator("[name=message]")).to_have_value(ANA["message"])
    screenshot(visitor, "source_wrong_email")
    fill_in(visitor, email=ANA["email"], phone="")
    visitor.wait_for_selector("h1:has-text('Thank you')")

    row = admin_page.locator(f"tr.o_data_row:has-text('{ANA['name']}')")

    def is_registered():
        admin_page.goto("/odoo/contact-submissions")
        return "Registered" in row.inner_text()

    wait_until(is_registered)  # by the cron, in a moment
    screenshot(admin_page, "source_submissions")
    row.click()
    admin_page.wait_for_selector("div[name=payload_text]")
    screenshot(admin_page, "source_submission")
    admin_page.click("div[name=partner_id] a")
    admin_page.wait_for_selector(f".o_last_breadcrumb_item:has-text('{ANA['name']}')")
    expect(admin_page.locator("div[name=email] input")).to_have_value(ANA["email"])


def test_a_paused_source_says_so(admin_page, visitor):
    admin_page.goto("/odoo/contact-sources/new")
    admin_page.fill("div[name=name] input", "Autumn fair")
    save(admin_page)
    address = admin_page.inner_text("div[name=form_url] a, div[name=form_url] span >> nth=0")
    visitor.goto(address)
    admin_page.click("button[name=action_pause]")
    admin_page.wait_for_selector(".ribbon:has-text('Paused')")
    fill_in(visitor, **ANA)
    expect(visitor.locator("main")).to_contain_text("This was not sent")
    expect(visitor.locator("main")).to_contain_text("closed for the time being")
    visitor.goto(address)
    assert visitor.inner_text("main").split("\n\n") == [
        "Autumn fair",
        "This form is closed for the time being.",
    ]
    screenshot(visitor, "source_paused")


def test_the_screens_on_a_telephone(admin_page):
    """For people to look at: nothing is wider than the screen."""
    admin_page.set_viewport_size(PHONE)
    for path, name in (
        ("contact-sources/new", "source_form"),
        ("contact-sources", "sources"),
        ("contact-submissions", "source_submissions"),
    ):
        admin_page.goto(f"/odoo/{path}")
        admin_page.wait_for_selector(".o_form_sheet, .o_kanban_renderer, .o_list_renderer")
        screenshot(admin_page, f"{name}_375")
        assert fits(admin_page)
    admin_page.goto("/odoo/contact-sources/new")
    admin_page.click("label:has-text('Facebook Lead Ads')")
    admin_page.wait_for_selector("div[name=app_secret]")
    screenshot(admin_page, "source_facebook_375")


def test_a_source_of_lead_ads_tells_its_address_before_there_are_secrets(admin_page):
    admin_page.goto("/odoo/contact-sources/new")
    admin_page.fill("div[name=name] input", "Lead ads")
    admin_page.click("label:has-text('Facebook Lead Ads')")
    save(admin_page)
    expect(admin_page.locator("div[name=webhook_url]")).to_contain_text("/escala/facebook/")
    expect(admin_page.locator("div[name=token_state]")).to_contain_text("Not entered yet")
    screenshot(admin_page, "source_facebook")
