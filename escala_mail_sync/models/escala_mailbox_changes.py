"""What changed on the server in messages that are here already, and what people want changed there."""

import logging

from odoo import models

from ..imap.changes import Changes, look_at, read_changes
from ..imap.errors import MailboxError
from ..imap.folder_sync import FolderCursor
from ..sync_run import FolderRun, SyncRun

_logger = logging.getLogger(__name__)

# Messages to look at in a run where the server does not tell what changed.
RECENT = 200
SWEEP = 500
MARKED_AT_ONCE = 1000


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    def _look_into_folder(self, run: SyncRun, folder: FolderRun) -> None:
        """Open a folder, and take over flags and disappearances of what was read before."""
        with run.timed(folder):
            try:
                folder.status = run.session.examine(folder.path)
            except MailboxError as error:
                if error.code != "server_error":
                    raise
                self._refresh_folders(run)
                if not folder.folder.missing and folder.folder.path == folder.path:
                    if folder.folder.role == "inbox":
                        raise
                    # it is there, and cannot be opened; the others go on
                    detail = f"{folder.path}: {error.detail}"
                    run.refused = {"error_code": "folder_refused", "error_detail": detail}
                return
            if folder.is_readable:
                self._follow_changes(run, folder)
            else:
                self._begin_folder(run, folder)

    def _begin_folder(self, run: SyncRun, folder: FolderRun) -> None:
        self._lock(run.connection)
        folder.folder._begin(folder.status)
        folder.cursor = FolderCursor.at(folder.status)
        folder.window = folder.folder._get_history_window()
        folder.is_renumbered = folder.folder.renumbered
        self._commit()

    def _follow_changes(self, run: SyncRun, folder: FolderRun) -> None:
        status = folder.status
        modseq = status.highestmodseq or 0
        told = bool(run.session.tells_changes and modseq and folder.modseq)
        # A mod-sequence that went back belongs to a server that was restored from a backup.
        trusted = told and modseq >= folder.modseq
        changed = (
            modseq != folder.modseq
            or status.exists != folder.message_count
            or status.uidnext > folder.cursor.high_uid + 1
        )
        changes = Changes()
        if trusted and modseq > folder.modseq:
            changes = read_changes(run.session, status, folder.modseq)
        values = {}
        sweeps = not trusted or (changed and not run.session.tells_vanished)
        if sweeps or folder.sweep_uid:
            self._sweep(run, folder, changes, sweeps, values)
        if not changed and not values:
            return
        self._lock(run.connection)
        self._take_over(folder.folder, changes)
        folder.folder.write({**values, "modseq": modseq, "message_count": status.exists})
        self._commit()

    def _sweep(self, run: SyncRun, folder: FolderRun, changes: Changes, restart: bool, values: dict) -> None:
        """Look at the newest messages, and at some more from where the last run stopped, for what changed.

        That bounds what a run costs; one round after the other, every message is looked at.
        """
        record = folder.folder
        recent = record._get_uids_to_look_at(folder.cursor.high_uid + 1, RECENT) if restart else []
        start = folder.sweep_uid or (min(recent) if recent else 0)
        chunk = record._get_uids_to_look_at(start, SWEEP) if start else []
        again = record.sweep_again or bool(restart and folder.sweep_uid)
        end = min(chunk) if len(chunk) == SWEEP else 0
        if not end and again:
            end, again = folder.cursor.high_uid + 1, False
        values.update(sweep_uid=end, sweep_again=again)
        self._commit()
        uids = sorted({*recent, *chunk})
        if uids:
            found = look_at(run.session, uids)
            changes.flags |= found.flags
            changes.vanished += found.vanished

    def _take_over(self, folder, changes: Changes) -> None:
        ledger = self.env["escala.mailbox.message"]
        ledger._note_vanished(folder, changes)
        ledger._apply_flags(folder, changes).email_id._handle_seen()

    # The other way

    def _carry_out_requests(self, run: SyncRun) -> None:
        """Mark messages as read or unread on the server, as people have done in Odoo."""
        by_record = {folder.folder: folder for folder in run.folders}
        orders = [
            (record, name, rows.ids, rows.mapped("uid"))
            for name in ("pending_seen", "pending_unseen")
            for record, rows in self._get_rows_to_mark(name).grouped("folder_id").items()
        ]
        self._commit()
        for record, name, ids, uids in orders:
            folder = by_record.get(record)
            if folder is None:
                continue
            seen = name == "pending_seen"
            refused = False
            with run.timed(folder):
                try:
                    cursor = folder.cursor
                    if not run.session.mark_seen(
                        folder.path, cursor.uidvalidity, cursor.high_uid, uids, seen
                    ):
                        continue
                except MailboxError as error:
                    if error.code != "server_error":
                        raise
                    if run.session.folder != folder.path:
                        continue  # it cannot be opened now, which _look_into_folder says
                    # It may only be read: that would be refused the next time, too.
                    refused = True
                    _logger.info("Folder %s: the server keeps its flags: %s", folder.path, error.code)
            self._lock(run.connection)
            # Whoever has changed their mind meanwhile is heard at the next check.
            rows = self.env["escala.mailbox.message"].browse(ids).exists().filtered(name)
            rows.write({name: False, "seen": seen})
            if refused:
                rows._take_seen_from_flags()
            self._commit()

    def _get_rows_to_mark(self, name: str):
        """Return them under the numbers that the server uses now; what is not found again keeps waiting.

        :param name: `pending_seen` or `pending_unseen`
        """
        rows = self.env["escala.mailbox.message"].search(
            [
                ("mailbox_id", "=", self.id),
                (name, "=", True),
                ("gone", "=", False),
                ("folder_id.selected", "=", True),
                ("folder_id.missing", "=", False),
            ]
        )
        return rows.filtered(lambda row: row.uidvalidity == row.folder_id.uidvalidity)[:MARKED_AT_ONCE]
