"""Four accounts, each with one document of every kind, and the people who are on them."""

from dataclasses import dataclass, field

from tests.portal import client_files

ACTIVE, OTHER, REVOKED, FOREIGN = "active", "other", "revoked", "foreign"
CLIENT, PENDING, LEAVER = "client@casa.example", "pending@casa.example", "leaver@casa.example"
PASSWORD = "portal-of-the-tests"


@dataclass
class Documents:
    """The ids of what is on one account; `marker` is a word that stands in all of it and nowhere else."""

    marker: str
    account: int
    address: int
    order: int
    second_order: int
    quotation: int
    invoice: int
    project: int
    task: int
    message: int
    order_message: int
    attachment: int
    own: dict[str, int]  # what the suite itself keeps, see client_files.py
    entered: int = field(default=0)  # the account that the client is in


def make(env) -> dict[str, Documents]:
    """Make the accounts, their documents and their people; whoever commits is the caller.

    The client has written and followed everywhere, as somebody who is on several accounts has.
    """
    env = env(context={**env.context, "tracking_disable": True, "no_reset_password": True, "lang": "en_US"})
    env["res.lang"]._activate_lang("en_US")
    people = {
        email: env["res.partner"].create({"name": email.split("@")[0], "email": email, "lang": "en_US"})
        for email in (CLIENT, PENDING, LEAVER)
    }
    mailbox = client_files.make_mailbox(env)
    names = (ACTIVE, OTHER, REVOKED, FOREIGN)
    made = {name: _make_account(env, name, people[CLIENT], mailbox) for name in names}
    for documents in made.values():
        documents.entered = made[ACTIVE].account
    rows = [(CLIENT, ACTIVE), (CLIENT, OTHER), (CLIENT, REVOKED), (PENDING, ACTIVE), (LEAVER, ACTIVE)]
    rows = env["escala.account.contact"].create(
        [
            {"account_id": made[name].account, "contact_id": people[email].id, "login": True}
            for email, name in rows
        ]
    )
    rows.filtered(lambda row: row.email != PENDING).login_id.user_id.password = PASSWORD
    rows.filtered(lambda row: row.account_id.id == made[REVOKED].account).login = False
    return made


def _make_account(env, name, follower, mailbox) -> Documents:
    marker = f"Marker{name.capitalize()}"
    account = env["res.partner"].create({"name": f"Account {name}", "is_company": True})
    address = env["res.partner"].create(
        {"name": f"{marker} store", "type": "delivery", "parent_id": account.id}
    )
    product = env["product.product"].create({"name": f"{marker} work", "type": "service", "taxes_id": False})
    order, second_order, quotation = (
        env["sale.order"].create(
            {
                "name": f"{marker} {kind}",
                "partner_id": account.id,
                "order_line": [(0, 0, {"product_id": product.id, "price_unit": 10})],
            }
        )
        for kind in ("order", "second order", "quotation")
    )
    (order | second_order).action_confirm()
    quotation.state = "sent"
    invoice = env["account.move"].create(
        {
            "name": f"{marker}/1",
            "move_type": "out_invoice",
            "partner_id": account.id,
            "invoice_date": "2026-01-01",
            "invoice_date_due": "2026-01-02",
            "invoice_line_ids": [(0, 0, {"name": f"{marker} work", "price_unit": 10, "tax_ids": False})],
        }
    )
    invoice.action_post()
    project = env["project.project"].create(
        {"name": f"{marker} project", "partner_id": account.id, "privacy_visibility": "portal"}
    )
    task = env["project.task"].create(
        {"name": f"{marker} task", "project_id": project.id, "partner_id": account.id}
    )
    project.message_subscribe(follower.ids)
    task.message_subscribe(follower.ids)
    kind = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment", "author_id": follower.id}
    message = account.message_post(body=f"{marker} written", **kind)
    order_message = order.message_post(body=f"{marker} written", partner_ids=follower.ids, **kind)
    attachment = env["ir.attachment"].create(
        {"name": f"{marker}.txt", "raw": marker.encode(), "res_model": "sale.order", "res_id": order.id}
    )
    return Documents(
        marker=marker,
        account=account.id,
        address=address.id,
        order=order.id,
        second_order=second_order.id,
        quotation=quotation.id,
        invoice=invoice.id,
        project=project.id,
        task=task.id,
        message=message.id,
        order_message=order_message.id,
        attachment=attachment.id,
        own=client_files.make(env, mailbox, account, marker),
    )


def fingerprint(env, documents: Documents) -> str:
    """Return a digest of what clients could change on an account: it differs when anything of it did."""
    env.cr.execute(
        """
        SELECT md5(string_agg(line, '|' ORDER BY line)) FROM (
            SELECT 'partner' || partner::text FROM res_partner AS partner
             WHERE %(account)s IN (id, parent_id)
            UNION ALL SELECT 'row' || line::text FROM escala_account_contact AS line WHERE account_id = %(account)s
            UNION ALL SELECT 'folder' || line::text FROM escala_document_folder AS line WHERE account_id = %(account)s
            UNION ALL SELECT 'document' || line::text FROM escala_document AS line WHERE account_id = %(account)s
            UNION ALL SELECT 'request' || line::text FROM escala_client_request AS line WHERE account_id = %(account)s
            UNION ALL SELECT 'event' || line::text FROM escala_document_event AS line WHERE account_id = %(account)s
            UNION ALL SELECT 'conversation' || line::text FROM escala_portal_conversation AS line
             WHERE account_id = %(account)s
            UNION ALL SELECT 'message' || message.id FROM mail_message AS message
             WHERE (model, res_id) IN (
                SELECT 'escala.portal.conversation', id FROM escala_portal_conversation WHERE account_id = %(account)s
                UNION ALL SELECT 'escala.document', id FROM escala_document WHERE account_id = %(account)s
                UNION ALL SELECT 'res.partner', %(account)s)
        ) AS lines (line)
        """,
        {"account": documents.account},
    )
    return env.cr.fetchone()[0]
