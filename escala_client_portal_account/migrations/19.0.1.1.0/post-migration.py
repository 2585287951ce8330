"""Tell the rules of invoices which of them clients see; an update of data leaves rules as they are."""

from odoo import SUPERUSER_ID, api

SHOWN = "[('state', '=', 'posted')]"
# What earlier versions had; anything else was chosen by somebody.
EARLIER = ("[]",)


def migrate(cr, version):
    """Called by Odoo once the data of this version is there (odoo/modules/migration.py)."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in ("notification_rule_invoice_comment", "notification_rule_invoice"):
        rule = env.ref(f"escala_client_portal_account.{name}", raise_if_not_found=False)
        if rule and rule.shown_domain in EARLIER:
            rule.shown_domain = SHOWN
