"""Telling browsers that something has changed in a mailbox: to whom, and nothing of what it is."""

from odoo import api, models

NEWS = "escala.mailbox"  # the type of the notification


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    def write(self, vals):
        result = super().write(vals)
        if {"state", "error_code"}.intersection(vals):
            self._tell_people()
        return result

    @api.model
    def get_unread_count(self) -> int:
        """Return how many e-mails are unread in the inboxes that the user works with."""
        emails = self.env["escala.email"]
        return emails.search_count(emails._is_unread_in_inbox(self._find_for_workspace()))

    def _sync(self):
        """Tell of what comes in when it is committed, and not of every message that is stored on its own."""
        return super(EscalaMailbox, self.with_context(news_at_commit=True))._sync()

    def _commit(self, processed: int = 0) -> float:
        self._tell_what_is_held_back()
        return super()._commit(processed)

    def _tell_what_is_held_back(self) -> None:
        held = self.env.cr.postcommit.data.pop(NEWS, ())
        self.with_context(news_at_commit=False).browse(held)._tell_people()

    def _tell_people(self) -> None:
        """Have the people of these mailboxes look again when this transaction is committed.

        They are told once for all that has changed since the last savepoint: each runs the hooks that are to run
        before a commit (odoo/sql_db.py). Where there are many of them, `news_at_commit` in the context holds the news
        back until `_commit`, among what belongs to the whole transaction.
        """
        if not self:
            return
        if self.env.context.get("news_at_commit"):
            self.env.cr.postcommit.data.setdefault(NEWS, set()).update(self.ids)
            return
        data = self.env.cr.precommit.data
        if NEWS not in data:
            data[NEWS] = set()
            self.env.cr.precommit.add(self._send_news)
        data[NEWS].update(self.ids)

    @api.model
    def _send_news(self) -> None:
        # sudo: whose mailboxes they are need not be known to whoever has changed something in them
        mailboxes = self.sudo().browse(sorted(self.env.cr.precommit.data.pop(NEWS))).exists()
        for mailbox in mailboxes:
            for user in mailbox._find_people():
                user._bus_send(NEWS, {"mailbox_id": mailbox.id})

    def _find_people(self):
        """Return the users in whose workspace this mailbox is: the same as `_find_for_workspace` says of each."""
        users = self.env.ref("escala_mail_sync.group_mailbox_user").all_user_ids
        if self.kind == "marketing":
            return users.browse()
        people = self.user_id | self.member_ids
        if self.kind == "shared" and not self.member_ids:
            people = users
        return (people & users).filtered(lambda user: user.active and self.company_id in user.company_ids)


class EscalaMailboxMessage(models.Model):
    _inherit = "escala.mailbox.message"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.filtered("email_id").mailbox_id._tell_people()
        return rows

    def write(self, vals):
        result = super().write(vals)
        if {"seen", "pending_seen", "email_id"}.intersection(vals):
            self.mailbox_id._tell_people()
        return result

    @api.model
    def _note_vanished(self, folder, changes):
        if changes.vanished:
            folder.mailbox_id._tell_people()
        return super()._note_vanished(folder, changes)
