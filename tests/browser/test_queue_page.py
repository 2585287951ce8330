"""The queue of a shared mailbox, as a manager sets it up."""

import pytest
from playwright.sync_api import expect

PAGE = "[name=assignee_ids]"


@pytest.fixture
def queue_page(admin_page):
    admin_page.goto("/odoo/mailboxes")
    admin_page.click(".o_kanban_record:has-text('ventas@nordica.example')")
    admin_page.click(".o_notebook a[name=queue]")
    return admin_page


def expect_states(page, *states):
    expect(page.locator(f"{PAGE} .o_data_row td[name=status]")).to_have_text(states)


def add(page, name):
    rows = page.locator(f"{PAGE} .o_data_row")
    new = rows.nth(rows.count())
    page.click(f"{PAGE} .o_field_x2many_list_row_add a")
    new.locator("[name=user_id] input").press_sequentially(name)
    page.click(f".o-autocomplete--dropdown-item:has-text('{name}')")


def save(page):
    page.click(".o_form_button_save")
    page.wait_for_selector(".o_form_button_save", state="hidden")


def test_manager_sets_up_pauses_and_reorders(queue_page):
    page = queue_page
    for name in ("Laura Gil", "Marcos Ruiz", "Mitchell Admin"):
        add(page, name)
    save(page)
    expect_states(page, "Next", "Waiting", "Waiting")
    page.locator(f"{PAGE} .o_data_row").nth(0).locator("[name=paused] input").click()
    page.wait_for_selector(f"{PAGE} .o_data_row td[name=status]:has-text('Paused')")
    save(page)
    expect_states(page, "Paused", "Next", "Waiting")
    move_to_the_top(page, "Mitchell Admin")
    save(page)
    expect_states(page, "Next", "Paused", "Waiting")


def move_to_the_top(page, name):
    """Drag in steps: the web client starts to drag when the mouse has moved a little."""
    handle = page.locator(f"{PAGE} .o_data_row:has-text('{name}') .o_row_handle").bounding_box()
    top = page.locator(f"{PAGE} .o_data_row").nth(0).bounding_box()
    page.mouse.move(handle["x"] + 5, handle["y"] + 5)
    page.mouse.down()
    page.mouse.move(handle["x"] + 5, top["y"] - 5, steps=20)
    page.mouse.up()
    page.wait_for_selector(f"{PAGE} .o_data_row:nth-child(1):has-text('{name}')")
