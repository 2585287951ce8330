"""The firm's side of the client portal, as Laura, who is a salesperson, sees it."""

from playwright.sync_api import Page

from setup.screens.steps import Screens, goto, is_narrow

ACCOUNT = "Bodegas Llamazares"


def prepare(env) -> None:
    """Change two accounts at once, so that there is a report."""
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
        env.cr.commit()
        changes.sudo()._cron_run()


def open_account(page: Page) -> None:
    """Open the form of the account from the list of client accounts."""
    page.goto("/odoo/client-accounts")
    page.click(f".o_data_row:has-text('{ACCOUNT}') td >> nth=1, .o_kanban_record:has-text('{ACCOUNT}')")
    page.wait_for_selector(".o_form_view")


def show_access(page: Page) -> None:
    open_account(page)
    page.click("a[name=account_contacts]")
    page.wait_for_selector("div[name=current_account_contact_ids] .o_data_row, .o_kanban_record")


def show_change(page: Page) -> None:
    page.goto("/odoo/client-accounts")
    if is_narrow(page):
        page.wait_for_selector(".o_kanban_record")
        return
    page.check("thead .o_list_record_selector input")
    page.click(".o_control_panel button:has-text('Edit login, notify, e-mail sync')")
    page.wait_for_selector(".modal .o_form_view")


def show_first(path: str):
    """Return what opens the first record of a list."""

    def show(page: Page) -> None:
        page.goto(path)
        page.click(".o_data_row td.o_data_cell >> nth=0, .o_kanban_record >> nth=0")
        page.wait_for_selector(".o_form_view")

    return show


SCREENS: dict[str, Screens] = {
    "laura": {
        "clients-accounts": goto("/odoo/client-accounts", ".o_data_row, .o_kanban_record"),
        "clients-access": show_access,
        "clients-change": show_change,
        "clients-report": show_first("/odoo/client-account-changes"),
        "clients-documents": goto("/odoo/client-documents", ".o_data_row, .o_kanban_record"),
        "clients-document": show_first("/odoo/client-documents"),
        "clients-messages": goto("/odoo/client-messages", ".o_data_row, .o_kanban_record"),
        "clients-message": show_first("/odoo/client-messages"),
    },
}
