from collections import defaultdict

from odoo import Command, api, fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    # Computed, not the other side of escala.email.lead_ids: whoever could write it could link, and then read,
    # an e-mail of somebody else.
    synced_email_ids = fields.Many2many(
        "escala.email",
        string="E-mails",
        compute="_compute_synced_email_ids",
        help="E-mails of this lead, newest first.",
        groups="base.group_user",
    )

    @api.depends_context("uid")
    def _compute_synced_email_ids(self):
        emails_by_lead = defaultdict(list)
        emails = self.env["escala.email"].search([("lead_ids", "in", self.ids)])
        # sudo: of an e-mail that the user may read, other leads need not be theirs
        for email in emails.sudo():
            for lead_id in email.lead_ids.ids:
                emails_by_lead[lead_id].append(email.id)
        for lead in self:
            lead.synced_email_ids = emails_by_lead[lead._origin.id]

    def _merge_dependences(self, opportunities):
        """Keep the e-mails of the leads that are merged into this one."""
        # sudo: also those that the user may not read stay with the lead
        emails = self.env["escala.email"].sudo().search([("lead_ids", "in", opportunities.ids)])
        emails.write({"lead_ids": [Command.link(self.id)]})
        return super()._merge_dependences(opportunities)
