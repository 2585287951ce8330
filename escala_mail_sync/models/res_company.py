"""The mailboxes of a company, as a field: Odoo remembers them for the length of a request, and notices changes."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    escala_mailbox_ids = fields.One2many(
        "escala.mailbox",
        "company_id",
        "Mailboxes",
        context={"active_test": False},
        groups=fields.NO_ACCESS,  # that somebody's mailbox exists need not be known
    )
