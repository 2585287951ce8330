"""Whose page an e-mail is on: that of a contact, and of its company."""

from odoo import fields, models
from odoo.fields import Domain


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    on_partner_id = fields.Many2one(
        "res.partner",
        "On the page of",
        compute="_compute_on_partner_id",
        search="_search_on_partner_id",
        help="A contact; for a company, the e-mails of its people are found as well.",
    )

    def _compute_on_partner_id(self):
        """There to be searched; an e-mail can be on many pages."""
        self.on_partner_id = False

    def _search_on_partner_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        partners = self.env["res.partner"].with_context(active_test=False)
        return Domain("partner_ids", "in", partners._search([("id", "child_of", list(value))]))

    def _get_partners(self):
        """Return the contacts on whose pages these e-mails are, without their companies."""
        return self.partner_ids
