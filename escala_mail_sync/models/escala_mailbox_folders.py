"""The folders of a mailbox as its server lists them, followed when they are renamed, removed or made anew."""

from datetime import timedelta

from odoo import fields, models

from ..imap.folder_sync import fetch_headers
from ..imap.session import FolderStatus, ImapSession, RemoteFolder
from ..mime.charset import clean_line
from ..sync_report import SyncReport
from ..sync_run import SyncRun

DEFAULT_ROLES = ("inbox", "sent")
LIST_KEPT = timedelta(days=1)
LIST_KEPT_WHEN_MISSING = timedelta(hours=1)


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    def _needs_folder_list(self, ticked) -> bool:
        """Tell whether to ask the server for its folders: once a day, more often while a ticked one is missing."""
        if not self.folders_listed_on:
            return True
        kept = LIST_KEPT_WHEN_MISSING if any(ticked.mapped("missing")) else LIST_KEPT
        return fields.Datetime.now() - self.folders_listed_on > kept

    def _refresh_folders(self, run: SyncRun, reports: dict[str, SyncReport] | None = None) -> None:
        """Bring the list up to date during a run; folders that are there again take part in it."""
        remote = self._list_folders(run.session)
        renamed = self._find_renamed(run.session, remote)
        self._lock(run.connection)
        self._update_folders(remote, renamed)
        if reports is not None:
            ticked = self.folder_ids.filtered(lambda folder: folder.selected and not folder.missing)
            run.folders = [self._prepare_folder_run(folder, reports) for folder in ticked]
        self._commit()

    def _explore(self, session: ImapSession) -> tuple[list[RemoteFolder], dict[str, FolderStatus]]:
        """Return the server's folders, and the state of those that are, or will be, ticked; write nothing yet.

        A folder that cannot be opened has no state: the first run says so.
        """
        remote = self._list_folders(session)
        ticked = self._get_ticked()
        statuses = {
            folder.name: session.try_to_examine(folder.name)
            for folder in remote
            if ticked.get(folder.name, folder.role in DEFAULT_ROLES)
        }
        return remote, {name: status for name, status in statuses.items() if status}

    def _begin_folders(self, remote: list[RemoteFolder], statuses: dict[str, FolderStatus]) -> None:
        """Make the list when the mailbox is connected; what lay in the ticked folders then is history."""
        self._update_folders(remote, {})
        for folder in self.folder_ids:
            if folder.path in statuses and not folder.uidvalidity:
                folder._begin(statuses[folder.path])

    def _list_folders(self, session: ImapSession) -> list[RemoteFolder]:
        """Return the folders that hold messages; a name that is no text, which servers may send, is left out."""
        return [
            folder
            for folder in session.folders()
            if folder.selectable and folder.name == clean_line(folder.name)
        ]

    def _find_renamed(self, session: ImapSession, remote: list[RemoteFolder]) -> dict[str, str]:
        """Map the names of new folders to the path of ours that is gone and holds the same messages.

        A renamed folder keeps UIDVALIDITY and UIDs (RFC 3501, section 6.3.5). As another folder may have the
        same UIDVALIDITY by accident, the newest message of ours has to be in it, too.
        """
        names = {folder.name for folder in remote}
        gone = [
            (folder.uidvalidity, folder.path, *folder._get_newest_message())
            for folder in self.folder_ids
            if folder.selected and folder.path not in names
        ]
        new = sorted(names - set(self.folder_ids.mapped("path")))
        self._commit()
        renamed: dict[str, str] = {}
        for name in new if gone else ():
            status = session.try_to_examine(name)
            for validity, path, uid, size in gone if status else ():
                if validity != status.uidvalidity or not uid or path in renamed.values():
                    continue
                if [header.size for header in fetch_headers(session, [uid])] == [size]:
                    renamed[name] = path
                    break
        return renamed

    def _update_folders(self, remote: list[RemoteFolder], renamed: dict[str, str]) -> None:
        """Bring the list of folders up to the server's; new ones are ticked if they are inbox or sent mail."""
        by_path = {folder.path: folder for folder in self.folder_ids}
        for name, path in renamed.items():
            by_path[name] = by_path.pop(path)
            by_path[name].path = name
        ticked = self._get_ticked()
        self.env["escala.mailbox.folder"].create(
            [
                {
                    "mailbox_id": self.id,
                    "path": folder.name,
                    "role": folder.role or "other",
                    "selected": ticked.get(folder.name, folder.role in DEFAULT_ROLES),
                }
                for folder in remote
                if folder.name not in by_path
            ]
        )
        names = {folder.name for folder in remote}
        for path, folder in by_path.items():
            folder.missing = path not in names
        self.folders_listed_on = fields.Datetime.now()

    def _get_ticked(self) -> dict[str, bool]:
        """Map the folders that are listed, or were so for the account before, to whether they are ticked."""
        every = self.with_context(active_test=False).folder_ids
        return {folder.path: folder.selected for folder in every.sorted("active")}
