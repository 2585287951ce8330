"""Header fields as raw bytes (RFC 5322 §2.2): where a header ends, what its fields hold.

Why not ``email.parser``: it stops at the first malformed line and takes the fields below for the
body, and it is three times slower.
"""

from __future__ import annotations

import re
from email.message import Message

from .charset import clean_line, decode_text

Fields = dict[bytes, list[bytes]]

MAX_HEADER_BYTES = 512 * 1024
MAX_VALUE_BYTES = 128 * 1024  # some 3,000 recipients
_MAX_PARAMETERS_CHARS = 8 * 1024  # the parameter parser of the stdlib is quadratic

_LEADING = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]*(?:>?From [^\r\n]*(?:\r\n|\n|\r))?")
# A line end, then an empty line; CR, LF and CRLF all occur.
_END_OF_HEADER = re.compile(rb"(?:\n|\r(?!\n))(?:\r\n|\n|\r)")
_BLANK_LINE = re.compile(rb"(?:\n|\r(?!\n))[ \t]{1,100}(?:\r\n|\n|\r)")


def header_start(raw: bytes) -> int:
    """Offset of the first field: a byte order mark, empty lines and an mbox ``From `` line are skipped."""
    match = _LEADING.match(raw)
    return match.end() if match else 0


def body_offset(raw: bytes, start: int, end: int) -> int:
    """Offset of the body of the message or part in ``raw[start:end]``; ``end`` when it has none."""
    if raw[start : start + 2] == b"\r\n":
        return start + 2
    if raw[start : start + 1] in (b"\n", b"\r"):
        return start + 1
    match = _END_OF_HEADER.search(raw, start, end)
    if not match:
        # a line of blanks belongs to the header (RFC 5322 §4.2), unless nothing else ends it
        match = _BLANK_LINE.search(raw, start, end)
    return match.end() if match else end


def split_fields(block: bytes) -> Fields:
    """Field bodies by lower-case name, unfolded (RFC 5322 §2.2.3), in order of appearance.

    Lines that are no field are skipped.
    """
    block = block[:MAX_HEADER_BYTES].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    block = block.replace(b"\n ", b" ").replace(b"\n\t", b" ")
    fields: Fields = {}
    for line in block.split(b"\n"):
        name, colon, value = line.partition(b":")
        name = name.strip()
        if colon and name and b" " not in name:
            fields.setdefault(name.lower(), []).append(value[:MAX_VALUE_BYTES].strip())
    return fields


def first_value(fields: Fields, name: bytes) -> str:
    """The first field of that name as text, ``''`` without one.

    Raw 8-bit is UTF-8 (RFC 6532), else Windows-1252.
    """
    values = fields.get(name)
    return decode_text(values[0]) if values else ""


def parse_parameters(value: str) -> tuple[str, dict[str, str]]:
    """``type/subtype; name=value`` as (lower-case main value, parameters), RFC 2045 §5.1 with RFC 2231."""
    main, semicolon, rest = value[:_MAX_PARAMETERS_CHARS].partition(";")
    main = clean_line(main).lower()
    return main, _parameters(rest) if semicolon else {}


def _parameters(rest: str) -> dict[str, str]:
    carrier = Message()
    carrier["Content-Type"] = "x/x; " + rest
    try:
        pairs = carrier.get_params(failobj=[], unquote=True)[1:]
    except (ValueError, TypeError, IndexError, KeyError, LookupError):
        return {}
    parameters: dict[str, str] = {}
    for name, parameter in pairs:
        parameters.setdefault(name.lower(), _parameter_text(parameter))
    return parameters


def _parameter_text(value: str | tuple[str | None, str | None, str]) -> str:
    """The text of a parameter; a triple is RFC 2231 (charset, language, bytes in a Latin-1 string)."""
    if isinstance(value, str):
        return value
    charset, _language, text = value
    try:
        return decode_text(text.encode("latin-1"), charset or "")
    except UnicodeEncodeError:
        return text
