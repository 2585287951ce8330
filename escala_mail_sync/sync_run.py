"""One run over a mailbox: the connection, its folders, and what is known of them while no transaction is open."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from .imap.folder_sync import FolderCursor
from .imap.history import HistoryWindow
from .imap.session import FolderStatus, ImapSession
from .sync_report import SyncReport

CLOCK_TOLERANCE = timedelta(days=1)


@dataclass
class FolderRun:
    """A ticked folder of the mailbox; `folder` is its record, to be read under the mailbox's lock only."""

    folder: Any
    path: str
    cursor: FolderCursor
    window: HistoryWindow
    modseq: int
    message_count: int
    sweep_uid: int
    is_renumbered: bool
    report: SyncReport
    status: FolderStatus | None = None

    @property
    def is_readable(self) -> bool:
        """Whether the folder is there, and its cursor is of its present numbers."""
        cursor = self.cursor
        return self.status is not None and self.status.continues(cursor.uidvalidity, cursor.high_uid)


@dataclass
class SyncRun:
    """What the steps of a run share.

    :param connection: what the session was opened with; a mailbox that has another one by now is left alone
    :param history_start: what the server got before it (naive UTC) is too old to be brought in
    :param refused: the mailbox's fields that say which folder cannot be opened, written when the others have been read
    :param is_careful: messages are read one by one, as workers have died of one of the next
    :param history_deadline: the time.monotonic() at which the reading of history makes room for other mailboxes
    """

    session: ImapSession
    connection: tuple
    history_start: datetime
    history_deadline: float
    folders: list[FolderRun] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    is_careful: bool = False

    @contextmanager
    def timed(self, folder: FolderRun) -> Iterator[None]:
        """Count the commands and seconds of the block as those of the folder."""
        started, commands = time.monotonic(), self.session.commands
        try:
            yield
        finally:
            folder.report.seconds += time.monotonic() - started
            folder.report.commands += self.session.commands - commands

    @property
    def new_mail_start(self) -> datetime:
        """What the server got before it (naive UTC) is too old to be brought in, though it has a new number.

        Somebody has moved or copied it into the folder. New mail may be dated earlier than it came, since clocks go
        wrong: the server's by no more than a day, and Odoo's by any time when the mailbox was connected.
        """
        now = datetime.now(timezone.utc).replace(tzinfo=None)
        return min(self.history_start, now) - CLOCK_TOLERANCE

    def open(self, folder: FolderRun) -> bool:
        """Have the session look into this folder; `False` if it was numbered anew since the run began."""
        if self.session.folder != folder.path:
            folder.status = self.session.examine(folder.path)
        return folder.is_readable
