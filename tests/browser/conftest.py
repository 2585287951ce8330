"""A web client on the demo's mail, and a browser in front of it."""

import contextlib
import os
import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

from setup import database, demo_mail, dovecot, odoo, odoo_env, paths, unprivileged, web_server
from setup.sample_mail import load_samples
from tests.conftest import close_registry, load_registry, loaded_copy

CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

TIMEOUT = 60_000  # milliseconds
expect.set_options(timeout=TIMEOUT)
# What the pages of a log-in and of the web client load, whatever the language; the compiler takes some seconds.
SCRIPTS = ["web.assets_frontend_minimal", "web.assets_frontend_lazy", "web.assets_web", "web.assets_emoji"]
STYLES = ["web.assets_frontend", "web.assets_web", "web.assets_web_print"]


@pytest.fixture(scope="session")
def web_template(postgres_server):
    """The name of a template with the suite in which the web client is compiled, made again when an add-on changes."""
    content = repr([SCRIPTS, STYLES]).encode()
    return database.filled_template(
        postgres_server, "escala_web", os.environ["ESCALA_TEMPLATE"], content, compile_web_client
    )


def compile_web_client(name):
    load_registry(name)
    with odoo_env.environment(name) as env:
        for bundle in SCRIPTS:
            env["ir.qweb"]._get_asset_bundle(bundle, css=False).js()
        for bundle in STYLES:
            env["ir.qweb"]._get_asset_bundle(bundle, js=False).css()
        env.cr.commit()
    close_registry(name)


@pytest.fixture(scope="module")
def provider():
    """What stands in for Google and Microsoft; nothing, unless a file of tests has it."""
    return None


@pytest.fixture(scope="module")
def imap(provider):
    """The mail server behind the demo's two mailboxes; if there is a provider, it takes its access tokens, too."""
    with contextlib.ExitStack() as stack:
        settings = provider.dovecot_settings(stack.enter_context(_keys_folder())) if provider else ""
        server = stack.enter_context(dovecot.running(paths.DOVECOT / f"browser-{os.getpid()}", settings))
        demo_mail.fill(server, load_samples())
        yield server


@contextlib.contextmanager
def _keys_folder():
    folder = unprivileged.own(paths.DOVECOT / f"browser-keys-{os.getpid()}")
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def smtp():
    """The server that sends for the two mailboxes; none, unless a file of tests has one."""
    return None


@pytest.fixture(scope="module")
def web_database():
    """The name of the database behind `web`."""
    return f"escala_browser_{os.getpid()}"


@pytest.fixture(scope="module")
def web(postgres_server, web_template, imap, smtp, web_database):
    """The address of an Odoo, with a cron, whose two demo mailboxes have just been synchronised."""
    name = web_database
    config = odoo.configure(postgres_server, name)
    log = paths.LOGS / f"{name}.log"
    try:
        with loaded_copy(postgres_server, web_template, name):
            with odoo_env.environment(name) as env:
                env.ref("escala_mail_sync.user_laura").lang = "es_ES"
                env["res.lang"]._activate_lang("en_US")
                env.ref("base.user_admin").lang = "en_US"
                # its chat would open by itself, on a telephone over all of the screen
                env["res.users"].search([]).odoobot_state = "disabled"
                demo_mail.connect(env, imap, smtp)
                env["escala.mailbox"]._cron_sync()
            with web_server.running(config, name, log, "--max-cron-threads=1") as server:
                yield server.url
    finally:
        config.unlink()


@pytest.fixture(scope="module")
def registered(web, web_database, provider, imap, smtp):
    """Odoo and the provider know each other."""
    with odoo_env.environment(web_database) as env:
        env["ir.config_parameter"].set_param("web.base.url", web)
        provider.configure(env, imap.host, imap.port, smtp.port if smtp else 0)
        env.cr.commit()
        env.registry.signal_changes()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        executable = next(filter(os.path.exists, CHROMIUM), None)
        assert executable, "no Chromium on this machine"
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, web, request):
    """A page logged in as Laura, the salesperson; a screenshot of its end is kept for people to look at."""
    with _logged_in(browser, web, request, "laura") as page:
        yield page


@pytest.fixture
def admin_page(browser, web, request):
    """The same, logged in as the administrator, in English."""
    with _logged_in(browser, web, request, "admin") as page:
        yield page


@contextlib.contextmanager
def _logged_in(browser, web, request, login):
    context = browser.new_context(viewport={"width": 1366, "height": 900}, base_url=web)
    context.set_default_timeout(TIMEOUT)
    page = context.new_page()
    page.console_errors = []
    page.on("console", lambda message: _keep_error(page, message))
    page.goto("/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", login)
    page.click("button[type=submit]")
    page.wait_for_selector(".o_main_navbar")
    yield page
    page.screenshot(path=paths.local(paths.SCREENSHOTS) / f"{request.node.name}.png")
    context.close()
    assert not page.console_errors


def _keep_error(page, message):
    if message.type == "error":
        page.console_errors.append(message.text)
