"""Which leads e-mails have made."""

from odoo import api, fields, models
from odoo.fields import Domain


class CrmLead(models.Model):
    _inherit = "crm.lead"

    is_from_email = fields.Boolean(
        "From e-mail",
        compute="_compute_is_from_email",
        search="_search_is_from_email",
        groups="base.group_user",
        help="It was made by an e-mail that you may read.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_from_email(self):
        found = self._origin._filter_from_readable_email()
        for lead in self:
            lead.is_from_email = lead._origin in found

    def _search_is_from_email(self, operator, value):
        if operator != "in":
            return NotImplemented
        if len(set(value)) == 2:
            return Domain.TRUE
        found = self._get_from_readable_email_domain()
        return found if True in value else ~found

    def _filter_from_readable_email(self):
        """Return those of these leads that the user may read, and that an e-mail has made that they may read."""
        domain = Domain("id", "in", self.ids) & self._get_from_readable_email_domain()
        return self.with_context(active_test=False).search(domain).with_env(self.env)

    @api.model
    def _get_from_readable_email_domain(self) -> Domain:
        """Return which leads were made by an e-mail that the user may read: of others, nothing is said."""
        readable = self.env["escala.email"]._search([])
        # sudo: the origins can be read by nobody; whether the user may read the e-mail is in the condition
        origins = self.env["escala.lead.origin"].sudo()._search([("email_id", "in", readable)])
        return Domain("id", "in", origins.subselect("lead_id"))
