"""The figures of E-mails / Reporting, as a salesperson and an administrator open them."""

import pytest
from playwright.sync_api import expect

PATHS = ("email-figures", "unanswered-emails", "email-leads", "sync-health")
SMALL = {"width": 375, "height": 800}
READY = {
    "graph": ".o_graph_view canvas",
    "pivot": ".o_pivot_view td.o_pivot_cell_value",
    "list": ".o_list_view .o_data_row",
    "kanban": ".o_kanban_view .o_kanban_record:not(.o_kanban_ghost)",
}


def open_every_view(page, path):
    """Open what a menu leads to, and each of its other views; return which they were."""
    page.goto(f"/odoo/{path}")
    page.wait_for_selector(".o_view_controller")
    names = [name for name in READY if page.locator(f".o_switch_view.o_{name}").count()]
    for name in names:
        page.click(f".o_switch_view.o_{name}")
        page.wait_for_selector(READY[name])
    return names


@pytest.mark.parametrize("path", PATHS)
def test_each_view_opens_for_a_salesperson(page, path):
    assert open_every_view(page, path)


@pytest.mark.parametrize("path", PATHS)
def test_each_view_opens_for_an_administrator(admin_page, path):
    assert open_every_view(admin_page, path)


def test_the_median_can_be_measured_in_the_graph_the_pivot_and_the_groups_of_the_list(admin_page):
    page = admin_page
    page.goto("/odoo/email-figures")
    page.wait_for_selector(".o_graph_view canvas")
    page.click(".o_graph_view button:has-text('Measures')")
    page.click(".o-dropdown--menu :text('Hours to the first answer')")
    page.click(".o_switch_view.o_pivot")
    page.wait_for_selector(".o_pivot_measure_row:has-text('Hours to the first answer')")
    assert any(":" in text for text in page.locator(".o_pivot_cell_value").all_inner_texts())
    page.click(".o_switch_view.o_list")
    page.wait_for_selector(".o_list_view .o_data_row")
    page.click(".o_searchview_dropdown_toggler")
    page.click(".o_group_by_menu .o-dropdown-item:text-is('Mailbox')")
    group = page.locator(".o_group_header:has-text('ventas@nordica.example')")
    group.wait_for()
    expect(group).to_contain_text(":")


def test_from_a_bar_to_the_emails_that_one_may_read(admin_page):
    page = admin_page
    page.goto("/odoo/unanswered-emails")
    page.wait_for_selector(".o_graph_view canvas")
    page.click(".o_switch_view.o_list")
    private = page.locator(".o_data_row:has-text('laura@nordica.example')").first
    private.wait_for()
    expect(private.locator("[name=subject]")).to_have_text("")
    assert not private.get_by_role("button", name="Open e-mail").count()
    shared = page.locator(".o_data_row:has-text('ventas@nordica.example')").first
    subject = shared.locator("[name=subject]").inner_text()
    shared.get_by_role("button", name="Open e-mail").click()
    page.wait_for_selector(f".o_form_view:has-text('{subject}')")


def test_the_week_is_chosen_from_the_three_months_shown_at_first(admin_page):
    page = admin_page
    page.goto("/odoo/email-figures")
    page.click(".o_switch_view.o_list")
    page.wait_for_selector(".o_list_view .o_data_row")
    of_months = int(page.locator(".o_pager_limit").inner_text())
    page.click(".o_searchview_dropdown_toggler")
    page.click(".o_filter_menu .o-dropdown-item:text-is('This week')")
    page.wait_for_function(f"Number(document.querySelector('.o_pager_limit').innerText) < {of_months}")


def test_the_health_of_a_mailbox_tells_its_last_seven_days(page):
    page.goto("/odoo/sync-health")
    row = page.locator(".o_data_row:has-text('laura@nordica.example')")
    days = row.locator("[name=daily_counts] [role=img]").get_attribute("aria-label").split(", ")
    assert len(days) == 7
    counts = [int(day.rsplit(": ", 1)[1]) for day in days]
    assert sum(counts) == int(row.locator("[name=week_count]").inner_text()) > 0


@pytest.mark.parametrize("path", [*PATHS, "email-quarantine"])
def test_on_a_small_screen_there_are_cards_in_place_of_the_list(admin_page, path):
    admin_page.set_viewport_size(SMALL)
    admin_page.goto(f"/odoo/{path}")
    admin_page.wait_for_selector(f"{READY['graph']}, {READY['kanban']}")
    if not admin_page.locator(READY["kanban"]).count():
        admin_page.click(".o_cp_switch_buttons button")
        admin_page.click(".o-dropdown-item:has(.oi-view-kanban)")
    admin_page.wait_for_selector(READY["kanban"])
    assert admin_page.evaluate("document.querySelector('.o_content').scrollWidth") <= SMALL["width"]


@pytest.mark.parametrize("path", PATHS)
def test_on_a_small_screen_nothing_is_wider_than_it(page, path):
    page.set_viewport_size(SMALL)
    page.goto(f"/odoo/{path}")
    page.wait_for_selector(f"{READY['graph']}, {READY['kanban']}")
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
