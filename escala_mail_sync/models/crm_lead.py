from odoo import fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    synced_email_ids = fields.Many2many(
        "escala.email", string="E-mails", readonly=True, help="E-mails of this lead, newest first."
    )
