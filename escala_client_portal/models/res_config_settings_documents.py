from odoo import fields, models

from .escala_document import DEFAULT_MAX_MEGABYTES, MAX_MEGABYTES
from .escala_document_link import WITHOUT_LOGIN
from .escala_document_notifications import DEFAULT_REMIND_BEFORE, REMIND_BEFORE


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    client_links_without_login = fields.Boolean(
        "Links without login",
        config_parameter=WITHOUT_LOGIN,
        help="Salespeople may make links to view, upload, approve or sign documents without logging in.",
    )
    client_document_max_megabytes = fields.Integer(
        "Largest document (MB)", config_parameter=MAX_MEGABYTES, default=DEFAULT_MAX_MEGABYTES
    )
    client_document_remind_days = fields.Integer(
        "Remind before the deadline (days)", config_parameter=REMIND_BEFORE, default=DEFAULT_REMIND_BEFORE
    )
