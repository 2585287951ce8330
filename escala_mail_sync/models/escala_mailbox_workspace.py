"""The left side of the workspace: the mailboxes that somebody works with, and how much waits in them."""

from odoo import api, models
from odoo.fields import Domain


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    @api.model
    def _find_for_workspace(self):
        """Return the mailboxes whose mail the user works with, their own first; as superuser.

        Those of their own, and shared ones: as a member, or without members as one of all.
        """
        user = self.env.user
        domain = Domain("user_id", "=", user.id) | Domain("member_ids", "in", user.ids)
        if user.has_group("escala_mail_sync.group_mailbox_user"):
            domain |= Domain("kind", "=", "shared") & Domain("member_ids", "=", False)
        domain &= Domain("kind", "!=", "marketing") & Domain("company_id", "in", self.env.companies.ids)
        # sudo: which they are is in the condition; nothing is read of others
        mailboxes = self.sudo().search(domain)
        return mailboxes.sorted(
            lambda mailbox: (mailbox.kind != "personal", mailbox.display_name, mailbox.id)
        )

    @api.model
    def get_workspace(self) -> dict:
        """Return what the left side of the workspace shows to the user.

        `mailboxes`: id, name, kind, state, error, whether it is being read, and number of unread e-mails of each;
        `counts`: how many wait in the folders `inbox` (unread), `to_answer`, `drafts`, `scheduled` and `quarantine`,
        of which those are missing that the user may not see; `can_connect`: whether the user has a mailbox to
        connect yet.
        """
        mailboxes = self._find_for_workspace()
        unread = self._count_unread(mailboxes)
        return {
            "mailboxes": [
                {
                    "id": mailbox.id,
                    "name": mailbox.display_name,
                    "kind": mailbox.kind,
                    "state": mailbox.state,
                    "error": mailbox.last_error,
                    "is_reading": mailbox.is_reading,
                    "unread": unread.get(mailbox.id, 0),
                }
                for mailbox in mailboxes
            ],
            "counts": self._get_counts(mailboxes),
            "can_connect": self.needs_mailbox(),
        }

    def _get_counts(self, mailboxes) -> dict[str, int]:
        emails, outgoing = self.env["escala.email"], self.env["escala.email.outgoing"]
        inbox = emails._get_folder_domain("inbox", mailboxes) & emails._is_unread(mailboxes)
        counts = {
            "inbox": emails.search_count(inbox),
            "to_answer": emails.search_count(emails._is_to_answer()),
        }
        for folder in ("drafts", "scheduled") if outgoing.has_access("read") else ():
            counts[folder] = outgoing.search_count(outgoing._get_folder_domain(folder))
        if self.env.user.has_group("escala_mail_sync.group_mailbox_manager"):
            rows = self.env["escala.mailbox.message"]
            counts["quarantine"] = rows.search_count([("state", "=", "quarantined")])
        return counts

    @api.model
    def _count_unread(self, mailboxes) -> dict[int, int]:
        """Map these mailboxes to how many e-mails that the user may read are unread in their inboxes."""
        emails = self.env["escala.email"]
        counts = {}
        for mailbox in mailboxes:  # a handful
            unread = emails._get_folder_domain("inbox", mailbox) & emails._is_unread(mailbox)
            counts[mailbox.id] = emails.search_count(unread)
        return counts


class EscalaEmailOutgoing(models.Model):
    _inherit = "escala.email.outgoing"

    @api.model
    def _get_folder_domain(self, folder: str) -> Domain:
        """Return what is in the user's folder of drafts, or of what waits for its time or was not sent."""
        own = Domain("user_id", "=", self.env.uid) & Domain("mailing_id", "=", False)
        if folder == "drafts":
            return own & Domain("state", "=", "draft")
        return own & Domain("state", "in", ("outgoing", "sending", "failed", "unknown"))
