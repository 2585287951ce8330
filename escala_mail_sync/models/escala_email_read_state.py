"""Read and unread: what is said in Odoo is so in the mailbox at its next check, and the other way round."""

from odoo import models
from odoo.fields import Domain


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    def mark_read(self) -> bool:
        """Mark these e-mails as read in the mailboxes that the user works with; in those of others never.

        Nothing that asks for an answer is done with that. Raises AccessError if the user may not read one of them.
        """
        self._get_own_copies()._mark_seen()
        return True

    def mark_unread(self) -> bool:
        """Take back `mark_read`, or that they were read in a mail program."""
        self._get_own_copies()._mark_unseen()
        return True

    def _get_own_copies(self):
        """Return the copies of these e-mails in the mailboxes that the user works with, as superuser."""
        self.check_access("read")
        mailboxes = self.env["escala.mailbox"]._find_for_workspace()
        # sudo: no user writes the ledger; whose mailboxes these are is in the condition
        return (
            self.env["escala.mailbox.message"]
            .sudo()
            .search(
                Domain("email_id", "in", self.ids)
                & Domain("mailbox_id", "in", mailboxes.ids)
                & Domain("gone", "=", False)
                & Domain("folder_id.active", "=", True)
            )
        )
