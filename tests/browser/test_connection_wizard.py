"""Connecting a mailbox from the address to the first e-mail, against real servers that the DNS names."""

import os

import pytest
from playwright.sync_api import expect

from setup import dns_server, odoo_env, paths
from tests.browser.conftest import _logged_in
from tests.smtp.server import Rules
from tests.smtp.server import running as smtp_running

ADDRESS = "admin@nordica.example"
TEAM = "taller@nordica.example"
WIZARD = ".modal .o_escala_mailbox_wizard"
LETTER = (
    b"From: Iker <iker@ibarra.example>\r\nTo: admin@nordica.example\r\n"
    b"Subject: Para Nadia\r\nMessage-ID: <nadia@ibarra.example>\r\n\r\nHola, Nadia.\r\n"
)


@pytest.fixture(scope="module")
def tls_smtp(imap):
    """The server that sends, with TLS and Dovecot's certificate and password."""
    rules = Rules(password=imap.password)
    certificate = imap.certificate, imap.certificate.with_name("key.pem")
    with smtp_running(rules, "tls", certificate) as port:
        rules.port = port
        yield rules


@pytest.fixture(scope="module")
def surroundings(imap, tls_smtp):
    """A DNS that names both servers, and a system that trusts their certificate."""
    imap.append(ADDRESS, "INBOX", LETTER)
    imap.create_user(TEAM)
    records = {
        ("_imaps._tcp.nordica.example", "SRV"): [f"0 1 {imap.tls_port} localhost."],
        ("_submissions._tcp.nordica.example", "SRV"): [f"0 1 {tls_smtp.port} localhost."],
    }
    patch = pytest.MonkeyPatch()
    with dns_server.running(records) as dns:
        patch.setenv("ESCALA_NAMESERVER", f"{dns.host}:{dns.port}")
        patch.setenv("SSL_CERT_FILE", str(imap.certificate))
        yield
        patch.undo()


@pytest.fixture(scope="module")
def web(surroundings, web):
    """The same Odoo, started where the DNS answers."""
    with odoo_env.environment(f"escala_browser_{os.getpid()}") as env:
        nadia = env.ref("escala_mail_sync.user_nadia")
        nadia.lang = "en_US"
        nadia.group_ids += env.ref("escala_mail_sync.group_mailbox_user")
        env["ir.config_parameter"].set_param("escala_mail_sync.several_shared", "True")
        env.cr.commit()
    return web


@pytest.fixture
def nadia(browser, web, request):
    """Somebody with the right, and without a mailbox."""
    with _logged_in(browser, web, request, "nadia") as page:
        yield page


@pytest.fixture
def screenshot(request):
    def take(page, name):
        page.wait_for_timeout(300)  # what slides or fades in has done so
        page.screenshot(path=paths.local(paths.SCREENSHOTS) / f"{request.node.name}-{name}.png")

    return take


def press(page, button):
    page.click(f".modal footer button[name={button}]:visible")


def wait_for_step(page, step):
    page.wait_for_selector(f"{WIZARD} div[name={step}]:visible")


def has_no_sideways_scroll(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_user_connects_a_mailbox_from_the_banner(nadia, imap, tls_smtp, screenshot):
    page = nadia
    page.goto("/odoo/emails")
    page.wait_for_selector(".o_escala_connect_banner")
    screenshot(page, "banner")
    page.click(".o_escala_connect_banner button")
    wait_for_step(page, "address")
    expect(page.locator(f"{WIZARD} [name=email] input")).to_have_value(ADDRESS)
    screenshot(page, "1-address")
    page.fill(f"{WIZARD} [name=email] input", "admin")
    press(page, "action_find_servers")
    page.click(".modal:has-text('not an e-mail address') footer button")
    page.fill(f"{WIZARD} [name=email] input", "Admin@Nordica.example")
    page.keyboard.press("Enter")
    wait_for_step(page, "servers")
    expect(page.locator(f"{WIZARD} [name=imap_host] input")).to_have_value("localhost")
    expect(page.locator(f"{WIZARD} [name=imap_port] input")).to_have_value(str(imap.tls_port))
    expect(page.locator(f"{WIZARD} [name=smtp_port] input")).to_have_value(str(tls_smtp.port))
    screenshot(page, "2-servers")
    page.wait_for_selector(f"{WIZARD} [name=imap_password] input:focus")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    wait_for_step(page, "test")
    page.wait_for_selector(f"{WIZARD} .alert-danger:visible:has-text('Type the password again')")
    expect(page.locator(f"{WIZARD} .alert-danger:visible")).to_have_count(2)
    screenshot(page, "3-test-refused")
    page.wait_for_selector(".modal footer button[name=action_back]:focus")
    page.keyboard.press("Enter")
    wait_for_step(page, "servers")
    expect(page.locator(f"{WIZARD} [name=imap_password] input")).to_have_value("")
    page.wait_for_selector(f"{WIZARD} [name=imap_password] input:focus")
    page.keyboard.type(imap.password)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{WIZARD} .alert-success:visible:has-text('Sending works')")
    page.wait_for_selector(f"{WIZARD} .alert-success:visible:has-text('Receiving works')")
    screenshot(page, "3-test")
    page.wait_for_selector(".modal footer button[name=action_choose_options]:focus")
    page.keyboard.press("Enter")
    wait_for_step(page, "options")
    ticked = page.locator(f"{WIZARD} [name=folder_ids] .o_data_row:has(input:checked) [name=path]")
    ticked.first.wait_for()
    expect(ticked).to_have_text(["INBOX", "Sent"])
    screenshot(page, "4-options")
    press(page, "action_finish")
    page.wait_for_selector(".modal", state="hidden")
    page.wait_for_selector(".o_form_view .o_status_green")
    screenshot(page, "5-connected")
    page.wait_for_selector("[name=progress]:has-text('All e-mails are here')")
    page.goto("/odoo/emails?view_type=list")
    page.wait_for_selector(".o_data_row:has-text('Para Nadia')")
    expect(page.locator(".o_escala_connect_banner")).to_have_count(0)


def test_my_email_account_is_in_the_menu_of_the_user(nadia, screenshot):
    page = nadia
    page.click(".o_user_menu button")
    page.click("[data-menu=escala_email_account]")
    page.wait_for_selector(f".o_form_view h1:has-text('{ADDRESS}')")
    page.click("button[name=action_open_wizard]:visible")
    wait_for_step(page, "servers")
    expect(page.locator(f"{WIZARD} [name=imap_password] input")).to_have_value("")
    expect(page.locator(f"{WIZARD} :text('A password is stored')")).to_be_visible()
    press(page, "action_test")
    page.wait_for_selector(f"{WIZARD} .alert-success:visible:has-text('Receiving works')")
    screenshot(page, "stored-password")
    press(page, "action_back")
    press(page, "action_back")
    wait_for_step(page, "address")


def test_manager_connects_shared_and_marketing_accounts(admin_page, imap, tls_smtp, screenshot):
    page = admin_page
    page.goto("/odoo/email-accounts")
    page.wait_for_selector(".o_escala_account_tabs")
    screenshot(page, "personal")
    expect(page.locator(".o_escala_account_tabs button")).to_have_text(
        [
            "Personal",
            "Shared",
            "Marketing",
        ]
    )
    page.click(".o_escala_account_tabs button[name=shared]")
    page.wait_for_selector(".o_kanban_record:has-text('ventas@nordica.example')")
    screenshot(page, "shared")
    connect(page, TEAM, imap.password)
    wait_for_step(page, "options")
    screenshot(page, "shared-options")
    press(page, "action_finish")
    page.wait_for_selector(".o_form_view .o_status_green")
    page.goto("/odoo/email-accounts-marketing")
    page.wait_for_selector(".o_view_nocontent_smiling_face")
    screenshot(page, "marketing-empty")
    connect(page, "boletin@nordica.example", imap.password, field="smtp_password")
    wait_for_step(page, "options")
    press(page, "action_finish")
    page.wait_for_selector(".o_form_view .o_status_green")
    expect(page.locator("button[name=action_sync_now]:visible")).to_have_count(0)
    screenshot(page, "marketing-connected")
    page.goto("/odoo/settings#escala_mail_sync")
    page.click(".settings_tab [data-key=escala_mail_sync]")
    page.wait_for_selector("#mailbox_shared:visible")
    screenshot(page, "settings")


def connect(page, address, password, field="imap_password"):
    """Go through the wizard up to the options."""
    page.click(".o-kanban-button-new:visible")
    wait_for_step(page, "address")
    page.fill(f"{WIZARD} [name=email] input", address)
    press(page, "action_find_servers")
    wait_for_step(page, "servers")
    page.fill(f"{WIZARD} [name={field}] input", password)
    press(page, "action_test")
    page.wait_for_selector(f"{WIZARD} .alert-success:visible:has-text('Sending works')")
    press(page, "action_choose_options")


def test_wizard_fits_a_telephone_and_a_keyboard(nadia, imap, screenshot):
    page = nadia
    page.set_viewport_size({"width": 375, "height": 740})
    page.goto("/odoo/email-accounts")
    page.wait_for_selector(".o_kanban_record:not(.o_kanban_ghost)")
    screenshot(page, "accounts")
    assert has_no_sideways_scroll(page)
    page.click(".o_kanban_record:has-text('admin@nordica.example')")
    page.wait_for_selector(".o_form_view")
    screenshot(page, "form")
    assert has_no_sideways_scroll(page)
    page.goto("/odoo/action-escala_mail_sync.mailbox_own_action")
    page.wait_for_selector(".o_form_view")
    page.click(".o_statusbar_buttons .dropdown-toggle")
    page.click("button[name=action_open_wizard]:visible")
    wait_for_step(page, "servers")
    screenshot(page, "servers")
    assert has_no_sideways_scroll(page)
    page.focus(f"{WIZARD} [name=imap_password] input")
    page.keyboard.type(imap.password)
    page.keyboard.press("Alt+q")
    page.wait_for_selector(f"{WIZARD} .alert-success:visible:has-text('Sending works')")
    screenshot(page, "test")
    page.keyboard.press("Alt+q")
    wait_for_step(page, "options")
    screenshot(page, "options")
    assert has_no_sideways_scroll(page)


def test_whoever_has_a_mailbox_that_is_not_read_any_more_is_told(nadia, screenshot):
    from odoo.addons.escala_mail_sync.imap.errors import MailboxError

    page = nadia
    with odoo_env.environment(f"escala_browser_{os.getpid()}") as env:
        mailbox = env["escala.mailbox"].search([("email", "=", ADDRESS)])
        mailbox._set_error(MailboxError("wrong_password", "No such luck"))
        env.cr.commit()
    page.goto("/odoo/emails")
    page.wait_for_selector(".o_escala_connect_banner:has-text('Type the password again')")
    screenshot(page, "banner")
    page.click(".o_escala_connect_banner button")
    page.wait_for_selector(".o_form_view .o_status_red")
    screenshot(page, "form")
