from odoo import fields, models

from .escala_mailbox_schedule import CHECK_REGARDLESS


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    mailbox_check_regardless = fields.Boolean(
        "Check personal mailboxes regardless",
        config_parameter=CHECK_REGARDLESS,
        help="Every 10 minutes, also while their owners are away and nobody uses Odoo.",
    )
