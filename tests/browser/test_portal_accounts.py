"""The list of client accounts, and a change of many of them: chosen, started, followed, read."""

import re

import pytest
from playwright.sync_api import expect

from setup import paths

PHONE = {"width": 375, "height": 740}
DESKTOP = {"width": 1366, "height": 900}


def take_screenshot(page, name):
    page.screenshot(path=paths.local(paths.SCREENSHOTS) / f"{name}.png")


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def open_list(page):
    page.goto("/odoo/client-accounts")
    page.wait_for_selector(".o_data_row:has-text('Bodegas Llamazares')")


@pytest.fixture
def change(admin_page):
    """Select all accounts of the list, and open what is asked about them."""
    open_list(admin_page)
    admin_page.check("thead .o_list_record_selector input")
    admin_page.click(".o_control_panel button:has-text('Edit login, notify, e-mail sync')")
    admin_page.wait_for_selector(".modal .o_form_view")


def choose(page, field, option):
    page.click(f".modal .o_field_widget[name={field}] label:has-text('{option}')")


def test_the_list_shows_whom_the_switches_are_on_for(admin_page):
    open_list(admin_page)
    row = admin_page.locator(".o_data_row:has-text('Bodegas Llamazares')")
    expect(row.locator("[name=client_login_label] .badge.text-bg-success")).to_have_text("2 of 4")
    nobody = admin_page.locator("[name=client_login_label] .badge.text-bg-300").first
    assert nobody.evaluate("badge => getComputedStyle(badge).backgroundColor") == "rgb(242, 230, 207)"
    take_screenshot(admin_page, "client_accounts")
    admin_page.click(".o_searchview_dropdown_toggler")
    admin_page.click(".o_group_by_menu .o_menu_item:text-is('Login')")
    admin_page.wait_for_selector(".o_group_header:has-text('Off for all')")
    take_screenshot(admin_page, "client_accounts_by_login")


def test_a_change_is_started_followed_and_reported(admin_page, change):
    choose(admin_page, "login", "On for all contacts")
    choose(admin_page, "notify", "On for all contacts")
    admin_page.check(".modal [name=custom_preferences] input")
    admin_page.wait_for_selector(".modal [name=category_ids] input[type=checkbox]")
    take_screenshot(admin_page, "client_accounts_wizard")
    admin_page.click(".modal button[name=action_start]")
    # Nobody reloads the page: it follows the work.
    admin_page.wait_for_selector(".o_form_view [name=state] .o_arrow_button_current:has-text('Done')")
    admin_page.wait_for_selector(".o_notification:has-text('Client accounts: done')")
    done = admin_page.inner_text(".o_form_view [name=done_count]")
    assert done == admin_page.inner_text(".o_form_view [name=account_count]")
    take_screenshot(admin_page, "client_accounts_report")
    admin_page.set_viewport_size(PHONE)
    admin_page.reload()
    admin_page.wait_for_selector(".o_form_view [name=progress]")
    assert fits(admin_page)
    take_screenshot(admin_page, "client_accounts_report_phone")
    admin_page.set_viewport_size(DESKTOP)
    open_list(admin_page)
    # The web client shows what it kept of the list until it has read it anew.
    labels = admin_page.locator("[name=client_login_label] .badge")
    expect(labels.filter(has_not_text=re.compile(r"^(\d+) of \1$"))).to_have_count(0)
    assert labels.count()


def test_the_list_fits_a_phone(admin_page):
    admin_page.set_viewport_size(PHONE)
    admin_page.goto("/odoo/client-accounts")
    admin_page.wait_for_selector(".o_kanban_record:has-text('Bodegas Llamazares')")
    assert fits(admin_page)
    take_screenshot(admin_page, "client_accounts_phone")
