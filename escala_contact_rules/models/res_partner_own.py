"""Colleagues, and the companies of this database, among the contacts."""

from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # Not for people. When a contact changes, Odoo asks which companies of the database it stands for: with this
    # inverse of `res.company.partner_id` once for a batch, else once for each (odoo/orm/models.py,
    # `_modified_triggers`).
    own_company_ids = fields.One2many(
        "res.company", "partner_id", string="Companies of This Database", bypass_search_access=True
    )

    def _filter_own(self):
        """Return those who are colleagues, with a user of their own, or companies of this database."""
        # sudo: asked on behalf of visitors, and of users who see neither all users nor all companies
        own = self.sudo().filtered(
            lambda contact: (
                contact.own_company_ids or any(user.active and not user.share for user in contact.user_ids)
            )
        )
        return self & own
