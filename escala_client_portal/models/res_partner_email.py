"""Logins follow an alternative address that is replaced by another."""

from odoo import models


class ResPartnerEmail(models.Model):
    _inherit = "res.partner.email"

    def write(self, vals):
        """Override: see the module."""
        before = {line: line.email_normalized for line in self} if "email" in vals else {}
        result = super().write(vals)
        for line, address in before.items():
            line.partner_id._follow_replaced_address([address], line.email_normalized)
        return result
