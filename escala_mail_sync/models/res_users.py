"""The mailboxes of a user, as fields: Odoo remembers them for the length of a request, and notices when they change."""

from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    escala_owned_mailbox_ids = fields.One2many(
        "escala.mailbox",
        "user_id",
        "Mailboxes owned",
        context={"active_test": False},
        groups=fields.NO_ACCESS,  # that somebody's mailbox exists need not be known
    )
    escala_member_mailbox_ids = fields.Many2many(
        "escala.mailbox",
        "escala_mailbox_res_users_rel",
        "res_users_id",
        "escala_mailbox_id",
        "Mailboxes as a member",
        context={"active_test": False},
        copy=False,
        groups=fields.NO_ACCESS,  # as above
    )
