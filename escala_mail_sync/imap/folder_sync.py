"""What is new in a folder since a cursor, and the messages themselves. Only ever reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any

from ..mime.headers import HEADER_FIELDS
from .session import FolderStatus, ImapSession

#: Only what :func:`parse_headers` reads: a tenth of a header with its Received and DKIM lines, and
#: PEEK leaves \Seen.
HEADER_ITEMS = (
    "UID",
    "FLAGS",
    "INTERNALDATE",
    "RFC822.SIZE",
    f"BODY.PEEK[HEADER.FIELDS ({' '.join(name.upper() for name in HEADER_FIELDS)})]",
)
SEARCH_SPAN = 10_000
_MAX_BODIES = 200


@dataclass(frozen=True)
class FolderCursor:
    """How far a folder has been read.

    :param high_uid: every UID up to this one has been seen
    :param modseq: the state of the folder when it was first read: flags that changed later have a
        higher one
        (RFC 7162). :func:`new_headers` sets it once and leaves it to whoever follows flags.
    """

    uidvalidity: int = 0
    high_uid: int = 0
    modseq: int | None = None


@dataclass(frozen=True, slots=True)
class FetchedHeader:
    """A message as it lies on the server; ``internal_date`` is naive UTC, ``size`` in bytes."""

    uid: int
    flags: tuple[str, ...]
    internal_date: datetime | None
    size: int
    header: bytes


@dataclass(frozen=True, slots=True)
class HeaderBatch:
    """Some new messages, UIDs ascending, and the cursor to store together with them."""

    cursor: FolderCursor
    headers: list[FetchedHeader]
    uidvalidity_changed: bool

    def split(self, max_bytes: int) -> Iterator[HeaderBatch]:
        """The same in parts whose whole messages have at most `max_bytes`, or are a single larger one.

        The cursor of a part ends with the part, that of the last one is the batch's own.
        """
        part: list[FetchedHeader] = []
        size = 0
        for header in self.headers:
            if part and size + header.size > max_bytes:
                yield replace(self, headers=part, cursor=replace(self.cursor, high_uid=part[-1].uid))
                part, size = [], 0
            part.append(header)
            size += header.size
        yield replace(self, headers=part)


def new_headers(
    session: ImapSession, folder: str, cursor: FolderCursor, batch_size: int = 200
) -> Iterator[HeaderBatch]:
    """The messages that came after the cursor, in batches; none when nothing is new.

    A batch without headers is given when only the cursor moved: the folder was empty at first
    sight, its UIDVALIDITY changed (RFC 3501 §2.3.1.1: every UID is void, reading starts over), or
    the new messages are gone already. Stop whenever you like, and go on with the last cursor.

    :raises MailboxError: the connection or the server fails
    """
    status = session.examine(folder)
    changed = bool(cursor.uidvalidity) and status.uidvalidity != cursor.uidvalidity
    if status.uidvalidity != cursor.uidvalidity:
        cursor = FolderCursor(status.uidvalidity, 0, status.highestmodseq)
    elif status.uidnext <= cursor.high_uid + 1:
        return
    last = status.uidnext - 1
    for uids in _uid_batches(session, status, cursor.high_uid + 1, batch_size):
        headers = _fetch_headers(session, uids)
        cursor = replace(cursor, high_uid=uids[-1])
        yield HeaderBatch(cursor, headers, changed)
    if cursor.high_uid < last or not last:
        yield HeaderBatch(replace(cursor, high_uid=last), [], changed)


def fetch_bodies(
    session: ImapSession, headers: Sequence[FetchedHeader], max_bytes: int = 8_000_000
) -> Iterator[tuple[int, bytes]]:
    """The whole messages of the folder read last, as (UID, bytes); one that is gone meanwhile is left out.

    :param max_bytes: most to be asked for, and held in memory, at a time; a larger message
        goes alone
    :raises MailboxError: the connection or the server fails
    """
    for group in plan_bodies(headers, max_bytes):
        answers = session.fetch(group, ("BODY.PEEK[]",))
        for uid in group:
            raw = answers.pop(uid, {}).get(b"BODY[]")
            if raw is not None:
                yield uid, raw


def plan_bodies(headers: Sequence[FetchedHeader], max_bytes: int) -> Iterator[list[int]]:
    """UIDs in groups of at most ``max_bytes`` together."""
    group: list[int] = []
    size = 0
    for header in headers:
        if group and (size + header.size > max_bytes or len(group) >= _MAX_BODIES):
            yield group
            group, size = [], 0
        group.append(header.uid)
        size += header.size
    if group:
        yield group


# Which UIDs to ask for


def _uid_batches(
    session: ImapSession, status: FolderStatus, first: int, batch_size: int
) -> Iterator[list[int]]:
    """UIDs, ascending, ``batch_size`` at a time, that together name every message from ``first`` on.

    A few new messages: all UIDs up to the last, no search. Many: UIDs may be sparse (a folder of
    300 with UIDs in the millions), so walking blindly over ranges could take thousands of empty
    answers; one search over everything could answer with 100,000 numbers. So the search goes in
    spans, and spans grow while they are empty. No ``n:*`` anywhere: it means the last message when
    n is beyond it (RFC 3501 §9).
    """
    last = status.uidnext - 1
    if not status.exists or first > last:
        return
    if last - first < batch_size:
        yield list(range(first, last + 1))
        return
    span = SEARCH_SPAN
    while first <= last:
        end = last if status.exists <= SEARCH_SPAN else min(first + span - 1, last)
        uids = [uid for uid in session.search(["UID", f"{first}:{end}"]) if first <= uid <= end]
        for start in range(0, len(uids), batch_size):
            yield uids[start : start + batch_size]
        span = next_span(span, len(uids))
        first = end + 1


def next_span(span: int, found: int) -> int:
    """How many UIDs to search next: eight times as many while hardly any exist, few again when they do."""
    return span * 8 if found < span // 100 else SEARCH_SPAN


# Reading the answers


def _fetch_headers(session: ImapSession, uids: Sequence[int]) -> list[FetchedHeader]:
    answers = session.fetch(uids, HEADER_ITEMS)
    headers = [_header(uid, answers[uid]) for uid in uids if uid in answers]
    return [header for header in headers if header is not None]


def _header(uid: int, data: dict[bytes, Any]) -> FetchedHeader | None:
    """``None`` for news about flags that nobody asked for (RFC 3501 §7.4.2): it has no header."""
    raw = next((value for key, value in data.items() if key.startswith(b"BODY[HEADER")), None)
    if raw is None:
        return None
    # \Recent is about the session, not about the message (RFC 3501 §2.3.2)
    flags = [flag.decode("utf-8", "replace") for flag in data.get(b"FLAGS", ())]
    flags = tuple(flag for flag in flags if flag.lower() != "\\recent")
    return FetchedHeader(uid, flags, _utc(data.get(b"INTERNALDATE")), int(data.get(b"RFC822.SIZE") or 0), raw)


def _utc(date: datetime | None) -> datetime | None:
    return date.astimezone(timezone.utc).replace(tzinfo=None) if date and date.tzinfo else date
