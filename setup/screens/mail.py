"""The workspace, records with their e-mails, mailboxes and reports, as Laura and the administrator see them."""

from datetime import datetime, timedelta

from playwright.sync_api import Page

from setup.screens.steps import Screens, goto, is_narrow, switch_to

CUSTOMER = "Ana Llamazares"
CONVERSATION = "Baterías para la bodega"
ROW = ".o_escala_thread"


def prepare(env) -> None:
    """Write a draft as Laura and put an e-mail off, if she has not yet."""
    laura = env.ref("escala_mail_sync.user_laura")
    outgoing = env(user=laura.id)["escala.email.outgoing"]
    if not outgoing.search_count([("state", "=", "outgoing")]):
        asked = env["escala.email"].search([("subject", "=ilike", f"%{CONVERSATION}")], order="date")
        draft = outgoing.browse(asked[-1:].with_user(laura).action_reply()["res_id"])
        draft.body = f"<p>Hola, Ana: el lunes le mando el presupuesto.</p>{draft.body}"
        outgoing.create(
            {
                "to": "otto@brandt.example",
                "subject": "Visita del jueves",
                "send_at": datetime.now() + timedelta(days=5),
            }
        ).action_send()


# ------------------------------------------------------------
# THE WORKSPACE
# ------------------------------------------------------------


def show_list(page: Page) -> None:
    page.goto("/odoo/emails")
    page.wait_for_selector(f"{ROW}[data-id]")


def show_folder(page: Page, folder: str) -> None:
    page.goto("/odoo/emails")
    if is_narrow(page):
        page.click(".o_escala_sidebar button")
    page.click(f"[data-folder={folder}]")
    page.wait_for_selector(f"{ROW}[data-id], .o_escala_list_empty, .o_list_view")


def show_conversation(page: Page) -> None:
    show_folder(page, "all")
    page.click(f"{ROW}:has-text('{CONVERSATION}') .o_escala_thread_open")
    page.wait_for_selector(".o_escala_frame")


def show_selection(page: Page) -> None:
    show_list(page)
    if is_narrow(page):
        row = page.locator(ROW).first
        row.dispatch_event("touchstart")
        page.wait_for_selector(".o_escala_selection_bar")
        row.dispatch_event("touchend")
        return
    for number in (1, 2):
        page.locator(f"{ROW} input").nth(number).check(force=True)


def search(page: Page, text: str) -> None:
    show_folder(page, "all")
    if is_narrow(page):
        page.click(".o_control_panel .oi-search, .o_control_panel .fa-search")
    page.locator(".o_searchview_input").press_sequentially(text, delay=20)
    page.locator(".o_searchview_autocomplete .o-dropdown-item").first.click()
    page.wait_for_selector(f"{ROW}:has-text('Factura'), .o_escala_list_empty")


def show_keys(page: Page) -> None:
    show_list(page)
    page.keyboard.press("?")
    page.wait_for_selector(".o_escala_keyboard_help")


# ------------------------------------------------------------
# RECORDS AND FORMS
# ------------------------------------------------------------


def open_customer(page: Page) -> None:
    page.goto("/odoo/contacts?view_type=list")
    if is_narrow(page):
        page.click(".o_control_panel .oi-search, .o_control_panel .fa-search")
    page.fill(".o_searchview_input", CUSTOMER)
    page.keyboard.press("Enter")
    page.click(
        f".o_data_row:has-text('{CUSTOMER}') td[name=complete_name], .o_kanban_record:has-text('{CUSTOMER}')"
    )
    page.wait_for_selector(".o_form_view")


def show_record_tab(page: Page) -> None:
    open_customer(page)
    page.click(".o_notebook a[name=synced_emails]")
    page.wait_for_selector(f".o_escala_record_emails {ROW}")
    page.locator(".o_escala_record_emails").scroll_into_view_if_needed()


def show_chatter(page: Page) -> None:
    open_customer(page)
    page.wait_for_selector(".o-mail-Message")
    page.locator(".o-mail-Message").first.scroll_into_view_if_needed()


def show_lead(page: Page) -> None:
    page.goto("/odoo/crm?view_type=kanban")
    page.click(".o_kanban_record:has-text('Baterías'), .o_kanban_record >> nth=0")
    page.wait_for_selector(".o_form_view")
    tab = page.locator(".o_notebook a[name=synced_emails]")
    if tab.count():
        tab.click()
        page.wait_for_timeout(500)


def show_composer(page: Page) -> None:
    show_folder(page, "drafts")
    page.click(f"{ROW} .o_escala_thread_open")
    page.wait_for_selector(".odoo-editor-editable")


def show_wizard(page: Page) -> None:
    page.goto("/odoo/mailboxes")
    page.click(".o_kanban_record >> nth=0")
    if is_narrow(page):
        page.click(".o_statusbar_buttons .dropdown-toggle, .o_statusbar_buttons button:has(.fa-ellipsis-v)")
    page.click("[name=action_open_wizard]:visible")
    page.wait_for_selector(".modal .o_form_view")


def show_figures(page: Page) -> None:
    if is_narrow(page):
        switch_to("/odoo/email-figures", "kanban", ".o_kanban_record")(page)
    else:
        switch_to("/odoo/email-figures", "list", ".o_list_table")(page)


SCREENS: dict[str, Screens] = {
    "laura": {
        "workspace": show_conversation,
        "workspace-list": show_list,
        "workspace-selection": show_selection,
        "workspace-search": lambda page: search(page, "factura has:attachment"),
        "workspace-empty": lambda page: search(page, "zeppelin"),
        "workspace-drafts": lambda page: show_folder(page, "drafts"),
        "workspace-scheduled": lambda page: show_folder(page, "scheduled"),
        "workspace-keys": show_keys,
        "record-tab": show_record_tab,
        "record-chatter": show_chatter,
        "lead": show_lead,
        "composer": show_composer,
        "mailboxes": goto("/odoo/email-accounts", ".o_kanban_record"),
        "mailbox-wizard": show_wizard,
        "report-unanswered": goto("/odoo/unanswered-emails", ".o_content"),
    },
    "admin": {
        "workspace-quarantine": lambda page: show_folder(page, "quarantine"),
        "report-graph": goto("/odoo/email-figures", ".o_graph_renderer canvas"),
        "report-pivot": switch_to("/odoo/email-figures", "pivot", ".o_pivot table"),
        "report-list": show_figures,
        "report-leads": goto("/odoo/email-leads", ".o_content"),
        "report-health": goto("/odoo/sync-health", ".o_content"),
    },
}
