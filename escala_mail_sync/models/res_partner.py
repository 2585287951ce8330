from odoo import fields, models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "escala.emails.tab.mixin"]
    _emails_link = "partner_ids"

    hide_emails = fields.Boolean(
        "Hide e-mails",
        copy=False,
        groups="base.group_user",
        help="The e-mails of this contact, and for a company those of its people, are seen by nobody but the people of "
        "the mailboxes that have them.",
    )

    _emails_hidden = models.Index("(id) WHERE hide_emails")

    def write(self, vals):
        """Have what quotes e-mails follow the switch, and the company that somebody belongs to."""
        result = super().write(vals)
        if {"hide_emails", "parent_id", "is_company"}.intersection(vals):
            # sudo: the activities are other people's
            self.env["mail.activity"].sudo().search(
                [("escala_email_id.partner_ids.commercial_partner_id", "in", self.commercial_partner_id.ids)]
            )._follow_sharing()
        return result

    def _get_emails_holders(self) -> list[tuple[int, int]]:
        """Count for a company also the e-mails of its people, archived ones too."""
        wanted = set(self._origin.ids)
        people = self.with_context(active_test=False).search_fetch(
            [("id", "child_of", list(wanted))], ["parent_id"]
        )
        # sudo: the companies above only serve to find out whose people they are
        return [
            (ancestor_id, person.id)
            for person in people.sudo()
            for ancestor_id in wanted.intersection(person._get_ancestor_ids())
        ]

    def _get_ancestor_ids(self) -> set[int]:
        """Return the ids of these contacts, of their companies, of the companies of these, and so on."""
        ids = set()
        while self:
            ids.update(self.ids)
            self = self.parent_id  # noqa: PLW0642  the way up
        return ids

    def action_compose_email(self):
        """Open an e-mail to the contact."""
        return self.env["escala.email.outgoing"]._compose_for(self, self.name, self.email_normalized)
