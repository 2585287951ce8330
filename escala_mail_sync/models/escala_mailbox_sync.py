"""How a mailbox is synchronised: claim one that is due, read its folders batch by batch, keep its state true."""

import logging
import time
from collections.abc import Iterator
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models

from ..imap.errors import MailboxError
from ..imap.folder_sync import FolderCursor, HeaderBatch, new_headers
from ..imap.session import ImapSession
from ..sync_report import SyncReport
from ..transactions import is_disk_full, retrying

_logger = logging.getLogger(__name__)

BATCH_SIZE = 200  # messages
BATCH_BYTES = 25_000_000


class MailboxTaken(Exception):
    """Another worker has moved the cursor, or somebody has changed or disconnected the mailbox meanwhile."""


class OutOfTime(Exception):
    """The cron's time is over; the next run goes on at the cursor."""


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
            retrying(
                lambda: self._sync_folders(reports),
                self.env.cr.rollback,
                progress=lambda: sum(report.seen for report in reports.values()),
            )
        except MailboxTaken:
            self.env.cr.rollback()
            _logger.info("Mailbox %s: somebody else is at it", self.id)
        except OutOfTime:
            self.next_check = fields.Datetime.now()
            self._commit()
        except MailboxError as error:
            self._fail(error)
        except Exception as error:
            # A programming error, a full disk, a database that went away: the mailbox shows it, the others go on.
            _logger.exception("Mailbox %s: synchronisation failed", self.id)
            self._fail(MailboxError("disk_full" if is_disk_full(error) else "internal"))
        return list(reports.values())

    def _sync_folders(self, reports: dict[str, SyncReport]) -> None:
        """Connect and read folder after folder.

        What is needed of the database is read before the network is waited for, so that no transaction stays
        open meanwhile and that the one after it starts with the lock.
        """
        connection = self._get_connection()
        session = self._session()
        folders = [
            (folder, folder.path, folder._get_cursor(), SyncReport(self.display_name, folder.path))
            for folder in self.folder_ids
            if folder.selected and not folder.missing
        ]
        self._commit()
        with session:
            for folder, path, cursor, new_report in folders:
                report = reports.setdefault(path, new_report)
                try:
                    self._sync_folder(session, connection, folder, path, cursor, report)
                except MailboxError as error:
                    if error.code != "server_error" or path in {remote.name for remote in session.folders()}:
                        raise
                    self._note_missing(connection, folder)
        self._lock(connection)
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
        self,
        session: ImapSession,
        connection: tuple,
        folder,
        path: str,
        cursor: FolderCursor,
        report: SyncReport,
    ) -> None:
        """Read one folder to its end. Every batch is one transaction: e-mails, ledger and cursor."""
        importer = self.env["escala.email.importer"]
        started, commands = time.monotonic(), session.commands
        try:
            for batch in self._get_batches(session, path, cursor):
                items, batch_report = importer._select(folder, batch)
                self._commit()
                items = importer._read(items, session)
                self._lock(connection)
                if folder._get_cursor() != cursor:
                    raise MailboxTaken
                batch_report += importer._store(folder, batch.cursor.uidvalidity, items)
                folder._set_cursor(batch.cursor)
                seconds_left = self._commit(batch_report.seen)
                report += batch_report
                cursor = batch.cursor
                if not seconds_left:
                    raise OutOfTime
        finally:
            report.seconds += time.monotonic() - started
            report.commands += session.commands - commands

    def _get_batches(self, session: ImapSession, path: str, cursor: FolderCursor) -> Iterator[HeaderBatch]:
        """Read what is new, in batches small enough to be held in memory with their bodies."""
        for batch in new_headers(session, path, cursor, batch_size=BATCH_SIZE):
            yield from batch.split(BATCH_BYTES)

    def _commit(self, processed: int = 0) -> float:
        """Commit, and return how many seconds the cron may still run; without end outside of it.

        A batch is complete in itself: e-mails, ledger and cursor. What comes after it must not undo it.
        """
        return self.env["ir.cron"]._commit_progress(processed)

    def _lock(self, connection: tuple) -> None:
        """Take the mailbox for the rest of this transaction.

        The lock is the first statement of the transaction, so what is read after it is what was committed last.

        Raises MailboxTaken when another worker holds it, or when it was disconnected, archived or pointed to
        another account since `connection` was made.
        """
        self.env.invalidate_all()
        if not self.try_lock_for_update(allow_referencing=True):
            raise MailboxTaken
        if self.state == "draft" or not self.active or self._get_connection() != connection:
            raise MailboxTaken

    def _note_missing(self, connection: tuple, folder) -> None:
        """A folder that was renamed or removed on the server: the others go on."""
        self._lock(connection)
        folder.missing = True
        self._commit()

    def _fail(self, error: MailboxError) -> None:
        """Undo what is not committed, and show on the mailbox what is wrong."""
        _logger.info("Mailbox %s: %s", self.id, error)
        try:
            self.env.cr.rollback()
            self.env.invalidate_all()
            self._set_error(error)
            self._commit()
        except Exception:
            # Somebody changes the mailbox at this moment, or the database is gone: the next run tells its state.
            _logger.info("Mailbox %s: its state could not be stored", self.id, exc_info=True)
            self.env.cr.rollback()
