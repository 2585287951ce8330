"""Excluding an address, with the offer to remove what it brought in, and removing e-mails by hand."""

import pytest

from setup import paths

DIALOG = ".modal"


def open_own_mailbox(page, tab):
    page.goto("/odoo/mailboxes")
    page.click(".o_kanban_record:has-text('laura@nordica.example')")
    page.click(f".o_notebook a[name={tab}]")


def type_pattern(page, pattern):
    page.fill(f"{DIALOG} [name=pattern] input", pattern)
    page.keyboard.press("Tab")


def screenshot(page, request, name):
    page.screenshot(path=paths.local(paths.SCREENSHOTS) / f"{request.node.name}-{name}.png")


def test_owner_excludes_a_domain_and_removes_what_it_brought_in(page, request):
    open_own_mailbox(page, "exclusions")
    page.click("button[name=action_add_exclusion]")
    type_pattern(page, "*@ibarra.example")
    page.wait_for_selector(f"{DIALOG} .alert-warning:has-text('ibarra.example')")
    screenshot(page, request, "wrong")
    type_pattern(page, "ibarra.example")
    button = page.locator(f"{DIALOG} footer button[name=action_remove_emails]")
    button.wait_for()
    count = int("".join(filter(str.isdigit, button.inner_text())))
    assert count > 2
    screenshot(page, request, "offer")
    button.click()
    page.wait_for_selector(".o_notification")
    page.wait_for_selector("[name=exclusion_ids] .o_data_row:has-text('ibarra.example')")
    page.wait_for_selector(DIALOG, state="detached")
    page.locator("[name=exclusion_ids]").scroll_into_view_if_needed()
    screenshot(page, request, "page")
    page.click("[name=exclusion_ids] .o_data_row button[name=action_open]")
    page.wait_for_selector(f"{DIALOG}:has-text('No hay correos suyos')")
    page.keyboard.press("Escape")
    page.goto("/odoo/emails")
    page.click(".o_switch_view.o_list")
    page.wait_for_selector(".o_data_row")


def test_manager_excludes_an_address_for_the_company(admin_page, request):
    page = admin_page
    page.goto("/odoo/email-exclusions")
    page.wait_for_selector(".o_view_nocontent_smiling_face")
    screenshot(page, request, "empty")
    page.click(".o_control_panel button:has-text('Exclude an address')")
    type_pattern(page, "competitor.example")
    page.wait_for_selector(f"{DIALOG} [name=include_subdomains]")
    page.check(f"{DIALOG} [name=include_subdomains] input")
    screenshot(page, request, "dialog")
    page.click(f"{DIALOG} footer button.btn-primary")
    page.wait_for_selector(".o_data_row:has-text('competitor.example')")
    page.click(".o_data_row button[name=action_open]")
    page.wait_for_selector(f"{DIALOG}:has-text('no e-mails of it')")
    screenshot(page, request, "open")
    page.click(f"{DIALOG} footer button.btn-secondary:visible")


@pytest.mark.parametrize("way", ["form", "list"])
def test_owner_removes_an_email(page, way):
    page.goto("/odoo/emails")
    page.click(".o_switch_view.o_list")
    rows = page.locator(".o_data_row")
    rows.first.wait_for()
    subject = rows.first.locator("[name=subject]").inner_text()
    if way == "list":
        rows.first.locator(".o_list_record_selector input").check()
    else:
        rows.first.locator("[name=subject]").click()
    page.click("button[name=action_remove]:visible")
    page.click(".modal:has-text('no volver') footer .btn-primary")
    page.wait_for_selector(".o_notification")
    if way == "form":  # which leads to the workspace
        page.click(".o_switch_view.o_list")
    page.wait_for_selector(".o_data_row")
    page.wait_for_function(
        "subject => document.querySelector('.o_data_row [name=subject]').innerText !== subject", arg=subject
    )
    page.wait_for_selector(DIALOG, state="detached")
