"""What is new in a folder since a cursor, and the messages themselves. Only ever reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any

from ..mime.headers import HEADER_FIELDS
from .errors import MailboxError
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
#: Gmail's own identifiers of a message and its conversation, within the account.
GMAIL_ITEMS = ("X-GM-MSGID", "X-GM-THRID")
SEARCH_SPAN = 10_000
_MAX_BODIES = 200


@dataclass(frozen=True)
class FolderCursor:
    """How far a folder has been read.

    :param high_uid: what has a higher UID is new
    :param history_uid: what has a lower UID is history that has not been read yet; 1 when there is none
    """

    uidvalidity: int = 0
    high_uid: int = 0
    history_uid: int = 1

    @classmethod
    def at(cls, status: FolderStatus) -> FolderCursor:
        """The cursor of a folder that is looked at for the first time: all it holds is history."""
        return cls(status.uidvalidity, status.uidnext - 1, max(status.uidnext, 1))


@dataclass(frozen=True, slots=True)
class FetchedHeader:
    """A message as it lies on the server; ``internal_date`` is naive UTC, ``size`` in bytes.

    ``refused`` holds the words of a server that does not hand its header out; nothing else is known then.
    """

    uid: int
    flags: tuple[str, ...] = ()
    internal_date: datetime | None = None
    size: int = 0
    header: bytes = b""
    gmail_id: int = 0
    gmail_thread: int = 0
    refused: str = ""


@dataclass(frozen=True, slots=True)
class HeaderBatch:
    """Some messages in the order in which they are read, and the cursor to store together with them.

    ``moved`` names the field of the cursor that moves over them; none does if it is empty.
    """

    cursor: FolderCursor
    headers: list[FetchedHeader]
    moved: str = "high_uid"

    def split(self, max_bytes: int) -> Iterator[HeaderBatch]:
        """The same in parts whose whole messages have at most `max_bytes`, or are a single larger one.

        The cursor of a part ends with the part, that of the last one is the batch's own.
        """
        part: list[FetchedHeader] = []
        size = 0
        for header in self.headers:
            if part and size + header.size > max_bytes:
                moved = {self.moved: part[-1].uid} if self.moved else {}
                yield replace(self, headers=part, cursor=replace(self.cursor, **moved))
                part, size = [], 0
            part.append(header)
            size += header.size
        yield replace(self, headers=part)


def new_headers(
    session: ImapSession, status: FolderStatus, cursor: FolderCursor, batch_size: int = 200
) -> Iterator[HeaderBatch]:
    """The messages of the folder opened last that came after the cursor, in batches; none when nothing is new.

    A batch without headers is given when the new messages are gone already. Stop whenever you like, and go on
    with the last cursor.

    :param status: what :meth:`ImapSession.examine` has said, and what the cursor belongs to: see
        :meth:`FolderStatus.continues`, and :meth:`FolderCursor.at` for when it does not
    :raises MailboxError: the connection or the server fails
    """
    last = status.uidnext - 1
    for uids in _uid_batches(session, status, cursor.high_uid + 1, batch_size):
        cursor = replace(cursor, high_uid=uids[-1])
        yield HeaderBatch(cursor, fetch_headers(session, uids))
    if cursor.high_uid < last:
        yield HeaderBatch(replace(cursor, high_uid=last), [])


def fetch_bodies(
    session: ImapSession, headers: Sequence[FetchedHeader], max_bytes: int = 8_000_000
) -> Iterator[tuple[int, bytes | MailboxError]]:
    """The whole messages of the folder opened last, as (UID, bytes); one that is gone meanwhile is left out.

    A message that the server does not hand out comes as the error it gives.

    :param max_bytes: most to be asked for, and held in memory, at a time; a larger message
        goes alone
    :raises MailboxError: the connection or the server fails
    """
    for group in plan_bodies(headers, max_bytes):
        answers, refused = _fetch_each(session, group, ("BODY.PEEK[]",))
        bodies = {uid: data[b"BODY[]"] for uid, data in answers.items() if data.get(b"BODY[]") is not None}
        answers.clear()
        refused |= _find_unanswered(
            session, [uid for uid in group if uid not in bodies and uid not in refused]
        )
        for uid in group:
            if uid in bodies:
                yield uid, bodies.pop(uid)
            elif uid in refused:
                yield uid, refused[uid]


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


def fetch_headers(session: ImapSession, uids: Sequence[int]) -> list[FetchedHeader]:
    """The headers of these messages of the folder opened last, in the order of the UIDs; without those gone.

    :raises MailboxError: the connection or the server fails
    """
    items = HEADER_ITEMS + (GMAIL_ITEMS if session.is_gmail else ())
    answers, refused = _fetch_each(session, uids, items)
    headers = {uid: header for uid, data in answers.items() if (header := _header(uid, data))}
    refused |= _find_unanswered(session, [uid for uid in uids if uid not in headers and uid not in refused])
    headers |= {uid: FetchedHeader(uid, refused=error.detail) for uid, error in refused.items()}
    return [headers[uid] for uid in uids if uid in headers]


def _find_unanswered(session: ImapSession, uids: Sequence[int]) -> dict[int, MailboxError]:
    """Those that are there, though FETCH has told nothing of them: not gone, but garbled on the way."""
    there = session.search(["UID", ",".join(map(str, uids))]) if uids else ()
    error = MailboxError("protocol_garbled", "The server's answer about it made no sense.")
    return dict.fromkeys(set(there).intersection(uids), error)


def _fetch_each(
    session: ImapSession, uids: Sequence[int], items: Sequence[str]
) -> tuple[dict[int, dict[bytes, Any]], dict[int, MailboxError]]:
    """FETCH all at once; if the server refuses, each half, so that one damaged message costs a few commands.

    Messages at which servers hang up are not asked for.
    """
    unserved = session.unserved.get(session.folder or "", {})
    refused = {uid: MailboxError("connection_lost", unserved[uid]) for uid in uids if uid in unserved}
    uids = [uid for uid in uids if uid not in refused]
    try:
        return (session.fetch(uids, items) if uids else {}), refused
    except MailboxError as error:
        if error.code != "server_error":
            raise
        if len(uids) == 1:
            return {}, {**refused, uids[0]: error}
    answers: dict[int, dict[bytes, Any]] = {}
    for half in (uids[: len(uids) // 2], uids[len(uids) // 2 :]):
        found, without = _fetch_each(session, half, items)
        answers |= found
        refused |= without
    return answers, refused


def clean_flags(flags: Sequence[bytes | int | None]) -> tuple[str, ...]:
    """Flags as text, in alphabetical order, without \\Recent: that one is about the session (RFC 3501 §2.3.2)."""
    # IMAPClient makes numbers of keywords that are digits, and None of NIL.
    texts = sorted(
        flag.decode("utf-8", "replace") if isinstance(flag, bytes) else str(flag) for flag in flags
    )
    return tuple(flag for flag in texts if flag.lower() != "\\recent")


def _header(uid: int, data: dict[bytes, Any]) -> FetchedHeader | None:
    """``None`` for news about flags that nobody asked for (RFC 3501 §7.4.2): it has no header."""
    raw = next((value for key, value in data.items() if key.startswith(b"BODY[HEADER")), None)
    if raw is None:
        return None
    return FetchedHeader(
        uid,
        clean_flags(data.get(b"FLAGS", ())),
        _utc(data.get(b"INTERNALDATE")),
        int(data.get(b"RFC822.SIZE") or 0),
        raw,
        int(data.get(b"X-GM-MSGID") or 0),
        int(data.get(b"X-GM-THRID") or 0),
    )


def _utc(date: datetime | None) -> datetime | None:
    try:
        return date.astimezone(timezone.utc).replace(tzinfo=None) if date and date.tzinfo else date
    except OverflowError:  # at either end of the calendar
        return None
