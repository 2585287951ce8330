"""Read and unread: what is said in Odoo is so in the mailbox at its next check, and the other way round."""

from odoo import api, models
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
        # sudo: no user writes the ledger; whose mailboxes these are is in the condition
        rows = self.env["escala.mailbox.message"].sudo()
        return rows.search(Domain("email_id", "in", self.ids) & rows._get_workspace_domain())


class EscalaMailboxMessage(models.Model):
    _inherit = "escala.mailbox.message"

    def undo_mark_unread(self) -> bool:
        """Mark these copies as read, as far as they are in mailboxes that the user works with."""
        self._filter_in_workspace()._mark_seen()
        return True

    def undo_mark_read(self) -> bool:
        """Mark these copies as unread, as far as they are in mailboxes that the user works with."""
        self._filter_in_workspace()._mark_unseen()
        return True

    def _filter_in_workspace(self):
        # sudo: no user writes the ledger; whose mailboxes these are is in the condition
        rows = self.sudo()
        found = rows.search(Domain("id", "in", self.ids) & rows._get_workspace_domain())
        readable = found.email_id.sudo(False)._filtered_access("read")
        return found.filtered(lambda row: row.email_id.sudo(False) in readable)

    @api.model
    def _get_workspace_domain(self) -> Domain:
        """Return which messages are on the server in a mailbox that the user works with."""
        mailboxes = self.env["escala.mailbox"]._find_for_workspace()
        return (
            Domain("mailbox_id", "in", mailboxes.ids)
            & Domain("gone", "=", False)
            & Domain("folder_id.active", "=", True)
        )

    def _prepare_undo(self, method: str) -> dict | bool:
        """Return the call that takes back what was done to these copies, `False` if nothing was."""
        return {"model": self._name, "method": method, "ids": self.ids, "args": []} if self else False
