from odoo import Command, api, fields, models
from odoo.tools import SQL


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "escala.emails.tab.mixin"]
    _emails_link = "lead_ids"

    hide_emails = fields.Boolean(
        "Hide e-mails",
        copy=False,
        groups="base.group_user",
        help="The e-mails of this lead are seen by nobody but the people of the mailboxes that have them.",
    )

    # Odoo's own index of the addresses is one for parts of a text. Right after many leads were made, looking
    # addresses up in it takes hundreds of milliseconds, and Postgres prefers it to any other on the same column.
    _by_email = models.Index('(email_normalized COLLATE "C")')
    _emails_hidden = models.Index("(id) WHERE hide_emails")

    @api.model
    def _find_ids_by_email(self, emails) -> list[int]:
        """Return the ids of all leads, archived ones too, with one of these normalised addresses."""
        self.flush_model(["email_normalized"])
        rows = self.env.execute_query(
            SQL(
                'SELECT id FROM crm_lead WHERE email_normalized COLLATE "C" = ANY(%s::varchar[])',
                list(emails),
            )
        )
        return [id_ for (id_,) in rows]

    def write(self, vals):
        """Have what quotes e-mails follow the switch, and e-mails be of the contact that a lead is converted to."""
        result = super().write(vals)
        if vals.get("partner_id"):
            self._link_emails_with_customer()
        if "hide_emails" in vals:
            # sudo: the activities are other people's
            self.env["mail.activity"].sudo().search(
                [("escala_email_id.lead_ids", "in", self.ids)]
            )._follow_sharing()
        return result

    def _merge_get_fields(self):
        """Hide the e-mails of all if those of one are hidden: of a field, the first value that is set is taken."""
        return [*super()._merge_get_fields(), "hide_emails"]

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        """Keep hidden on the contact what is hidden on the lead that it is made from."""
        values = super()._prepare_customer_values(partner_name, is_company=is_company, parent_id=parent_id)
        return {**values, "hide_emails": self.hide_emails}

    def _merge_dependences(self, opportunities):
        """Keep the e-mails of the leads that are merged into this one, save those that somebody has taken away."""
        # sudo: also those that the user may not read stay with the lead
        emails = self.env["escala.email"].sudo()
        linked = emails.search([("lead_ids", "in", opportunities.ids)])
        linked -= emails.search([("unlinked_lead_ids", "in", self.ids)])
        linked.write({"lead_ids": [Command.link(self.id)]})
        unlinked = emails.search([("unlinked_lead_ids", "in", opportunities.ids)])
        unlinked -= emails.search([("lead_ids", "in", self.ids)])
        unlinked.write({"unlinked_lead_ids": [Command.link(self.id)]})
        return super()._merge_dependences(opportunities)

    def _link_emails_with_customer(self) -> None:
        """Link the e-mails of these leads with the contacts of the leads, as far as they name an address of theirs."""
        # sudo: also those that the user may not read; nobody may read more of them by that than of any of the contact's
        emails = self.env["escala.email"].sudo().search([("lead_ids", "in", self.ids)])
        # sudo: of the contacts, the addresses alone are compared
        for partner in self.sudo().partner_id if emails else ():
            addresses = {
                partner.email_normalized,
                *partner.alternative_email_ids.mapped("email_normalized"),
            } - {False}
            leads = self.filtered(lambda lead, partner=partner: lead.partner_id == partner)
            named = emails.filtered(
                lambda email, leads=leads, partner=partner, addresses=addresses: (
                    email.lead_ids & leads
                    and partner not in email.partner_ids
                    and not addresses.isdisjoint((email.addresses or "").split())
                )
            )
            named._link_by_matching(partner.ids, ())
            named._follow_sharing()

    def action_compose_email(self):
        """Open an e-mail to whom the lead is about."""
        name = self.contact_name or self.partner_id.name or self.partner_name
        return self.env["escala.email.outgoing"]._compose_for(self, name, self.email_normalized)
