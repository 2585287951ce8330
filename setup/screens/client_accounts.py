"""The firm's side of the client portal, as Laura, who is a salesperson, sees it."""

from playwright.sync_api import Page

from setup.screens.steps import Screens, goto, is_narrow

ACCOUNT = "Bodegas Llamazares"
NOT_ON_TELEPHONES = ("clients-change",)  # many are selected in the list, which a telephone shows as cards


def prepare(env) -> None:
    """Have the demo's cron change two accounts at once, so that there is a report."""
    laura = env.ref("escala_mail_sync.user_laura")
    changes = env(user=laura.id)["escala.account.change"]
    if not changes.search_count([]):
        accounts = env.ref("escala_contact_rules.partner_llamazares") | env.ref(
            "escala_contact_rules.partner_ibarra"
        )
        changes._start(
            accounts.with_user(laura),
            {"login": "keep", "notify": "on", "email_sync": "on", "send_invitations": False},
        )


def open_account(page: Page) -> None:
    """Open the form of the account from the list of client accounts."""
    page.goto("/odoo/client-accounts")
    page.click(f".o_data_row td:text-is('{ACCOUNT}'), .o_kanban_record:has-text('{ACCOUNT}')")
    page.wait_for_selector(".o_form_view")


def show_access(page: Page) -> None:
    open_account(page)
    page.click("a[name=account_contacts]")
    page.wait_for_selector("div[name=current_account_contact_ids] .o_data_row, .o_kanban_record")


def show_change(page: Page) -> None:
    page.goto("/odoo/client-accounts")
    page.check("thead .o_list_record_selector input")
    page.click(".o_control_panel button:has-text('Edit login, notify, e-mail sync')")
    page.click(".modal [name=login] label:text-is('On for all contacts')")
    page.wait_for_selector(".modal [name=message]")


def show_record(path: str, name: str):
    """Return what opens the record with this name from a list."""

    def show(page: Page) -> None:
        page.goto(path)
        page.locator(f"td.o_data_cell:has-text('{name}'), .o_kanban_record:has-text('{name}')").first.click()
        page.wait_for_selector(".o_form_view")

    return show


def show_new_request(page: Page) -> None:
    """Ask from a conversation, whose account is filled in."""
    show_record("/odoo/client-messages", "Acceso al contador")(page)
    if is_narrow(page):
        page.click(".o_statusbar_buttons .dropdown-toggle, .o_statusbar_buttons button:has(.fa-ellipsis-v)")
    page.click("button:has-text('Request documents'):visible")
    page.wait_for_selector(".modal .o_form_view")


SCREENS: dict[str, Screens] = {
    "laura": {
        "clients-accounts": goto("/odoo/client-accounts", ".o_data_row, .o_kanban_record"),
        "clients-access": show_access,
        "clients-change": show_change,
        "clients-report": show_record("/odoo/client-account-changes", "Done"),
        "clients-documents": goto("/odoo/client-documents", ".o_data_row, .o_kanban_record"),
        "clients-document": show_record("/odoo/client-documents", "Contrato de servicios"),
        "clients-requests": goto("/odoo/client-requests", ".o_data_row, .o_kanban_record"),
        "clients-request": show_record("/odoo/client-requests", "Recibos de la luz"),
        "clients-request-new": show_new_request,
        "clients-messages": goto("/odoo/client-messages", ".o_data_row, .o_kanban_record"),
        "clients-message": show_record("/odoo/client-messages", "Acceso al contador"),
    },
}
