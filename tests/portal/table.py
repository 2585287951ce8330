"""The table: each request for a document of the portal, and how it has to end, for whom."""

from tests.portal.accounts import ACTIVE, FOREIGN, OTHER, REVOKED
from tests.portal.visitor import ALLOWED, DENIED, LOGIN, SWITCH

# The smallest PNG there is: one transparent pixel.
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


def _names(ids):
    return {**vars(ids), **ids.own}


def page(path):
    return lambda visitor, ids: visitor.get(path.format(**_names(ids)))


def read(model, name, *fields):
    return lambda visitor, ids: visitor.call(
        model, "read", [_names(ids)[name]], list(fields or ["display_name"])
    )


def search(model, field="display_name"):
    return lambda visitor, _ids: visitor.call(model, "search_read", [], [field])


def export(model, name, field):
    return lambda visitor, ids: visitor.call(model, "export_data", [_names(ids)[name]], [field])


def chatter(model, name):
    return lambda visitor, ids: visitor.rpc(
        "/mail/chatter_fetch", thread_model=model, thread_id=_names(ids)[name]
    )


def post(path, files=None, **values):
    """Submit a form; values are formatted as the path is. Who is not logged in has no token and is shown to log in."""

    def request(visitor, ids):
        names = _names(ids)
        filled = {key: str(value).format(**names) for key, value in values.items()}
        named = {key: (name.format(**names), content) for key, (name, content) in (files or {}).items()}
        return visitor.post(path.format(**names), files=named, **filled)

    return request


def sign(document, account):
    """Sign as Odoo's form does, and look at the page afterwards if that went well."""

    def request(visitor, ids):
        names = _names(ids)
        path = f"/my/documents/{names[document]}/sign/{names[account]}/{names['checksum']}"
        response = visitor.rpc(path, name="Whoever", signature=PIXEL)
        done = "force_refresh" in response.text
        return visitor.get(f"/my/documents/{names[document]}") if done else response

    return request


def comment(model, name):
    return lambda visitor, ids: visitor.rpc(
        "/mail/message/post", thread_model=model, thread_id=_names(ids)[name], post_data={"body": "written"}
    )


def own_model(model, name, field):
    """Return the rows for a model of the suite that no client has access to."""
    return {
        f"{model} read": (read(model, name, field), NOTHING),
        f"{model} search": (search(model, field), NOTHING),
        f"{model} export": (export(model, name, field), NOTHING),
    }


# What the client of ACTIVE gets for: active, other, revoked, foreign; and for ACTIVE: pending, deactivated, public.
OPENS = (ALLOWED, SWITCH, DENIED, DENIED, LOGIN, LOGIN, LOGIN)  # a page of its own
ONLY = (ALLOWED, DENIED, DENIED, DENIED, LOGIN, LOGIN, LOGIN)  # a list or data: nothing of others
CHATTER = (ALLOWED, DENIED, DENIED, DENIED, DENIED, DENIED, DENIED)  # the same, and nobody is sent to log in
NOTHING = (DENIED, DENIED, DENIED, DENIED, LOGIN, LOGIN, LOGIN)  # as in Odoo
CLOSED = (DENIED,) * 7  # as in Odoo, which gives out access tokens for it
FORM = OPENS  # and nothing is done where it is not allowed
TEXT = {"text": "{marker} answered"}
STALE, FORGED = (
    {"account_id": "{account}"},
    {"account_id": "{entered}"},
)  # an old page's form; one that was tampered with
CHECKED = {"checksum": "{checksum}", "reason": "Wrong"}

TABLE = {
    # Sales
    "/my/quotes": (page("/my/quotes"), ONLY),
    "/my/orders": (page("/my/orders"), ONLY),
    "/my/orders/<id>": (page("/my/orders/{order}"), OPENS),
    "/my/orders/<id> as report": (page("/my/orders/{order}?report_type=html"), OPENS),
    "/my/orders/<id> with a forged token": (page("/my/orders/{order}?access_token=guessed"), OPENS),
    "/report/html of an order": (page("/report/html/sale.report_saleorder/{order}"), NOTHING),
    "sale.order read": (read("sale.order", "order"), ONLY),
    "sale.order search": (search("sale.order"), ONLY),
    "sale.order export": (export("sale.order", "order", "name"), NOTHING),
    "sale.order.line search": (search("sale.order.line", "name"), ONLY),
    # Invoicing
    "/my/invoices": (page("/my/invoices"), ONLY),
    "/my/invoices overdue": (page("/my/invoices?filterby=overdue_invoices"), ONLY),
    "/my/invoices/<id>": (page("/my/invoices/{invoice}"), OPENS),
    "/my/invoices/<id> as report": (page("/my/invoices/{invoice}?report_type=html"), OPENS),
    "/report/html of an invoice": (page("/report/html/account.report_invoice/{invoice}"), NOTHING),
    "account.move read": (read("account.move", "invoice"), ONLY),
    "account.move search": (search("account.move"), ONLY),
    "account.move.line search": (search("account.move.line", "name"), ONLY),
    # Project
    "/my/projects": (page("/my/projects"), ONLY),
    "/my/projects/<id>": (page("/my/projects/{project}"), OPENS),
    "/my/tasks": (page("/my/tasks"), ONLY),
    "/my/tasks searched": (page("/my/tasks?search=Marker&search_in=content"), ONLY),
    "/my/tasks/<id>": (page("/my/tasks/{task}"), OPENS),
    "/my/projects/<id>/task/<id>": (page("/my/projects/{project}/task/{task}"), OPENS),
    "project.task read": (read("project.task", "task"), ONLY),
    "project.task search": (search("project.task"), ONLY),
    "project.project search": (search("project.project"), ONLY),
    # Contacts
    "/my/addresses": (page("/my/addresses"), ONLY),
    "/my/address/archive": (
        lambda visitor, ids: visitor.rpc("/my/address/archive", partner_id=ids.address),
        NOTHING,
    ),
    "/my/address/submit": (
        post("/my/address/submit", partner_id="{address}", name="Taken over", **STALE),
        NOTHING,
    ),
    "/my/address": (page("/my/address?partner_id={address}"), NOTHING),
    "res.partner read": (read("res.partner", "address"), ONLY),
    "res.partner search": (search("res.partner"), ONLY),
    # Messages and files
    "mail.message read": (read("mail.message", "message", "body"), ONLY),
    "mail.message of an order": (read("mail.message", "order_message", "body"), ONLY),
    "mail.message search": (search("mail.message", "body"), ONLY),
    "chatter of an order": (chatter("sale.order", "order"), CHATTER),
    "/web/content": (page("/web/content/{attachment}"), CLOSED),
    "ir.attachment read": (read("ir.attachment", "attachment", "name"), NOTHING),
    # Documents
    "/my/documents": (page("/my/documents"), ONLY),
    "/my/documents searched": (page("/my/documents?search=Marker"), ONLY),
    "/my/documents waiting": (page("/my/documents?search=Marker&sortby=state"), ONLY),
    "/my/documents/folder/<id>": (page("/my/documents/folder/{folder}"), OPENS),
    "/my/documents/<id>": (page("/my/documents/{document}"), OPENS),
    "/my/documents/<id>/content": (page("/my/documents/{document}/content"), ONLY),
    "/my/documents/<id>/download": (page("/my/documents/{document}/download"), ONLY),
    "/my/documents/<id>/signed": (page("/my/documents/{signed}/signed"), ONLY),
    "/my/documents/<id> hidden": (page("/my/documents/{hidden}"), NOTHING),
    "/my/documents/<id>/content hidden": (page("/my/documents/{hidden}/content"), NOTHING),
    "escala.document read hidden": (read("escala.document", "hidden", "name"), NOTHING),
    "/web/content of a hidden document": (page("/web/content/escala.document/{hidden}/content"), CLOSED),
    "/my/documents/upload": (
        post("/my/documents/upload", {"ufile": ("{marker}.txt", b"text")}, **STALE),
        FORM,
    ),
    "/my/documents/upload into a folder": (
        post("/my/documents/upload", {"ufile": ("{marker}.txt", b"text")}, folder_id="{folder}", **FORGED),
        ONLY,
    ),
    "/my/documents/requests/<id>": (page("/my/documents/requests/{client_request}"), OPENS),
    "/my/documents/requests/<id>/upload": (
        post("/my/documents/requests/{client_request}/upload", {"ufile": ("{marker}.txt", b"text")}, **STALE),
        FORM,
    ),
    "/my/documents/requests/<id>/upload forged": (
        post(
            "/my/documents/requests/{client_request}/upload", {"ufile": ("{marker}.txt", b"text")}, **FORGED
        ),
        ONLY,
    ),
    **own_model("escala.client.request", "client_request", "name"),
    "/my/documents/<id>/approve": (post("/my/documents/{document}/approve", **CHECKED, **STALE), FORM),
    "/my/documents/<id>/approve forged": (
        post("/my/documents/{document}/approve", **CHECKED, **FORGED),
        ONLY,
    ),
    "/my/documents/<id>/reject": (post("/my/documents/{to_reject}/reject", **CHECKED, **STALE), FORM),
    "/my/documents/<id>/sign/<id>/<id>": (sign("to_sign", "account"), ONLY),
    "/my/documents/<id>/sign/<id>/<id> forged": (sign("sign_too", "entered"), ONLY),
    "/web/content of a document": (page("/web/content/escala.document/{document}/content"), CHATTER),
    "/web/image of a document": (page("/web/image/escala.document/{document}/signature"), CLOSED),
    "chatter of a document": (chatter("escala.document", "document"), CLOSED),
    "comment on a document": (comment("escala.document", "document"), CLOSED),
    "escala.document read": (read("escala.document", "document", "name"), ONLY),
    "escala.document search": (search("escala.document", "name"), ONLY),
    "escala.document export": (export("escala.document", "document", "name"), NOTHING),
    "escala.document.folder read": (read("escala.document.folder", "folder", "name"), ONLY),
    "escala.document.folder search": (search("escala.document.folder", "name"), ONLY),
    "escala.document.folder export": (export("escala.document.folder", "folder", "name"), NOTHING),
    **own_model("escala.document.event", "event", "document_id"),
    **own_model("escala.document.link", "link", "document_id"),
    "/escala_client_portal/documents/upload": (
        post("/escala_client_portal/documents/upload", {"ufile": ("{marker}.txt", b"text")}, **STALE),
        NOTHING,
    ),
    # E-mails
    "/my/emails": (page("/my/emails"), ONLY),
    "/my/emails searched": (page("/my/emails?search=has:attachment"), ONLY),
    "/my/emails/<id>": (page("/my/emails/{thread}"), OPENS),
    "/my/emails/<id>/<id>/body": (page("/my/emails/{thread}/{email}/body"), ONLY),
    "/my/emails/<id>/<id>/files/<id>": (page("/my/emails/{thread}/{email}/files/{email_file}"), ONLY),
    "/my/emails/<id>/reply": (post("/my/emails/{thread}/reply", **TEXT, **STALE), FORM),
    "/my/emails/<id>/reply forged": (post("/my/emails/{thread}/reply", **TEXT, **FORGED), FORM),
    "/web/content of an e-mail": (page("/web/content/{email_file}"), CLOSED),
    "chatter of an e-mail": (chatter("escala.email", "email"), CLOSED),
    **own_model("escala.email", "email", "subject"),
    # Messages with the firm
    "/my/messages": (page("/my/messages"), ONLY),
    "/my/messages searched": (page("/my/messages?search=question"), ONLY),
    "/my/messages/<id>": (page("/my/messages/{conversation}"), OPENS),
    "/my/messages/<id>/files/<id>": (page("/my/messages/{conversation}/files/{conversation_file}"), OPENS),
    "/my/messages/<id>/post": (post("/my/messages/{conversation}/post", **TEXT, **STALE), FORM),
    "/my/messages/<id>/post forged": (post("/my/messages/{conversation}/post", **TEXT, **FORGED), FORM),
    "/my/messages/new": (post("/my/messages/new", subject="{marker} asks", **TEXT, **STALE), FORM),
    "/web/content of a message": (page("/web/content/{conversation_file}"), CLOSED),
    "chatter of messages": (chatter("escala.portal.conversation", "conversation"), CLOSED),
    "comment on messages": (comment("escala.portal.conversation", "conversation"), CLOSED),
    **own_model("escala.portal.conversation", "conversation", "subject"),
    # Notifications and access
    "/my/notifications": (post("/my/notifications", notify="1", category="documents", **STALE), FORM),
    **own_model("escala.account.contact", "row", "contact_id"),
    **own_model("escala.portal.login", "login", "contact_id"),
    "/escala_client_portal/account_change/<id>/errors.csv": (
        page("/escala_client_portal/account_change/{change}/errors.csv"),
        NOTHING,
    ),
    "/escala_client_portal/account_change/<id>/errors.xlsx": (
        page("/escala_client_portal/account_change/{change}/errors.xlsx"),
        NOTHING,
    ),
    **own_model("escala.account.change.error", "change_error", "reason"),
}
ACCOUNTS = (ACTIVE, OTHER, REVOKED, FOREIGN)
# Pages of the portal that are not in the table. A new one has to be added there, or here with a reason.
NOT_IN_TABLE = {
    "/my": "the window to choose an account, or the names of what is in the table",
    "/my/home": "the same",
    "/my/account": "the person's own details",
    "/my/account/hide-bar": "changes the session only",
    "/my/account/switch": "escala_client_portal/tests/test_portal_account.py",
    '/my/address/country_info/<model("res.country"):country>': "nothing of anybody",
    "/my/choose-account": "the names of the person's accounts",
    "/my/deactivate_account": "the person's own login",
    "/my/security": "the person's own login",
    "/my/invoices/overdue": "a list that leads to payment; /my/invoices overdue has the same domain",
    "/my/payment_method": "the person's own cards",
    "/my/journal/<int:journal_id>/unsubscribe": "by signed link only",
    "/my/orders/<int:order_id>/decline": "opened by _document_check_access, as /my/orders/<id> is",
    "/my/orders/<int:order_id>/accept": "the same",
    "/my/orders/<int:order_id>/transaction": "the same",
    "/my/orders/<int:order_id>/document/<int:document_id>": "the same",
    "/my/orders/<int:order_id>/download_edi": "the same",
    "/my/projects/<int:project_id>/project_sharing": "for collaborators; reads through record rules",
    "/my/projects/<int:project_id>/project_sharing/<path:subpath>": "the same",
    "/my/projects/<int:project_id>/task/<int:task_id>/recurrent_tasks": "reads through record rules",
    "/my/projects/<int:project_id>/task/<int:task_id>/subtasks": "reads through record rules",
    "/my/counters": "test_counters_and_lists_follow_the_switch",
    "/my/activate": "escala_client_portal/tests/test_invitation_pages.py",
    "/my/activate/<string:token>": "escala_client_portal/tests/test_invitation_pages.py",
}
