from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    synced_email_ids = fields.Many2many(
        "escala.email",
        string="E-mails",
        compute="_compute_synced_email_ids",
        help="E-mails with this contact, and for a company also with its people, newest first.",
    )

    @api.depends_context("uid")
    def _compute_synced_email_ids(self):
        for partner in self:
            partner.synced_email_ids = partner._origin and self.env["escala.email"].search(
                [("partner_ids", "child_of", partner._origin.id)]
            )
