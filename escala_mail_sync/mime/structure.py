"""The MIME structure of a message (RFC 2045, RFC 2046 §5) as offsets into its bytes.

Why not ``email.parser``: it copies a large attachment several times line by line, recurses into
nested parts, and cannot give back the exact bytes of an enclosed message. Here nothing is copied
before a part is wanted.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from email.message import Message

from .charset import decode_base64
from .fields import Fields, body_offset, first_value, header_start, parse_parameters, split_fields

MAX_DEPTH = 50
MAX_PARTS = 500

_CONTENT_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+*-]+", re.ASCII)
_FIRST_DASHES = re.compile(rb"(?:^|[\r\n])--([^\r\n]*[^\r\n\t -])[ \t]*[\r\n]")
# The first line decides: words under a wrong label are no base64, a footer added after it is no
# reason to keep it.
_LOOKS_LIKE_BASE64 = re.compile(rb"\s*[A-Za-z0-9+/]+=*[ \t]*(?:[\r\n]|$)")
_UUENCODED = {"x-uuencode", "uuencode", "uue", "x-uue"}


class ParseError(ValueError):
    """A message that cannot be read; ``str()`` says why in plain English.

    ``code``: ``no_sender``, ``nested_too_deep``, ``too_many_parts``, ``empty`` or ``unreadable``.
    """

    def __init__(self, code: str, explanation: str) -> None:
        super().__init__(explanation)
        self.code = code


@dataclass(slots=True)
class Part:
    """One part: its fields, and where in the message its body lies."""

    raw: bytes = field(repr=False)
    start: int
    end: int
    fields: Fields
    content_type: str
    parameters: dict[str, str]
    depth: int = 0
    children: list[Part] = field(default_factory=list)

    @property
    def is_multipart(self) -> bool:
        """Whether it has parts of its own (a multipart without any is read as text)."""
        return bool(self.children)

    @property
    def subtype(self) -> str:
        """``mixed`` of ``multipart/mixed``."""
        return self.content_type.partition("/")[2]

    def content(self) -> bytes:
        """The body with its transfer encoding undone (RFC 2045 §6), as much of it as can be."""
        encoding = first_value(self.fields, b"content-transfer-encoding").partition(";")[0]
        encoding = encoding.strip().strip("\"'").lower()
        body = memoryview(self.raw)[self.start : self.end]
        if encoding == "base64" and _LOOKS_LIKE_BASE64.match(self.raw, self.start, self.end):
            return decode_base64(body)
        if encoding == "quoted-printable":
            return binascii.a2b_qp(body)
        if encoding in _UUENCODED:
            return _decode_uu(bytes(body))
        return bytes(body)


def read_structure(raw: bytes) -> Part:
    """The message as a tree of parts; enclosed messages (message/rfc822) stay closed.

    :raises ParseError: ``nested_too_deep`` beyond 50 levels, ``too_many_parts`` beyond 500
    """
    root = _read_part(raw, header_start(raw), len(raw), depth=0, default_type="text/plain")
    waiting, count = [root], 1
    while waiting:
        part = waiting.pop()
        if not part.content_type.startswith("multipart/"):
            continue
        ranges = _child_ranges(part, MAX_PARTS - count)
        if ranges and part.depth >= MAX_DEPTH:
            raise ParseError("nested_too_deep", f"Its parts are nested more than {MAX_DEPTH} levels deep.")
        count += len(ranges)
        if count > MAX_PARTS:
            raise ParseError("too_many_parts", f"It has more than {MAX_PARTS} parts.")
        # RFC 2046 §5.1.5: what a digest holds are messages unless said otherwise
        default_type = "message/rfc822" if part.subtype == "digest" else "text/plain"
        part.children = [_read_part(raw, *each, part.depth + 1, default_type) for each in ranges]
        waiting += part.children
    return root


def _read_part(raw: bytes, start: int, end: int, depth: int, default_type: str) -> Part:
    body = body_offset(raw, start, end)
    fields = split_fields(raw[start:body])
    content_type, parameters = parse_parameters(first_value(fields, b"content-type"))
    if not _CONTENT_TYPE.fullmatch(content_type):
        # RFC 2045 §5.2; "Content-Type: text" and the like are still met
        content_type = default_type
    return Part(raw, body, end, fields, content_type, parameters, depth)


def _child_ranges(part: Part, most: int) -> list[tuple[int, int]]:
    """Where the parts of a multipart lie; one more than ``most`` is enough to know."""
    boundary = part.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
    ranges = _split(part, b"--" + boundary, most) if boundary else []
    if not ranges:
        # no boundary is named, or another one than is used: the first line that looks like one
        match = _FIRST_DASHES.search(part.raw, part.start, part.end)
        ranges = _split(part, b"--" + match[1], most) if match else []
    return ranges


def _split(part: Part, delimiter: bytes, most: int) -> list[tuple[int, int]]:
    """RFC 2046 §5.1.1. A closing delimiter that is missing is taken to stand at the end."""
    raw, ranges, opened = part.raw, [], -1
    position = raw.find(delimiter, part.start, part.end)
    while position >= 0 and len(ranges) <= most:
        after = position + len(delimiter)
        closing = raw[after : after + 2] == b"--"
        line_end = _line_end(raw, after + 2 * closing, part.end)
        if line_end and (position == part.start or raw[position - 1] in b"\r\n"):
            if opened >= 0:
                ranges.append((opened, max(opened, _before_line_end(raw, position))))
            opened = -1 if closing else line_end
            if closing:
                break
        position = raw.find(delimiter, after, part.end)
    if opened >= 0 and opened < part.end:
        ranges.append((opened, part.end))
    return ranges


def _line_end(raw: bytes, position: int, end: int) -> int:
    """Offset after the line when only padding is left on it, else 0."""
    while position < end and raw[position] in b" \t":
        position += 1
    if raw[position : position + 2] == b"\r\n":
        return position + 2
    if position >= end or raw[position] in b"\r\n":
        return min(position + 1, end)
    return 0


def _before_line_end(raw: bytes, position: int) -> int:
    """The line end before a delimiter belongs to the delimiter."""
    if raw[position - 2 : position] == b"\r\n":
        return position - 2
    return position - 1


def _decode_uu(body: bytes) -> bytes:
    carrier = Message()
    carrier["Content-Transfer-Encoding"] = "x-uuencode"
    carrier.set_payload(body.decode("latin-1"))
    decoded = carrier.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else body
