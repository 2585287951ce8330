"""Who reaches what in the portal, written in one table.

A row is a request for one document. It is made for the document of each account, as a client who is in ACTIVE, and
for the one of ACTIVE as people who are not let in. Another add-on's pages are added as rows, and what they show to
tests/portal/accounts.py.
"""

import re

import pytest

from setup import odoo_env
from tests.portal.accounts import ACTIVE, FOREIGN, OTHER, REVOKED
from tests.portal.visitor import ALLOWED, DENIED, LOGIN, SWITCH, outcome


def page(path):
    return lambda visitor, ids: visitor.get(path.format(**vars(ids)))


def read(model, name, *fields):
    return lambda visitor, ids: visitor.call(
        model, "read", [getattr(ids, name)], list(fields or ["display_name"])
    )


def search(model, field="display_name"):
    return lambda visitor, _ids: visitor.call(model, "search_read", [], [field])


def export(model, name, field):
    return lambda visitor, ids: visitor.call(model, "export_data", [getattr(ids, name)], [field])


def chatter(model, name):
    return lambda visitor, ids: visitor.rpc(
        "/mail/chatter_fetch", thread_model=model, thread_id=getattr(ids, name)
    )


# What the client of ACTIVE gets for: active, other, revoked, foreign; and for ACTIVE: pending, deactivated, public.
OPENS = (ALLOWED, SWITCH, DENIED, DENIED, LOGIN, LOGIN, LOGIN)  # a page of its own
ONLY = (ALLOWED, DENIED, DENIED, DENIED, LOGIN, LOGIN, LOGIN)  # a list or data: nothing of others
CHATTER = (ALLOWED, DENIED, DENIED, DENIED, DENIED, DENIED, DENIED)  # the same, and nobody is sent to log in
NOTHING = (DENIED, DENIED, DENIED, DENIED, LOGIN, LOGIN, LOGIN)  # as in Odoo
CLOSED = (DENIED,) * 7  # as in Odoo, which gives out access tokens for it

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
    # The suite's own models
    "escala.account.contact search": (search("escala.account.contact", "email"), NOTHING),
    "escala.portal.login search": (search("escala.portal.login", "email_normalized"), NOTHING),
    "escala.email search": (search("escala.email", "subject"), NOTHING),
}
ACCOUNTS = (ACTIVE, OTHER, REVOKED, FOREIGN)
# Pages of the portal that are not in the table. A new one has to be added there, or here with a reason.
NOT_IN_TABLE = {
    "/my": "the window to choose an account, or the names of what is in the table",
    "/my/home": "the same",
    "/my/account": "the person's own details",
    "/my/account/hide-bar": "changes the session only",
    "/my/account/switch": "escala_client_portal/tests/test_portal_account.py",
    "/my/address/submit": "escala_client_portal/tests/test_portal_account.py",
    "/my/choose-account": "the names of the person's accounts",
    "/my/deactivate_account": "the person's own login",
    "/my/security": "the person's own login",
    "/my/invoices/overdue": "a list that leads to payment; /my/invoices overdue has the same domain",
    "/my/payment_method": "the person's own cards",
    "/my/journal/<int:journal_id>/unsubscribe": "by signed link only",
    "/my/orders/<int:order_id>/decline": "opened by _document_check_access, as /my/orders/<id> is",
    "/my/orders/<int:order_id>/document/<int:document_id>": "the same",
    "/my/orders/<int:order_id>/download_edi": "the same",
    "/my/projects/<int:project_id>/project_sharing": "for collaborators; reads through record rules",
    "/my/projects/<int:project_id>/project_sharing/<path:subpath>": "the same",
    "/my/projects/<int:project_id>/task/<int:task_id>/recurrent_tasks": "reads through record rules",
    "/my/projects/<int:project_id>/task/<int:task_id>/subtasks": "reads through record rules",
    "/my/activate": "escala_client_portal/tests/test_invitation_pages.py",
    "/my/activate/<string:token>": "escala_client_portal/tests/test_invitation_pages.py",
    "/my/documents": "escala_client_portal/tests/test_document_pages.py",
    "/my/documents/<int:document_id>": "escala_client_portal/tests/test_document_pages.py",
    "/my/documents/<int:document_id>/<any(approve,reject):decision>": "as above",
    "/my/documents/<int:document_id>/<any(content,download,signed):what>": "as above",
    "/my/documents/folder/<int:folder_id>": "escala_client_portal/tests/test_document_pages.py",
    "/my/documents/requests/<int:request_id>": "escala_client_portal/tests/test_client_requests.py",
    "/my/documents/requests/<int:request_id>/upload": "escala_client_portal/tests/test_client_requests.py",
    "/my/documents/upload": "escala_client_portal/tests/test_document_pages.py",
    "/my/emails": "escala_client_portal/tests/test_portal_emails.py",
    "/my/emails/<int:thread_id>": "escala_client_portal/tests/test_portal_emails.py",
    "/my/emails/<int:thread_id>/<int:email_id>/body": "escala_client_portal/tests/test_portal_emails.py",
    "/my/emails/<int:thread_id>/<int:email_id>/files/<int:file_id>": "escala_client_portal/tests/test_portal_emails.py",
    "/my/emails/<int:thread_id>/reply": "escala_client_portal/tests/test_portal_emails.py",
    "/my/messages": "escala_client_portal/tests/test_portal_emails.py",
    "/my/messages/<int:conversation_id>": "escala_client_portal/tests/test_portal_emails.py",
    "/my/messages/<int:conversation_id>/files/<int:file_id>": "escala_client_portal/tests/test_portal_emails.py",
    "/my/messages/<int:conversation_id>/post": "escala_client_portal/tests/test_portal_emails.py",
    "/my/messages/new": "escala_client_portal/tests/test_portal_emails.py",
    "/my/notifications": "escala_client_portal/tests/test_notification_page.py",
}


@pytest.mark.parametrize("name", TABLE)
def test_who_reaches_what(name, client, pending, deactivated, public, documents):
    request, expected = TABLE[name]
    got = []
    for account in ACCOUNTS:
        response = request(client, documents[account])
        got.append(outcome(response, documents[account].marker))
        for elsewhere in (OTHER, REVOKED, FOREIGN):
            assert documents[elsewhere].marker not in response.text, elsewhere
    for visitor in (pending, deactivated, public):
        got.append(outcome(request(visitor, documents[ACTIVE]), documents[ACTIVE].marker))
    assert tuple(got) == expected


def test_a_foreign_document_looks_like_one_that_does_not_exist(client, documents):
    for path, id_ in (
        ("orders", "order"),
        ("invoices", "invoice"),
        ("tasks", "task"),
        ("projects", "project"),
    ):
        foreign = client.get(f"/my/{path}/{getattr(documents[FOREIGN], id_)}")
        missing = client.get(f"/my/{path}/999999")
        assert (foreign.status_code, foreign.url) == (missing.status_code, missing.url), path


def test_counters_and_lists_follow_the_switch(client, documents):
    counters = ["quotation_count", "order_count", "invoice_count", "project_count", "task_count"]
    try:
        for name in (OTHER, ACTIVE):
            client.enter(documents[name].account)
            counted = client.rpc("/my/counters", counters=[*counters, "overdue_invoice_count"]).json()[
                "result"
            ]
            assert counted == dict.fromkeys([*counters, "overdue_invoice_count"], 1), name
            assert documents[name].marker in client.get("/my/orders").text
    finally:
        client.enter(documents[ACTIVE].account)


def test_the_arrows_of_a_document_lead_to_nothing_that_was_taken_away(client, documents, odoo_database):
    """Odoo keeps the last list in the session, and puts access tokens into the links to its neighbours."""
    other = documents[OTHER]
    with odoo_env.environment(odoo_database) as env:
        row = env["escala.account.contact"].search([("account_id", "=", other.account)])
        token = env["sale.order"].browse(other.order)._portal_ensure_token()
        env.cr.commit()
        by_link = f"/my/orders/{other.order}?access_token={token}"
        neighbour = f"/my/orders/{other.second_order}?access_token="
        try:
            client.enter(other.account)
            client.get("/my/orders")
            assert neighbour in client.get(by_link).text
            row.login = False
            env.cr.commit()
            seen = client.get(by_link).text
            assert other.marker in seen  # a link with a token stays one
            assert neighbour not in seen
        finally:
            row.login = True
            env.cr.commit()
            client.enter(documents[ACTIVE].account)


def test_every_page_of_the_portal_is_in_the_table(odoo_database):
    with odoo_env.environment(odoo_database) as env:
        rules = env["ir.http"]._generate_routing_rules(sorted(env.registry._init_modules), converters={})
        pages = {
            url
            for url, endpoint in rules
            if url.startswith("/my") and "/page/" not in url and endpoint.routing["type"] == "http"
        }
    tried = {name.split(" ")[0] for name in TABLE}
    left = {page_ for page_ in pages if re.sub(r"<[^>]*>", "<id>", page_) not in tried}
    assert left == NOT_IN_TABLE.keys()
