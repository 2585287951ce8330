from odoo import fields, models

from .escala_mailbox_hosts import ALLOW_PRIVATE_HOSTS
from .escala_mailbox_kinds import SEVERAL_SHARED
from .escala_mailbox_schedule import CHECK_REGARDLESS


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    mailbox_check_regardless = fields.Boolean(
        "Check personal mailboxes regardless",
        config_parameter=CHECK_REGARDLESS,
        help="Every 10 minutes, also while their owners are away and nobody uses Odoo.",
    )
    mailbox_several_shared = fields.Boolean(
        "Several per company",
        config_parameter=SEVERAL_SHARED,
        help="Otherwise a company has one shared mailbox.",
    )
    group_emails_tab = fields.Boolean("E-mails tab", implied_group="escala_mail_sync.group_emails_tab")
    mailbox_allow_private_hosts = fields.Boolean(
        "Servers in the internal network",
        config_parameter=ALLOW_PRIVATE_HOSTS,
        help="Whoever may connect a mailbox can then have Odoo connect to any address that it can reach.",
    )
