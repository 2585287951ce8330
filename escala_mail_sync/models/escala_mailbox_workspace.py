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
        companies, mailboxes = self.env.companies, self._find_own()
        if self.env.user.has_group("escala_mail_sync.group_mailbox_user"):
            mailboxes |= self._find_of_companies().filtered(
                lambda mailbox: mailbox.kind == "shared" and not mailbox.member_ids
            )
        mailboxes = mailboxes.filtered(
            lambda mailbox: mailbox.active and mailbox.kind != "marketing" and mailbox.company_id in companies
        )
        # sudo: these are theirs, or everybody's
        return (
            self.sudo()
            .browse(mailboxes.ids)
            .sorted(lambda mailbox: (mailbox.kind != "personal", mailbox.display_name, mailbox.id))
        )

    def _is_called(self, typed: set[str], is_exact: bool) -> bool:
        """Whether one of these texts, in lower case, is the mailbox's name or address, or stands in it."""
        names = {(name or "").casefold() for name in (self.display_name, self.email)}
        return bool(names & typed if is_exact else [one for one in names for other in typed if other in one])

    @api.model
    def get_workspace(self, mailbox_id: int | None = None) -> dict:
        """Return what the left side of the workspace shows to the user.

        `mailboxes`: id, name, kind, state, error, whether it is being read, and number of unread e-mails of each;
        `unread`: their number in all mailboxes; `counts`: how many wait in the folders `inbox` (unread), `to_answer`,
        `drafts`, `scheduled` and `quarantine`, of which those are missing that the user may not see; `can_connect`:
        whether the user has a mailbox to connect yet; `can_write`: whether they may write e-mails.

        :param mailbox_id: the one of them in which is counted, by default all of them; quarantine is always that of all
        """
        mailboxes = self._find_for_workspace()
        chosen = mailboxes.filtered(lambda mailbox: mailbox.id == mailbox_id)
        unread = self.env["escala.email"]._count_unread_in_inboxes(mailboxes)
        return {
            "mailboxes": [
                {
                    "id": mailbox.id,
                    "name": mailbox.display_name,
                    "kind": mailbox.kind,
                    "state": mailbox.state,
                    "error": mailbox.last_error,
                    "is_reading": mailbox.is_reading,
                    "unread": unread[mailbox.id],
                }
                for mailbox in mailboxes
            ],
            "unread": unread[None],
            "counts": {"inbox": unread[chosen.id or None], **self._get_counts(chosen)},
            "can_connect": self.needs_mailbox(),
            "can_write": self.env.user.has_group("escala_mail_sync.group_mailbox_user"),
        }

    def _get_counts(self, chosen) -> dict[str, int]:
        emails, outgoing = self.env["escala.email"], self.env["escala.email.outgoing"]
        received = emails._in_mailboxes(chosen) if chosen else Domain.TRUE
        counts = {"to_answer": emails.search_count(emails._is_to_answer() & received)}
        if outgoing.has_access("read"):
            sent_by = Domain("mailbox_id", "=", chosen.id) if chosen else Domain.TRUE
            for folder in ("drafts", "scheduled"):
                counts[folder] = outgoing.search_count(outgoing._get_folder_domain(folder) & sent_by)
        if self.env.user.has_group("escala_mail_sync.group_mailbox_manager"):
            rows = self.env["escala.mailbox.message"]
            counts["quarantine"] = rows.search_count([("state", "=", "quarantined")])
        return counts
