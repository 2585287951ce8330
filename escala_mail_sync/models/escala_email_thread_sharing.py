"""Which mailboxes share a conversation on purpose, or hide it, and what becomes of that when conversations merge."""

from odoo import Command, fields, models
from odoo.fields import Domain


class EscalaEmailThread(models.Model):
    _inherit = "escala.email.thread"

    shared_by_mailbox_ids = fields.Many2many(
        "escala.mailbox",
        "escala_email_thread_shared_by_mailbox_rel",
        "thread_id",
        "mailbox_id",
        "Shared on purpose by",
        readonly=True,
        groups=fields.NO_ACCESS,  # that somebody's mailbox exists need not be known
        help="What comes into these mailboxes in this conversation is shared, if it is from who takes part in it.",
    )
    hidden_by_mailbox_ids = fields.Many2many(
        "escala.mailbox",
        "escala_email_thread_hidden_by_mailbox_rel",
        "thread_id",
        "mailbox_id",
        "Hidden by",
        readonly=True,
        groups=fields.NO_ACCESS,  # as above
        help="The people of one of these mailboxes have hidden the conversation from everybody else.",
    )

    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False):
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & self._get_readable_domain()
        return super()._search(
            domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access
        )

    def _check_access(self, operation):
        """Let whoever asks by id get what a search would find, no more."""
        refused = super()._check_access(operation)
        allowed = self - refused[0] if refused else self
        forbidden = allowed - self.browse(self._search([("id", "in", allowed.ids)])) if allowed else allowed
        if not forbidden:
            return refused
        if refused:
            return refused[0] | forbidden, refused[1]
        return forbidden, lambda: self.env["ir.rule"]._make_access_error(operation, forbidden)

    def _get_readable_domain(self) -> Domain:
        """Return the conversations that the user may read an e-mail of: of others, not even the number is known."""
        emails = self.env["escala.email"]._search(Domain("thread_id", "!=", False))
        return Domain("id", "in", emails.subselect("thread_id"))

    def _merge(self, merged: dict[int, int]) -> None:
        """Keep hidden what was hidden, and share what comes only where both conversations were shared.

        What has come stays shared, or not, as it was. Nobody can open a conversation by tying it to another.
        """
        for loser, winner in merged.items():
            while winner in merged:
                winner = merged[winner]  # noqa: PLW2901  a chain of merges ends in the last one
            before, after = self.browse(loser), self.browse(winner)
            if before.hidden_by_mailbox_ids - after.hidden_by_mailbox_ids:
                after.hidden_by_mailbox_ids |= before.hidden_by_mailbox_ids
            if before.shared_by_mailbox_ids != after.shared_by_mailbox_ids:
                after.shared_by_mailbox_ids &= before.shared_by_mailbox_ids
        result = super()._merge(merged)
        self.browse(merged.values()).exists().email_ids._follow_sharing()
        return result


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    def _share_with_conversation(self, mailbox) -> None:
        """Share those of these e-mails that have just come into a mailbox which shares their conversation.

        Only what is from somebody who takes part in what the mailbox has shared of it: anybody can join a conversation
        by naming it in References.
        """
        coming = self.filtered(lambda email: mailbox in email.thread_id.shared_by_mailbox_ids)
        for thread, emails in coming.grouped("thread_id").items():
            shared = thread.email_ids.filtered(lambda email: mailbox in email.shared_by_mailbox_ids)
            people = shared._get_people()
            for email in emails.sorted("date"):
                if email.sender_email in people:
                    email.shared_by_mailbox_ids = [Command.link(mailbox.id)]
                    people |= email._get_people()

    def _get_people(self) -> set[str]:
        """Return the addresses of all who have written or got one of these e-mails."""
        people = set(self.mapped("sender_email"))
        return people.union(*((email.addresses or "").split() for email in self))
