"""What the pictures have in common: the sizes of the screens, and ways to a page."""

from collections.abc import Callable

from playwright.sync_api import Page

WIDE, NARROW = (1366, 800), (375, 740)  # pixels
Screens = dict[str, Callable[[Page], None]]


def is_narrow(page: Page) -> bool:
    """Tell whether this is a telephone."""
    return page.viewport_size["width"] == NARROW[0]


def goto(path: str, selector: str) -> Callable[[Page], None]:
    """Return what shows a page."""

    def show(page: Page) -> None:
        page.goto(path)
        page.wait_for_selector(selector)

    return show


def switch_to(path: str, view: str, selector: str) -> Callable[[Page], None]:
    """Return what shows one of the views of a page."""

    def show(page: Page) -> None:
        page.goto(f"{path}?view_type={view}")
        if is_narrow(page):  # where Odoo begins with the action's own view
            page.click(".o_cp_switch_buttons button")
            page.click(f".o-dropdown-item:has(.oi-view-{view})")
        page.wait_for_selector(selector)

    return show
