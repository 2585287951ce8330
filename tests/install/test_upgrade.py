"""A database of an earlier version comes up to date: what is new is noted for what is there already."""

import base64
import os

import pytest

from setup import database, odoo
from tests.install.test_install import shell

RAW = b"From: nadie@nordica.example\r\n\r\n\xff\r\n"
# Two e-mails of one conversation and a message in quarantine.
MAKE_OLD_DATA = f"""
mailbox = env["escala.mailbox"].create(
    {{"email": "vieja@nordica.example", "imap_host": "imap.nordica.example", "imap_password": "secreto"}}
)
folder = env["escala.mailbox.folder"].create({{"mailbox_id": mailbox.id, "path": "INBOX", "role": "inbox"}})
thread = env["escala.email.thread"].create({{}})
email = env["escala.email"].create(
    {{
        "subject": "Presupuesto",
        "date": "2026-01-02",
        "direction": "in",
        "sender": "Ana <ana@cliente.example>",
        "sender_email": "ana@cliente.example",
        "recipients": "Vieja <vieja@nordica.example>",
        "cc": "otto@cliente.example",
        "message_id": "<1@cliente.example>",
        "content_key": "0" * 64,
        "thread_id": thread.id,
    }}
)
message = env["escala.mailbox.message"]
message.create(
    {{"folder_id": folder.id, "uidvalidity": 1, "uid": 1, "state": "linked", "flags": "\\\\Seen", "email_id": email.id}}
)
broken = message.create({{"folder_id": folder.id, "uidvalidity": 1, "uid": 2, "state": "quarantined"}})
env["ir.attachment"].create(
    {{"name": "raw", "res_model": message._name, "res_field": "raw", "res_id": broken.id, "raw": {RAW!r}}}
)
env.cr.execute("ALTER TABLE escala_email_thread ADD COLUMN root_message_id varchar")
env.cr.execute("UPDATE escala_email_thread SET root_message_id = '<0@cliente.example>' WHERE id = %s", [thread.id])
env.cr.execute("UPDATE ir_module_module SET latest_version = '19.0.1.0.0' WHERE name = 'escala_mail_sync'")
env.cr.commit()
"""
SHOW = """
mailbox = env["escala.mailbox"].search([("email", "=", "vieja@nordica.example")])
linked, broken = mailbox.folder_ids.message_ids.sorted("uid")
print(linked.message_id, linked.content_key == linked.email_id.content_key, linked.seen, linked.answered)
print(linked.email_id.addresses)
print(sorted(linked.email_id.thread_id.reference_ids.mapped("message_id")))
print(env["escala.email"].search([("text", "ilike", "presup from:ana to:otto")]).ids == linked.email_id.ids)
print(broken.raw.decode())
print(env["ir.attachment"].search_count([("res_model", "=", broken._name), ("res_field", "=", "raw")]))
"""


@pytest.fixture
def config(postgres_server):
    path = odoo.configure(postgres_server, f"upgrade-{os.getpid()}", limit_memory_hard="0")
    yield path
    path.unlink()


def test_upgrade_from_the_first_version_completes_what_is_there(postgres_server, config):
    template = os.environ["ESCALA_TEMPLATE"]
    with database.temporary_copy(postgres_server, template, f"escala_upgrade_{os.getpid()}") as name:
        shell(config, name, MAKE_OLD_DATA)
        shell(config, name, "env.ref('base.module_escala_mail_sync').button_immediate_upgrade()")
        assert shell(config, name, SHOW) == [
            "<1@cliente.example> True True False",
            "ana@cliente.example vieja@nordica.example otto@cliente.example",
            "['<0@cliente.example>', '<1@cliente.example>']",
            "True",
            base64.b64encode(RAW).decode(),
            "0",
        ]


MAKE_OLD_PORTAL = """
account = env.ref("escala_client_portal.partner_familia_vidal")
company = env["res.company"].create({"name": "Segunda"})
env.cr.execute("UPDATE res_partner SET company_id = %s WHERE id = %s", [company.id, account.id])
rules = env["escala.notification.rule"].search([("model", "in", ("sale.order", "account.move"))])
rules.shown_domain = "[]"
env.ref("escala_client_portal_sale.notification_rule_order").shown_domain = "[('state', '=', 'sale')]"
env.cr.execute(
    "UPDATE ir_module_module SET latest_version = '19.0.1.0.0'"
    " WHERE name IN ('escala_client_portal', 'escala_client_portal_sale', 'escala_client_portal_account')"
)
env.cr.commit()
"""
UPGRADE_PORTAL = (
    "env.ref('base.module_escala_client_portal').button_immediate_upgrade()"  # and what depends on it
)
SHOW_PORTAL = """
account = env.ref("escala_client_portal.partner_familia_vidal")
users = account.account_contact_ids.login_id.user_id
print(bool(users), all(account.company_id in user.company_ids for user in users))
for name in ("sale.{}_order_comment", "sale.{}_order", "account.{}_invoice_comment", "account.{}_invoice"):
    print(env.ref("escala_client_portal_" + name.format("notification_rule")).shown_domain)
"""


def test_upgrade_lets_clients_in_and_tells_what_they_see_unless_somebody_has(
    postgres_server, portal_template, config
):
    with database.temporary_copy(
        postgres_server, portal_template, f"escala_upgrade_portal_{os.getpid()}"
    ) as name:
        for code in (MAKE_OLD_PORTAL, UPGRADE_PORTAL):
            shell(config, name, code)
        assert shell(config, name, SHOW_PORTAL) == [
            "True True",
            "[('state', '!=', 'draft')]",
            "[('state', '=', 'sale')]",
            "[('state', '=', 'posted')]",
            "[('state', '=', 'posted')]",
        ]
