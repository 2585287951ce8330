"""The lines of a vCard file (RFC 6350 §3.2 and §3.3, RFC 2426 §2.6, vCard 2.1 §2.1): bytes to properties.

Why not ``vobject``: its expression for a line takes time that doubles with every ``=`` among the
parameters, so that a line of sixty bytes holds a worker for days; and it refuses a whole file for
one bad line, character or photo. Here the cost is linear, and nothing is raised.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .charset import clean_text, decode_base64, decode_text

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_LINE = re.compile(rb"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
MAX_LINES = 60_000  # of one card: a photo of 2 MB has 37,000
_MAX_TEXT_BYTES = 100_000
_MARK = re.compile(rb"\s*(?:[\w-]+\.)?(BEGIN|END)\s*:\s*VCARD\s*", re.IGNORECASE)
_LONGEST_MARK = 100
_AGENT = re.compile(rb"\s*AGENT\b[^:]*:\s*", re.IGNORECASE)
_VERSION = re.compile(rb"\s*VERSION\s*:\s*([\d.]+)", re.IGNORECASE)

_NAME = re.compile(rb"\s*(?:([\w-]+)\.)?([\w-]+)\s*")
# The two alternatives for a character of the value begin differently: nothing is tried twice.
_PARAMETER = re.compile(rb""";\s*([\w-]*)\s*(?:=((?:"[^"]*"|[^":;])*))?""")
_PARAMETER_VALUE = re.compile(r'"([^"]*)"|([^,"]+)')
_ENCODING = re.compile(rb"[;=,\s](QUOTED-PRINTABLE|BASE64|B)\s*(?=[;,]|$)", re.IGNORECASE)
# What vCard 2.1 and Apple write without a name and is no type.
_BARE_ENCODINGS = ("QUOTED-PRINTABLE", "BASE64", "B", "7BIT", "8BIT")
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]+=*[ \t]*")
_PIECE = re.compile(r"\\.|[^\\;]+|[\\;]", re.DOTALL)


@dataclass(slots=True)
class CardLines:
    """The lines of one card between BEGIN and END, and whether it has its END."""

    lines: list[bytes]
    is_closed: bool = False

    @property
    def version(self) -> str:
        """``2.1``, ``3.0``, ``4.0``; ``''`` when the card does not say."""
        matches = (_VERSION.match(line) for line in self.lines)
        return next((match[1].decode() for match in matches if match), "")

    def to_bytes(self) -> bytes:
        """The card as a file of its own."""
        end = [b"END:VCARD", b""] if self.is_closed else []
        return b"\r\n".join([b"BEGIN:VCARD", *self.lines, *end])


@dataclass(frozen=True, slots=True)
class Property:
    """One property: ``item1.TEL;TYPE=home:+34 600 12 34 56``. Names are upper-case."""

    group: str
    name: str
    parameters: dict[str, tuple[str, ...]]
    value: bytes = field(repr=False)

    def parameter(self, name: str, default: str = "") -> str:
        """The first value of a parameter; ``CHARSET=`` has none."""
        return next(iter(self.parameters.get(name, ())), default)

    @property
    def types(self) -> set[str]:
        """``{"HOME", "VOICE"}``."""
        return {value.upper() for value in self.parameters.get("TYPE", ())}

    @property
    def encoding(self) -> str:
        """How the value is encoded: ``QUOTED-PRINTABLE``, ``BASE64``, or ``''``."""
        named = self.parameter("ENCODING").upper()
        return {"B": "BASE64", "7BIT": "", "8BIT": ""}.get(named, named)

    def content(self) -> bytes:
        """The value with its encoding undone."""
        if self.encoding == "QUOTED-PRINTABLE":
            return binascii.a2b_qp(self.value)
        return decode_base64(self.value) if self.encoding == "BASE64" else self.value

    def components(self, charset: str) -> list[str]:
        """The value as text, split at semicolons, backslashes undone (RFC 6350 §3.4).

        :param charset: the one of the file, for a property that names none
        """
        label = self.parameter("CHARSET", charset)
        content = self.content()[:_MAX_TEXT_BYTES]
        parts: list[list[str]] = [[]]
        for piece in _PIECE.findall(clean_text(decode_text(content, label))):
            if piece == ";":
                parts.append([])
            elif piece[0] == "\\" and len(piece) > 1:
                parts[-1].append("\n" if piece[1] in "nN" else piece[1])
            else:
                parts[-1].append(piece)
        return ["".join(pieces) for pieces in parts]

    def text(self, charset: str) -> str:
        """The value as one text: a semicolon that nobody escaped is one."""
        return ";".join(self.components(charset))


def split_cards(content: bytes) -> Iterator[CardLines]:
    """The cards of a file. One within another (the AGENT of vCard 2.1 §2.4.1) is left out."""
    if content[:2] in _UTF16_MARKS:
        content = content.decode("utf-16", "replace").encode("utf-8", "replace")
    card, depth, before = CardLines([]), 0, b""
    for match in _LINE.finditer(content.replace(_BYTE_ORDER_MARK, b"")):
        line = match[1]
        mark = _MARK.fullmatch(line) if len(line) < _LONGEST_MARK else None
        if not mark:
            if depth == 1 and len(card.lines) < MAX_LINES:
                card.lines.append(line)
        elif mark[1].upper() == b"BEGIN":
            if depth and _AGENT.fullmatch(before):
                depth += 1
            else:
                if depth:
                    yield card
                card, depth = CardLines([]), 1
        elif depth:
            depth -= 1
            if not depth:
                card.is_closed = True
                yield card
        before = line if line.strip() else before
    if depth:
        yield card


def read_properties(card: CardLines) -> Iterator[Property]:
    """The properties of a card; lines that are none are skipped."""
    # vCard 2.1 §2.1.3: the blank that a folded line begins with belongs to the value
    for line in _unfold(card.lines, keep_blank=card.version.startswith("2")):
        if found := _read_property(line):
            yield found


def _unfold(lines: Iterable[bytes], keep_blank: bool) -> Iterator[bytes]:
    pieces: list[bytes] = []
    encoding = b""
    for line in lines:
        if encoding == b"QUOTED-PRINTABLE" and pieces[-1].rstrip().endswith(b"="):
            # a soft line break (vCard 2.1 §2.1.3)
            pieces[-1] = pieces[-1].rstrip()[:-1]
            pieces.append(line)
        elif pieces and line[:1] in (b" ", b"\t"):
            pieces.append(line if keep_blank else line[1:])
        elif encoding in (b"BASE64", b"B") and _BASE64_LINE.fullmatch(line):
            # somebody forgot the blank
            pieces.append(line)
        else:
            yield b"".join(pieces)
            pieces = [line]
            match = _ENCODING.search(line.partition(b":")[0])
            encoding = match[1].upper() if match else b""
    yield b"".join(pieces)


def _read_property(line: bytes) -> Property | None:
    name = _NAME.match(line)
    if not name:
        return None
    parameters: dict[str, tuple[str, ...]] = {}
    position = name.end()
    while match := _PARAMETER.match(line, position):
        position = match.end()
        key, values = _parameter(match[1], match[2])
        parameters[key] = parameters.get(key, ()) + values
    colon = line.find(b":", position)
    if colon < 0:
        return None
    group = (name[1] or b"").decode("ascii", "replace").upper()
    return Property(group, name[2].decode("ascii", "replace").upper(), parameters, line[colon + 1 :])


def _parameter(name: bytes, value: bytes | None) -> tuple[str, tuple[str, ...]]:
    """Name and values; ``TYPE="voice,cell"`` is a list too (RFC 6350 §5.6), ``;CELL`` a type (vCard 2.1 §2.1.2)."""
    key = name.decode("ascii", "replace").upper()
    if value is None:
        return ("ENCODING" if key in _BARE_ENCODINGS else "TYPE"), ((key,) if key else ())
    values = [quoted or plain.strip() for quoted, plain in _PARAMETER_VALUE.findall(decode_text(value))]
    if key == "TYPE":
        values = [each.strip() for value in values for each in value.split(",")]
    return key, tuple(filter(None, values))
