"""What clients are notified of, sorted into kinds that each address can mute."""

from odoo import fields, models


class EscalaNotificationCategory(models.Model):
    _name = "escala.notification.category"
    _description = "Category of Notifications"
    _order = "sequence, id"

    key = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)


class EscalaAccountContact(models.Model):
    _inherit = "escala.account.contact"

    muted_category_ids = fields.Many2many(
        "escala.notification.category",
        "escala_account_contact_muted_rel",
        "row_id",
        "category_id",
        string="Unwanted Notifications",
        help="What this address is not notified of, although Notify is on.",
    )
