"""How a mailbox is synchronised: step by step, batch by batch, with its state kept true."""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from odoo import fields, models

from ..imap.errors import MailboxError
from ..imap.folder_sync import HeaderBatch, fetch_bodies, fetch_headers, new_headers
from ..imap.history import history_headers
from ..imap.session import ImapSession
from ..private_log import outline, quiet_about_mail
from ..sync_report import SyncReport
from ..sync_run import FolderRun, SyncRun
from ..transactions import is_disk_full, retrying, rolled_back_on_failure

_logger = logging.getLogger(__name__)

BATCH_SIZE = 500  # messages
BATCH_BYTES = 25_000_000
TAKEN_FOR = timedelta(minutes=1)  # at most, by whoever changes a mailbox while it is being read
HISTORY_SECONDS = 30  # then other mailboxes have their turn
BROKEN_OFF = ("connection_lost", "protocol_garbled")
PATIENCE = 3  # runs
RECONNECTIONS = 20  # in a run that gets on between them
CAREFUL_AFTER = 2  # runs that were broken off


class MailboxTaken(Exception):
    """Another worker has moved the cursor, or somebody has changed or disconnected the mailbox meanwhile."""


class OutOfTime(Exception):
    """The cron's time, or the mailbox's share of it, is over; the next run goes on at the cursor."""


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    @quiet_about_mail()
    def _sync(self) -> list[SyncReport]:
        """Bring the ticked folders up to date and commit; failures end up in the mailbox's state.

        Returns one report for every folder that was looked at.
        """
        self.ensure_one()
        reports: dict[str, SyncReport] = {}

        def progress() -> int:
            return sum(report.seen for report in reports.values())

        try:
            retrying(lambda: self._sync_connected(reports, progress), self.env.cr.rollback, progress)
        except MailboxTaken:
            _logger.info("Mailbox %s: somebody else is at it", self.id)
            soon = fields.Datetime.now() + TAKEN_FOR
            self._conclude(lambda: self.write({"running_since": False, "next_check": soon}))
        except OutOfTime:
            self._conclude(self._note_part_done)
        except MailboxError as error:
            self._fail(error)
        except Exception as error:
            # A programming error, a full disk, a database that went away: the mailbox shows it, the others go on.
            _logger.error("Mailbox %s: synchronisation failed\n%s", self.id, outline(error))
            self._fail(MailboxError("disk_full" if is_disk_full(error) else "internal"))
        return list(reports.values())

    def _sync_connected(self, reports: dict[str, SyncReport], progress) -> None:
        """Connect and do what there is to do; connect again when the connection breaks while all goes well.

        Some servers hang up at a message that they cannot read. It is found by asking for one at a time, and then
        left out like one that the server refuses.
        """
        unserved: dict[str, dict[int, str]] = defaultdict(dict)
        one_by_one = False
        for _attempt in range(RECONNECTIONS):
            before = progress()
            session = self._session()
            session.unserved = unserved
            if one_by_one:
                session.fetch_size = 1
            try:
                self._sync_folders(session, reports)
                return
            except MailboxError as error:
                self.env.cr.rollback()
                if error.code not in BROKEN_OFF:
                    raise
                _logger.info("Mailbox %s: %s, connecting again", self.id, error.code)
                stuck = progress() == before
                if len(session.asked_for) == 1 and self._hangs_up_at(session.folder, *session.asked_for):
                    unserved[session.folder][session.asked_for[0]] = error.detail
                elif stuck and len(session.asked_for) < 2:
                    raise
                one_by_one = stuck and len(session.asked_for) > 1
        raise MailboxError("connection_lost")

    def _hangs_up_at(self, path: str, uid: int) -> bool:
        """Tell whether the connection breaks again when nothing but this message is asked for."""
        session = self._session()
        self._commit()
        try:
            with session:
                session.examine(path)
                list(fetch_bodies(session, fetch_headers(session, [uid])))
        except MailboxError as error:
            return error.code in BROKEN_OFF and session.asked_for == (uid,)
        return False

    def _sync_folders(self, session: ImapSession, reports: dict[str, SyncReport]) -> None:
        """Connect, and take the steps of a run: new mail before old.

        What is needed of the database is read before the network is waited for, so that no transaction stays
        open meanwhile and that the one after it starts with the lock.
        """
        connection = self._get_connection()
        ticked = self.folder_ids.filtered("selected")
        ticked._extend_history()
        run = SyncRun(
            session,
            connection,
            self._get_history_start(),
            time.monotonic() + HISTORY_SECONDS,
            [self._prepare_folder_run(folder, reports) for folder in ticked if not folder.missing],
            is_careful=self.broken_off >= CAREFUL_AFTER,
        )
        refresh = self._needs_folder_list(ticked)
        self._commit()
        # rolled back before the session says LOGOUT and waits for the answer
        with session, rolled_back_on_failure(self.env.cr.rollback):
            if refresh:
                self._refresh_folders(run, reports)
            self._carry_out_requests(run)
            for folder in run.folders:
                self._look_into_folder(run, folder)
            for folder in run.folders:
                self._read_new(run, folder)
            self._settle_deletions(run)
            self._read_requested_history(run)
            for folder in run.folders:
                self._read_history(run, folder)
        self._lock(connection)
        self.write({**self._prepare_success_values(), "last_sync": fields.Datetime.now(), **run.refused})
        self._commit()

    def _prepare_folder_run(self, folder, reports: dict[str, SyncReport]) -> FolderRun:
        return FolderRun(
            folder,
            folder.path,
            folder._get_cursor(),
            folder._get_history_window(),
            folder.modseq,
            folder.message_count,
            folder.sweep_uid,
            folder.renumbered,
            reports.setdefault(folder.path, SyncReport(self.display_name, folder.path)),
        )

    # New mail and history

    def _read_new(self, run: SyncRun, folder: FolderRun) -> None:
        """Read what came since the last run, and try once more what could not be read in earlier ones."""
        if not folder.is_readable:
            return
        with run.timed(folder):
            self._retry_failed(run, folder)
            if folder.status.uidnext > folder.cursor.high_uid + 1 and run.open(folder):
                self._read(run, folder, new_headers(run.session, folder.status, folder.cursor, BATCH_SIZE))

    def _read_history(self, run: SyncRun, folder: FolderRun) -> None:
        """Read on in what was in the folder before, newest first, until it is time to make room for others."""
        if not folder.is_readable or not (folder.cursor.history_uid > 1 or folder.is_renumbered):
            return
        with run.timed(folder):
            if run.open(folder):
                batches = history_headers(
                    run.session, folder.status, folder.cursor, folder.window, BATCH_SIZE
                )
                self._read(run, folder, batches)
                self._lock(run.connection)
                folder.folder.renumbered = False
                self._commit()

    def _read(self, run: SyncRun, folder: FolderRun, batches: Iterator[HeaderBatch]) -> None:
        """Store batch after batch. Every one is one transaction: e-mails, ledger and cursor."""
        importer = self.env["escala.email.importer"]
        for batch in self._split(batches, run):
            is_new = batch.moved == "high_uid"
            too_old = run.new_mail_start if is_new else run.history_start
            items, report = importer._select(folder.folder, batch, too_old)
            self._commit()
            self._set_fatal_aside(run, folder, items)
            items = importer._read(items, run.session)
            self._check_that_others_come(run, folder, items)
            self._lock(run.connection)
            if folder.folder._get_cursor() != folder.cursor:
                raise MailboxTaken
            report += importer._store(folder.folder, batch.cursor.uidvalidity, items)
            folder.folder._set_cursor(batch.cursor)
            self._note_survival(run, folder, batch)
            seconds_left = self._commit(report.seen)
            folder.report += report
            folder.cursor = batch.cursor
            if not seconds_left or (not is_new and time.monotonic() > run.history_deadline):
                raise OutOfTime

    def _check_that_others_come(self, run: SyncRun, folder: FolderRun, items: list) -> None:
        """Blame the network, and no message, as long as no other one comes through.

        Raises MailboxError `connection_lost`, a few runs long.
        """
        unserved = run.session.unserved.get(folder.path, {})
        left_out = [item for item in items if item.fetched.uid in unserved]
        if left_out and len(left_out) == len(items) and self.failures < PATIENCE:
            raise MailboxError("connection_lost", left_out[0].detail)

    def _split(self, batches: Iterable[HeaderBatch], run: SyncRun) -> Iterator[HeaderBatch]:
        """Make batches small enough to be held in memory with their bodies; of one message if one may be fatal."""
        for batch in batches:
            yield from batch.split(-1 if run.is_careful else BATCH_BYTES)

    def _set_fatal_aside(self, run: SyncRun, folder: FolderRun, items: list) -> None:
        """Note which message a careful run is going to read; leave it out if workers have died of it time and again.

        What takes all the memory, or more than the time that Odoo gives a worker, would else hold up all that comes
        behind it for good.
        """
        if not run.is_careful:
            return
        self._lock(run.connection)
        for item in items:
            if not item.is_wanted:
                continue
            if folder.folder._is_fatal(item.fetched.uid):
                item.reason = "fatal"
            else:
                folder.folder.risky_uid = item.fetched.uid
        self._commit()

    def _note_survival(self, run: SyncRun, folder: FolderRun, batch: HeaderBatch) -> None:
        """Note that a careful run is past these messages, and forget the workers that died of them."""
        if run.is_careful:
            folder.folder._forget_deaths([header.uid for header in batch.headers])

    def _retry_failed(self, run: SyncRun, folder: FolderRun) -> None:
        """Read the messages once more that the server refused, or that Odoo could not store, at an earlier run."""
        importer = self.env["escala.email.importer"]
        uids = importer._get_failed_uids(folder.folder, BATCH_SIZE)
        self._commit()
        if not uids or not run.open(folder):
            return
        batch = HeaderBatch(folder.cursor, fetch_headers(run.session, uids), "")
        for part in self._split([batch], run):
            items = [importer._make_item(header) for header in part.headers]
            self._set_fatal_aside(run, folder, items)
            items = importer._read(items, run.session)
            self._lock(run.connection)
            folder.report += importer._store(folder.folder, folder.cursor.uidvalidity, items)
            self._note_survival(run, folder, part)
            if not self._commit():
                raise OutOfTime

    # State

    def _note_part_done(self) -> None:
        """All has gone well as far as it went, and goes on as soon as a worker is free.

        A careful mailbox stays so until a run has come to its end: the message of which workers die may be next.
        """
        broken_off = self.broken_off if self.broken_off >= CAREFUL_AFTER else 0
        self.write(
            {
                **self._prepare_success_values(),
                "broken_off": broken_off,
                "last_sync": fields.Datetime.now(),
            }
        )
        self._request_sync()

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

    def _fail(self, error: MailboxError) -> None:
        """Show on the mailbox what is wrong."""
        _logger.info("Mailbox %s: %s", self.id, error.code)
        self._conclude(lambda: self._set_error(error))

    def _conclude(self, note: Callable[[], object]) -> None:
        """Undo what is not committed, and note how the run has ended, unless the mailbox was disconnected.

        Whoever changes the mailbox at this moment is waited for, and then it is tried again.
        """

        def work() -> None:
            self.env.invalidate_all()
            if self.state != "draft" and self.active:
                note()
            self._commit()

        try:
            self.env.cr.rollback()
            retrying(work, self.env.cr.rollback)
        except Exception as error:
            # The mailbox is changed all the time, or the database is gone: the next run tells its state.
            _logger.info("Mailbox %s: the end of its run could not be noted\n%s", self.id, outline(error))
            self.env.cr.rollback()
