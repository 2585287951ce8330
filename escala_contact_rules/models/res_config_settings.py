"""The rules for contacts, in Odoo's general settings."""

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    refuse_same_email = fields.Boolean(related="company_id.refuse_same_email", readonly=False)
    refuse_same_phone = fields.Boolean(related="company_id.refuse_same_phone", readonly=False)
