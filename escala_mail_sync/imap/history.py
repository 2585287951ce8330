"""What lies below a folder's cursor: its history, read from the newest message to the oldest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from .folder_sync import SEARCH_SPAN, FolderCursor, HeaderBatch, fetch_headers, next_span
from .session import FolderStatus, ImapSession

_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class HistoryWindow:
    """Which messages to look at, by the day on which the server got them; ``None`` is no limit.

    SINCE and BEFORE compare days in the server's time zone (RFC 3501 §6.4.4), so a day is added at either
    end: whoever asks has to look at the date of each message.
    """

    since: date | None = None
    before: date | None = None

    def criteria(self) -> list[Any]:
        """The keys for SEARCH."""
        criteria: list[Any] = []
        if self.since:
            criteria += ["SINCE", max(self.since, date(1970, 1, 2)) - _A_DAY]
        if self.before:
            criteria += ["BEFORE", self.before + _A_DAY]
        return criteria


def history_headers(
    session: ImapSession,
    status: FolderStatus,
    cursor: FolderCursor,
    window: HistoryWindow,
    batch_size: int = 200,
) -> Iterator[HeaderBatch]:
    """The messages of the folder opened last below ``cursor.history_uid``, newest first, in batches.

    Batches without headers only move the cursor. It is at 1 when all is read. Stop whenever you like, and go on
    with the last cursor.

    :raises MailboxError: the connection or the server fails
    """
    span = SEARCH_SPAN
    while cursor.history_uid > 1:
        last = cursor.history_uid - 1
        first = 1 if status.exists <= SEARCH_SPAN else max(1, last - span + 1)
        found = session.search(["UID", f"{first}:{last}", *window.criteria()]) if status.exists else []
        uids = [uid for uid in reversed(found) if first <= uid <= last]
        for start in range(0, len(uids), batch_size):
            part = uids[start : start + batch_size]
            cursor = replace(cursor, history_uid=part[-1])
            yield HeaderBatch(cursor, fetch_headers(session, part), "history_uid")
        if cursor.history_uid > first:
            cursor = replace(cursor, history_uid=first)
            yield HeaderBatch(cursor, [], "history_uid")
        span = next_span(span, len(uids))
