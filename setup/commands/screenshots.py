"""`make screenshots`: the pictures of the user guide, of a running demo, on a wide screen and on a telephone.

They are in English; the demo's people read English from then on. `ARGS=name` takes those whose name begins so.
"""

import contextlib
import io
from collections.abc import Iterator

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from setup import database, odoo, odoo_env, paths, postgres, web_server
from setup.commands.demo import LOGINS
from setup.progress import SetupError, run_main
from setup.screens import client_accounts, mail, portal
from setup.screens.steps import NARROW, WIDE, Screens

IMAGES = paths.PROJECT / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
COLOURS = 128
PASSWORDS = {login: password for login, password, _role in LOGINS}


def main(arguments: list[str]) -> None:
    """Take the pictures.

    Raises SetupError when no demo runs.
    """
    beginning = arguments[0] if arguments else ""
    url = f"http://127.0.0.1:{web_server.USUAL_PORT}"
    if web_server.is_free(web_server.USUAL_PORT):
        raise SetupError(f"there is no demo at {url}: run `make demo` in another terminal first")
    with postgres.running() as server:
        screens = prepare(odoo.configure(server, "screenshots"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for size, suffix in ((WIDE, ""), (NARROW, "-telephone")):
            for login, shown in screens:
                chosen = {name: show for name, show in shown.items() if name.startswith(beginning)}
                if size == NARROW:
                    chosen = {
                        name: chosen[name] for name in chosen if name not in client_accounts.NOT_ON_TELEPHONES
                    }
                if chosen:
                    with opened(browser, url, login, size) as page:
                        for name, show in chosen.items():
                            show(page)
                            keep(page, f"{name}{suffix}")
        browser.close()


def prepare(config) -> list[tuple[str, Screens]]:
    """Have everybody read English, add what the pictures are to show; return who sees which pages."""
    odoo_env.load(config)
    with odoo_env.environment(database.DEMO) as env:
        env["res.lang"]._activate_lang("en_US")
        # OdooBot's chat would open over the pages
        people = env.ref("escala_mail_sync.user_laura") | env.ref("base.user_admin")
        people.write({"lang": "en_US", "odoobot_state": "disabled"})
        mail.prepare(env)
        places = portal.prepare(env)
        client_accounts.prepare(env)
        env.cr.commit()
        env.registry.signal_changes()
    return [*mail.SCREENS.items(), *client_accounts.SCREENS.items(), *portal.screens(places)]


@contextlib.contextmanager
def opened(browser: Browser, url: str, login: str, size: tuple[int, int]) -> Iterator[Page]:
    """Give a page of somebody who has logged in, or of nobody in particular."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=url)
    page = context.new_page()
    if login:
        page.goto("/web/login")
        page.fill("#login", login)
        page.fill("#password", PASSWORDS[login])
        page.click("form.oe_login_form button[type=submit]")
        page.wait_for_selector(".o_main_navbar, .o_portal_wrap")
    yield page
    context.close()


def keep(page: Page, name: str) -> None:
    """Write what is on the screen, of the portal the whole page, in few colours: half the size, the same looks."""
    whole = name.startswith("portal") and not page.locator(".modal.show").count()
    page.mouse.move(0, 0)
    page.wait_for_timeout(1200)  # Pictures and fonts come last
    for button in page.locator(".o_notification_close").all():
        button.click()  # What has been done in the background covers nothing
    picture = page.screenshot(full_page=whole)
    image = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS)
    image.save(IMAGES / f"{name}.png", optimize=True)
    print(name)


if __name__ == "__main__":
    run_main(main)
