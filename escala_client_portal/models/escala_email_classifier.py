"""The addresses of client accounts, to whoever decides what mailboxes bring in."""

from odoo import models


class EscalaEmailClassifier(models.AbstractModel):
    _inherit = "escala.email.classifier"

    def _find_records(self, mailbox, emails):
        """Know an address that is on an account also when its contact has lost it."""
        found = super()._find_records(mailbox, emails)
        rows = self.env["escala.account.contact"].search(
            [
                ("email_normalized", "in", list(emails)),
                ("email_sync", "=", True),
                ("contact_id.active", "=", True),
                ("contact_id.company_id", "in", [False, mailbox.company_id.id]),
            ]
        )
        for row in rows:
            partner_ids, lead_ids = found.get(row.email_normalized, (set(), set()))
            found[row.email_normalized] = ({*partner_ids, row.contact_id.id}, lead_ids)
        return found
