"""Save attachments automatically: the files of new e-mails, in the documents of their accounts."""

from odoo import models
from odoo.fields import Domain


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    def _handle_received(self, mailbox) -> None:
        """Save the files as well."""
        result = super()._handle_received(mailbox)
        self._attempt(self._save_attachments)
        return result

    def _save_attachments(self) -> None:
        """File the attachments of those of these e-mails that are new since the switch was turned on.

        Only of what all clients of the account may read in the portal: they see its documents, too. An account files
        the same file of the same e-mail once, however many mailboxes have a copy.
        """
        emails = self.filtered(
            lambda email: email.attachment_count and not email.is_history and email.account_ids
        )
        if not emails:
            return
        rows = self.env["escala.account.contact"].search(
            [
                ("account_id", "in", emails.account_ids.ids),
                ("email_sync", "=", True),
                ("save_attachments_since", "!=", False),
            ]
        )
        if not rows:
            return
        for account, switched_on in rows.grouped("account_id").items():
            for email in emails.search(
                Domain("id", "in", emails.ids) & emails._get_everybodys_domain(account)
            ):
                addresses = set((email.addresses or "").split(" "))
                if any(
                    row.email_normalized in addresses and row.save_attachments_since <= email.create_date
                    for row in switched_on
                ):
                    account._file_attachments(email.attachment_ids, email)
