"""How a mailbox is synchronised: claim one that is due, read its folders batch by batch, keep its state true."""

import errno
import logging
import time
from collections.abc import Iterator
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, api, fields, models

from ..imap.errors import MailboxError
from ..imap.folder_sync import FolderCursor, HeaderBatch, new_headers
from ..imap.session import ImapSession
from ..sync_report import SyncReport
from ..transactions import retrying

_logger = logging.getLogger(__name__)

BATCH_SIZE = 200  # messages
BATCH_BYTES = 25_000_000


class MailboxTaken(Exception):
    """Another worker has the mailbox, or has moved its cursor since; it goes on from there."""


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    @api.model
    def _cron_sync(self) -> list[SyncReport]:
        """Check every mailbox that is due, as long as the cron's time allows. Any number may run at once.

        Commits after every batch of messages and after every mailbox.
        """
        # Nobody in particular does this: what comes in must not count as written by the user who asked for it.
        mailboxes = self.with_user(SUPERUSER_ID)
        reports = []
        while mailbox := mailboxes._claim_due():
            reports += mailbox._sync()
            if not self.env["ir.cron"]._commit_progress(1, remaining=mailboxes._count_due()):
                break
        return reports

    @api.model
    def _claim_due(self):
        """Return one mailbox that is due and that no other worker has, or an empty recordset.

        It is due again one interval from now, whatever happens to this worker.
        """
        return retrying(self._try_to_claim, self.env.cr.rollback)

    def _try_to_claim(self):
        due = self.search(self._due_domain(), order="next_check, id")
        mailbox = due.try_lock_for_update(allow_referencing=True, limit=1)
        # The search saw an older moment than the lock: the mailbox may have been checked in between.
        mailbox.invalidate_recordset()
        mailbox = mailbox.filtered_domain(self._due_domain())
        if mailbox:
            mailbox.next_check = fields.Datetime.now() + timedelta(minutes=int(mailbox.check_interval))
        self._commit()
        return mailbox

    def _count_due(self) -> int:
        return self.search_count(self._due_domain())

    def _due_domain(self) -> list:
        return [("state", "!=", "draft"), ("next_check", "<=", fields.Datetime.now())]

    def _sync(self) -> list[SyncReport]:
        """Read what is new in the ticked folders and commit; failures end up in the mailbox's state.

        Returns one report for every folder that was looked at.
        """
        self.ensure_one()
        reports: dict[str, SyncReport] = {}
        try:
            retrying(lambda: self._sync_folders(reports), self.env.cr.rollback)
        except MailboxTaken:
            self.env.cr.rollback()
            _logger.info("Mailbox %s: another worker has it", self.id)
        except MailboxError as error:
            self._fail(error)
        except OSError as error:
            self._fail(MailboxError("disk_full" if error.errno == errno.ENOSPC else "system", str(error)))
        except Exception:
            # A programming error or a database that went away: the mailbox shows it, the others go on.
            _logger.exception("Mailbox %s: synchronisation failed", self.id)
            self._fail(MailboxError("internal"))
        return list(reports.values())

    def _sync_folders(self, reports: dict[str, SyncReport]) -> None:
        """Connect and read folder after folder.

        What is needed of the database is read before the network is waited for, so that no transaction stays
        open meanwhile and that the one after it starts with the lock.
        """
        session = self._session()
        folders = [
            (
                folder,
                folder.path,
                folder._get_cursor(),
                reports.setdefault(folder.path, SyncReport(self.name, folder.path)),
            )
            for folder in self.folder_ids
            if folder.selected and not folder.missing
        ]
        self._commit()
        with session:
            for folder, path, cursor, report in folders:
                self._sync_folder(session, folder, path, cursor, report)
        self._lock()
        self.write(
            {
                "state": "connected",
                "error_code": False,
                "error_detail": False,
                "last_sync": fields.Datetime.now(),
            }
        )
        self._commit()

    def _sync_folder(
        self, session: ImapSession, folder, path: str, cursor: FolderCursor, report: SyncReport
    ) -> None:
        """Read one folder to its end. Every batch is one transaction: e-mails, ledger and cursor."""
        started, commands = time.monotonic(), session.commands
        try:
            for batch in self._get_batches(session, path, cursor):
                self._lock()
                if folder._get_cursor() != cursor:
                    raise MailboxTaken
                batch_report = self.env["escala.email.importer"]._import_batch(folder, batch, session)
                folder._set_cursor(batch.cursor)
                self._commit()
                report += batch_report
                cursor = batch.cursor
        finally:
            report.seconds += time.monotonic() - started
            report.commands += session.commands - commands

    def _get_batches(self, session: ImapSession, path: str, cursor: FolderCursor) -> Iterator[HeaderBatch]:
        """Read what is new, in batches small enough to be held in memory with their bodies."""
        for batch in new_headers(session, path, cursor, batch_size=BATCH_SIZE):
            yield from batch.split(BATCH_BYTES)

    def _commit(self) -> None:
        # A batch is complete in itself: e-mails, ledger and cursor. What comes after it must not undo it.
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _lock(self) -> None:
        """Take the mailbox for the rest of this transaction.

        The lock is the first statement of the transaction, so what is read after it is what was committed last.

        Raises MailboxTaken when another worker holds it.
        """
        self.env.invalidate_all()
        if not self.try_lock_for_update(allow_referencing=True):
            raise MailboxTaken

    def _fail(self, error: MailboxError) -> None:
        """Undo what is not committed, and show on the mailbox what is wrong."""
        self.env.cr.rollback()
        self.env.invalidate_all()
        _logger.info("Mailbox %s: %s", self.id, error)
        try:
            self._set_error(error)
            self._commit()
        except OperationalError:
            # Somebody changes the mailbox at this moment; the next run tells its state.
            self.env.cr.rollback()
