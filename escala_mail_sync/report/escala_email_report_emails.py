"""From a row of the figures to its e-mail, for whoever may read that."""

from odoo import api, fields, models


class EscalaEmailReport(models.Model):
    _inherit = "escala.email.report"

    # Not stored: they can be neither grouped nor searched by.
    can_open = fields.Boolean(compute="_compute_email")
    subject = fields.Char(compute="_compute_email", help="Of the e-mails that you may read.")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_email(self):
        """Say what the e-mail is about to whom may read it; to everybody else, the row is a number."""
        # sudo: which e-mail a row is about can be read by nobody; what is in it is read as the user below
        emails = {row.id: row.sudo().email_id.sudo(False) for row in self}
        readable = self.env["escala.email"].union(*emails.values())._filter_readable()
        for row in self:
            email = emails[row.id]
            row.can_open = email in readable
            row.subject = email.subject if row.can_open else False

    def action_open_email(self):
        """Open the e-mail of this row; AccessError if the user may not read it."""
        self.ensure_one()
        self.check_access("read")
        # sudo: which e-mail it is can be read by nobody; whether the user may read it is checked
        return self.sudo().email_id.sudo(False)._get_form_action()
