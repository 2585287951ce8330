"""Put where nobody else can read it what 19.0.1.1 kept in view: messages in quarantine, and requests to answer."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Called by Odoo once the tables have the new columns (odoo/modules/migration.py)."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    _move_raw_messages(env)
    env["mail.activity"].search([("escala_email_id", "!=", False)])._follow_sharing()


def _move_raw_messages(env) -> None:
    """Move messages in quarantine from files, which administrators can open, to the ledger's own column."""
    files = env["ir.attachment"].search(
        [("res_model", "=", "escala.mailbox.message"), ("res_field", "=", "raw")], order="id"
    )
    for file in files:
        env["escala.mailbox.message"].browse(file.res_id).raw = file.datas
        # one message may have 50 MB
        env.flush_all()
        env.invalidate_all()
    files.unlink()
