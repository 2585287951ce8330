"""The e-mail that a lead was made from: read from the e-mail, by whoever may read that, and kept nowhere else."""

from odoo import api, fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    origin_email_id = fields.Many2one(
        "escala.email", "Made from", compute="_compute_origin_email", groups="base.group_user"
    )
    origin_sender = fields.Char("From", compute="_compute_origin_email", groups="base.group_user")
    origin_subject = fields.Char("Subject", compute="_compute_origin_email", groups="base.group_user")
    origin_date = fields.Datetime("Date", compute="_compute_origin_email", groups="base.group_user")
    origin_body = fields.Html(compute="_compute_origin_email", sanitize=False, groups="base.group_user")
    origin_mailboxes = fields.Char(
        "Mailbox",
        compute="_compute_origin_email",
        groups="base.group_user",
        help="Those of yours that have the e-mail.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_origin_email(self):
        # sudo: which lead was made from which e-mail is shown to those who may read the e-mail
        origins = self.env["escala.lead.origin"].sudo().search([("lead_id", "in", self._origin.ids)])
        emails = origins.email_id.sudo(False)._filtered_access("read")
        own = emails._find_own_mailboxes() if emails else {}
        by_lead = {origin.lead_id.id: origin.email_id.sudo(False) & emails for origin in origins}
        for lead in self:
            email = by_lead.get(lead._origin.id, emails.browse())
            lead.origin_email_id = email
            lead.origin_sender = email.sender
            lead.origin_subject = email.subject
            lead.origin_date = email.date
            lead.origin_body = email.body
            lead.origin_mailboxes = ", ".join(own[email].mapped("display_name")) if email else False

    def action_open_origin(self):
        """Open the conversation of the e-mail that the lead was made from."""
        self.ensure_one()
        return self.origin_email_id.action_open_conversation()
