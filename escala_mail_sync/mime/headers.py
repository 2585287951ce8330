"""What the header of a message says: who, to whom, when, in reply to what, and whether a machine wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_tz

from .addresses import Address, parse_addresses
from .charset import clean_line, decode_text, decode_words
from .fields import (
    Fields,
    body_offset,
    first_value,
    header_start,
    parse_parameters,
    split_fields,
)

#: Every field :func:`parse_headers` looks at, for IMAP's ``BODY.PEEK[HEADER.FIELDS (...)]``.
HEADER_FIELDS = (
    "Message-ID",
    "In-Reply-To",
    "References",
    "From",
    "Reply-To",
    "To",
    "Cc",
    "Bcc",
    "Subject",
    "Date",
    "Auto-Submitted",
    "X-Autoreply",
    "X-Autorespond",
    "Precedence",
    "List-Id",
    "List-Unsubscribe",
    "List-Help",
    "List-Subscribe",
    "List-Post",
    "List-Owner",
    "List-Archive",
    "Return-Path",
    "Content-Type",
)

# RFC 2369 §3, RFC 2919
_OF_LISTS = tuple(name.lower().encode() for name in HEADER_FIELDS if name.startswith("List-"))
# RFC 5322 §2.1.1; what is longer is no Message-ID, and an index could not hold it.
_LONGEST_LINE = 998
# RFC 5321 §4.5.3.1: 64 octets, the @, 255 octets
_LONGEST_ADDRESS = 320
_IN_BRACKETS = re.compile(r"<([^<>]+)>")
# Where a message goes to be dealt with by a program: to leave a list, to report a failed delivery.
_ROBOT = re.compile(r"(?:^|[._+-])(?:unsub|unsubscribe|bounces?|listserv|majordomo)(?:$|[._+\d-])|-request$")
_EARLIEST, _LATEST = datetime(1970, 1, 1), datetime(2100, 1, 1)
_BOUNCERS = {"mailer-daemon", "postmaster", "mailerdaemon"}
_NO_REPLY = re.compile(
    r"""(?:^|[._+-])
        (?: no[._-]?reply | do[._-]?not[._-]?reply | dont[._-]?reply | no[._-]?response
          | no[._-]?responder | no[._-]?responda[s]? | no[._-]?contestar | no[._-]?respon(?:dre|gueu)
          | ne[._-]?pas[._-]?r[eé]pondre | nepasrepondre | nicht[._-]?antworten | keine[._-]?antwort
          | non[._-]?rispondere | n[aã]o[._-]?respond(?:er|a) )
        (?:$|[._+\d-])""",
    re.VERBOSE,
)

# In which the servers of Microsoft and Google keep the Message-ID that they put another one in the place of
_ORIGINAL_MESSAGE_ID = (b"x-microsoft-original-message-id", b"x-google-original-message-id")


@dataclass(frozen=True, slots=True)
class Headers:
    """The header of one message, decoded.

    ``message_id``, ``in_reply_to`` and ``references`` keep their angle brackets; ``date`` is naive
    UTC; ``original_message_id`` is the one that the message had before the sender's own server gave it another;
    ``automatic`` is ``''`` for mail of a person, else one of ``bounce``, ``calendar_reply``,
    ``auto_submitted``, ``list``, ``bulk``, ``no_reply``.
    """

    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]
    subject: str
    date: datetime | None
    automatic: str
    original_message_id: str = ""

    @property
    def own_message_ids(self) -> tuple[str, ...]:
        """The Message-IDs under which it may be known, the one that it has now first."""
        return tuple(filter(None, (self.message_id, self.original_message_id)))


def is_read_by_nobody(email: str) -> bool:
    """Whether an address, in lower case, looks like one behind which there is no person: ``no-reply@`` and the like."""
    local_part = email.rpartition("@")[0]
    return local_part in _BOUNCERS or any(sign.search(local_part) for sign in (_NO_REPLY, _ROBOT))


def parse_headers(raw: bytes) -> Headers:
    """Read a header block or the header of a whole message. Never raises.

    Seen alone, a header cannot tell a calendar reply inside a multipart:
    :func:`.parser.parse_email` can.
    """
    start = header_start(raw)
    return headers_from_fields(split_fields(raw[start : body_offset(raw, start, len(raw))]))


def headers_from_fields(fields: Fields) -> Headers:
    """The same from fields already split."""
    senders = _addresses(fields, b"from")
    sender = senders[0] if senders else None
    message_ids = _message_ids(fields.get(b"message-id", ())[:1])
    originals = _message_ids(value for name in _ORIGINAL_MESSAGE_ID for value in fields.get(name, ())[:1])
    return Headers(
        message_id=message_ids[0] if message_ids else "",
        in_reply_to=_message_ids(fields.get(b"in-reply-to", ())),
        references=_message_ids(fields.get(b"references", ())),
        sender=sender,
        reply_to=_addresses(fields, b"reply-to"),
        to=_addresses(fields, b"to"),
        cc=_addresses(fields, b"cc"),
        bcc=_addresses(fields, b"bcc"),
        subject=clean_line(decode_words(first_value(fields, b"subject"))),
        date=_parse_date(first_value(fields, b"date")),
        automatic=_detect_automatic(fields, sender),
        original_message_id=originals[0] if originals else "",
    )


def _addresses(fields: Fields, name: bytes) -> tuple[Address, ...]:
    """Every address of the fields of that name, each once."""
    found: dict[str, Address] = {}
    for value in fields.get(name, ()):
        for address in parse_addresses(decode_text(value)):
            if len(address.email.encode()) <= _LONGEST_ADDRESS:
                found.setdefault(address.email, address)
    return tuple(found.values())


def _message_ids(values: Iterable[bytes]) -> tuple[str, ...]:
    """The msg-ids of RFC 5322 §3.6.4 in order, each once; one without its brackets gets them."""
    found: dict[str, None] = {}
    for value in values:
        text = clean_line(decode_text(value))
        ids = _IN_BRACKETS.findall(text) or [word for word in text.split() if "@" in word[1:-1]]
        found.update((f"<{''.join(each.split())}>", None) for each in ids if each.strip("<> "))
    return tuple(each for each in found if len(each.encode()) <= _LONGEST_LINE)


def _parse_date(value: str) -> datetime | None:
    """Naive UTC of an RFC 5322 §3.3 date; ``None`` when there is none to believe."""
    try:
        parts = parsedate_tz(value[:200])
        if not parts:
            return None
        year, month, day, hour, minute, second = parts[:6]
        # a leap second is a date too
        date = datetime(year, month, day, hour, minute, min(second, 59))
        date -= timedelta(seconds=parts[9] or 0)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if _EARLIEST <= date < _LATEST else None


def _detect_automatic(fields: Fields, sender: Address | None) -> str:
    """Which kind of machine wrote it, the most telling sign first; ``''`` for a person."""
    content_type, parameters = parse_parameters(first_value(fields, b"content-type"))
    local_part = sender.email.rpartition("@")[0] if sender else ""
    if content_type == "multipart/report" or local_part in _BOUNCERS:
        return "bounce"
    if content_type == "text/calendar" and parameters.get("method", "").lower() == "reply":
        return "calendar_reply"
    if _is_auto_submitted(fields):
        return "auto_submitted"
    # After Auto-Submitted: RFC 3834 §3.3 gives vacation notices the empty return path too.
    if _has_empty_return_path(fields):
        return "bounce"
    if any(name in fields for name in _OF_LISTS):
        return "list"
    if first_value(fields, b"precedence").strip().lower() in ("bulk", "junk", "list", "auto_reply"):
        return "bulk"
    return "no_reply" if _NO_REPLY.search(local_part) else ""


def _is_auto_submitted(fields: Fields) -> bool:
    """RFC 3834 §5. X-Auto-Response-Suppress asks for silence and says nothing about who wrote."""
    keyword = first_value(fields, b"auto-submitted").partition(";")[0].strip().lower()
    if keyword and keyword != "no":
        return True
    return any(
        first_value(fields, name).strip().lower() not in ("", "no", "false")
        for name in (b"x-autoreply", b"x-autorespond")
    )


def _has_empty_return_path(fields: Fields) -> bool:
    values = fields.get(b"return-path")
    return bool(values) and values[0].replace(b" ", b"") == b"<>"
