"""The client portal, as José, who is on three accounts, and whoever has a link see it."""

import base64
from dataclasses import dataclass

from playwright.sync_api import Page

from setup.screens.steps import Screens, goto

JOSE, INVITED = "jose.perez@perezmuller.example", "iker@ibarra.example"
ACCOUNT = "Bodegas Llamazares"
SUBJECT = "Documentación para la inspección"


@dataclass
class Places:
    """The paths of pages whose address depends on the database."""

    activation: str
    link_to_folder: str
    link_to_document: str
    document: str
    request: str
    message: str
    elsewhere: str  # a page of another account of José's


def prepare(env) -> Places:
    """Put into José's account what the pages are to show."""
    env["escala.account.contact"]._cron_link_past_emails()
    account = env.ref("escala_contact_rules.partner_llamazares")
    ibarra = env.ref("escala_contact_rules.partner_ibarra")
    ana = env.ref("escala_contact_rules.partner_ana")
    jose = env["escala.portal.login"].search([("email_normalized", "=", JOSE)])
    (jose.contact_id | ana).lang = "en_US"
    document = env.ref("escala_client_portal.document_llamazares_contrato")
    if document.state == "signed":
        document.action_withdraw()
        document._ask("to_sign")
    conversation = _write_messages(env, account, jose.user_id)
    elsewhere = env["escala.document"].search([("account_id", "=", ibarra.id)], limit=1)
    elsewhere = elsewhere or env["escala.document"].create(
        {
            "name": "Plano de la nave 2.txt",
            "content": base64.b64encode(b"Nave 2"),
            "account_id": ibarra.id,
        }
    )
    env["ir.config_parameter"].set_param("escala_client_portal.links_without_login", "True")
    login = env["escala.portal.login"].search([("email_normalized", "=", INVITED)])
    [activation] = env["escala.portal.activation"]._create_links(login, "invitation").values()
    return Places(
        activation=activation.partition("://")[2].partition("/")[2],
        link_to_folder=_link(env, ana, folder_id=document_folder(env).id, allow_upload=True),
        link_to_document=_link(env, ana, document_id=document.id, allow_sign=True),
        document=f"/my/documents/{document.id}",
        request=f"/my/documents/requests/{env.ref('escala_client_portal.client_request_llamazares_luz').id}",
        message=f"/my/messages/{conversation.id}",
        elsewhere=f"/my/documents/{elsewhere.id}",
    )


def document_folder(env):
    return env.ref("escala_client_portal.document_folder_llamazares_2026")


def _write_messages(env, account, client):
    """Return a conversation that the client has begun and Laura has answered."""
    conversations = env["escala.portal.conversation"]
    conversation = conversations.search([("subject", "=", SUBJECT)], limit=1)
    if not conversation:
        laura = env.ref("escala_mail_sync.user_laura")
        conversation = conversations._start_from_client(
            account, client, SUBJECT, "¿Qué papeles tengo que llevar el jueves?", []
        )
        conversation.user_id = laura
        conversation.with_user(laura).message_post(
            body="Las escrituras y el último recibo. Lo demás lo llevamos nosotros.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
    return conversation


def _link(env, contact, **values) -> str:
    link = env["escala.document.link"].create({"contact_id": contact.id, **values})
    return f"/documents/link/{link._get_token()}"


def enter(page: Page) -> None:
    """Be in the account, whatever page was shown before."""
    page.goto("/my/choose-account")
    page.click(f".o_choose_account button:has-text('{ACCOUNT}')")
    page.wait_for_selector(f"h1:has-text('{ACCOUNT}')")


def show_window(page: Page) -> None:
    page.goto("/my")
    page.wait_for_selector(".o_choose_account_window.show")


def show_home(page: Page) -> None:
    enter(page)
    page.wait_for_selector(".o_client_todos a")


def show_list(path: str):
    """Return what shows a page of the account that needs nothing else."""

    def show(page: Page) -> None:
        enter(page)
        page.goto(path)
        page.wait_for_selector("#wrap, main")

    return show


def show_email(page: Page) -> None:
    show_list("/my/emails")(page)
    page.click(".list-group-item a >> nth=0")
    page.wait_for_selector("iframe.o_escala_portal_email_frame")


def show_dialog(path: str, button: str, dialog: str):
    """Return what opens a window over a page of the account."""

    def show(page: Page) -> None:
        show_list(path)(page)
        page.click(button)
        page.wait_for_selector(f"{dialog}.show")

    return show


def show_old_tab(page: Page) -> None:
    show_list("/my/addresses")(page)
    other = page.context.new_page()
    other.goto("/my/choose-account")
    other.click(f".o_choose_account button:not(:has-text('{ACCOUNT}')) >> nth=0")
    other.wait_for_selector(f"h1:not(:has-text('{ACCOUNT}'))")
    page.wait_for_selector(".o_stale_page:not(.d-none)")
    other.close()


def screens(places: Places) -> list[tuple[str, Screens]]:
    """Return the pages of who has logged in, and of who has not."""
    clients = {
        "portal-choose": show_window,
        "portal-home": show_home,
        "portal-documents": show_list("/my/documents"),
        "portal-document": show_list(places.document),
        "portal-document-reject": show_dialog(places.document, ".o_reject", "#document_reject"),
        "portal-document-sign": show_dialog(places.document, ".o_sign", "#document_sign"),
        "portal-request": show_list(places.request),
        "portal-emails": show_list("/my/emails"),
        "portal-email": show_email,
        "portal-messages": show_list("/my/messages"),
        "portal-message": show_list(places.message),
        "portal-message-new": show_list("/my/messages/new"),
        "portal-notifications": show_list("/my/notifications"),
        "portal-details": show_list("/my/account"),
        "portal-addresses": show_list("/my/addresses"),
        "portal-switch": show_list("/my/choose-account"),
        "portal-other-account": show_list(places.elsewhere),
        "portal-left-tab": show_old_tab,
    }
    anybody = {
        "portal-activate": goto(f"/{places.activation}", "#password"),
        "portal-activate-over": goto("/my/activate/old", "form"),
        "portal-link-folder": goto(places.link_to_folder, "h1"),
        "portal-link-document": goto(places.link_to_document, ".o_client_document"),
        "portal-link-gone": goto("/documents/link/1-old", "h1"),
    }
    return [(JOSE, clients), ("", anybody)]
