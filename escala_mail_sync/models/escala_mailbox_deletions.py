"""What follows when messages are gone from the folders of a mailbox: were they moved, or deleted?"""

from odoo import models

from ..imap.errors import MailboxError
from ..imap.session import ImapSession, any_of
from ..sync_run import SyncRun
from .escala_mailbox_sync import OutOfTime

SETTLED_AT_ONCE = 200
# Who puts a message there wants it no more.
GRAVES = ("trash", "junk")
# Message-IDs in a command, to keep it below 8,000 characters (RFC 2683, section 3.2.1.5).
SEARCHED_AT_ONCE = 20


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    def _settle_deletions(self, run: SyncRun) -> None:
        """Find out what became of the messages that are gone.

        It comes after the new mail of all folders: a message that went to another ticked folder is there again by
        now, as the same row or as another copy. One that went elsewhere is looked for by its Message-ID; one
        that has none counts as deleted.
        """
        while rows := self._get_rows_to_settle():
            row_ids = rows.ids
            missing = rows.filtered(lambda row: not self._has_other_copy(row))
            missing_ids, message_ids = missing.ids, set(missing.mapped("message_id")) - {False}
            self._commit()
            elsewhere = self._find_elsewhere(run.session, message_ids) if message_ids else set()
            self._lock(run.connection)
            ledger = self.env["escala.mailbox.message"]
            ledger.browse(row_ids).exists().gone_settled = True
            rows = ledger.browse(missing_ids).exists()
            deleted = ledger.concat(*(row for row in rows if row.message_id not in elsewhere))
            deleted.email_id._handle_deleted()
            if not self._commit():
                raise OutOfTime
        self._commit()

    def _get_rows_to_settle(self):
        return self.env["escala.mailbox.message"].search(
            [("mailbox_id", "=", self.id), ("gone", "=", True), ("gone_settled", "=", False)],
            limit=SETTLED_AT_ONCE,
        )

    def _has_other_copy(self, row) -> bool:
        copies = row.email_id.mailbox_message_ids
        return any(copy._is_watched() and not copy.gone and copy.mailbox_id == self for copy in copies)

    def _find_elsewhere(self, session: ImapSession, message_ids: set[str]) -> set[str]:
        """Return those of these Message-IDs that a folder holds which is neither bin nor spam."""
        found: set[str] = set()
        for folder in session.folders():
            wanted = sorted(message_ids - found)
            if not wanted:
                break
            if not folder.selectable or folder.role in GRAVES:
                continue
            if not session.try_to_examine(folder.name):
                continue
            for start in range(0, len(wanted), SEARCHED_AT_ONCE):
                found |= self._search_message_ids(session, wanted[start : start + SEARCHED_AT_ONCE])
        return found

    def _search_message_ids(self, session: ImapSession, message_ids: list[str]) -> set[str]:
        """Return those that the folder opened last holds; one by one only if any is there."""
        keys = [("HEADER", "Message-ID", message_id) for message_id in message_ids]
        try:
            if not session.search(any_of(keys)):
                return set()
        except MailboxError as error:
            if error.code != "server_error":
                raise
            # The server does not take one of them. What cannot be looked for is taken to be there.
        if len(keys) == 1:
            return set(message_ids)
        return set().union(*(self._search_message_ids(session, [message_id]) for message_id in message_ids))
