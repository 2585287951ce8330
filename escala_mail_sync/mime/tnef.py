"""What Outlook packs into one attachment, winmail.dat: files and the text of the message ([MS-OXTNEF]).

Why not ``tnefparse``: sixty bytes make it count to four billion; it loses everything for one
attribute that it does not know, drops the zeros at the end of files, and copies what is left of the
message for every attribute. Here every length is checked against what is there, and nothing is
copied before it is wanted.
"""

from __future__ import annotations

import mimetypes
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from .attachments import Attachment, safe_filename
from .charset import clean_line, clean_text, decode_text
from .rtf import decompress_rtf, rtf_to_html, rtf_to_text

MIMETYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
FILENAME = "winmail.dat"
MAX_FILES = 500
MAX_DEPTH = 5  # of messages within messages

_SIGNATURE = 0x223E9F78
_HEADER = struct.Struct("<IH")
_ATTRIBUTE = struct.Struct("<BHHI")
_CHECKSUM_SIZE = 2

# Attributes ([MS-OXTNEF] §2.1.1.1)
_BODY = 0x800C
_ATTACH_DATA = 0x800F
_ATTACH_TITLE = 0x8010
_ATTACH_TRANSPORT_FILENAME = 0x9001
_ATTACH_REND_DATA = 0x9002
_MSG_PROPS = 0x9003
_ATTACHMENT = 0x9005
_OEM_CODEPAGE = 0x9007

# Properties ([MS-OXPROPS])
_BODY_TEXT = 0x1000
_RTF_COMPRESSED = 0x1009
_BODY_HTML = 0x1013
_DISPLAY_NAME = 0x3001
_ATTACH_DATA_OBJECT = 0x3701
_ATTACH_FILENAME = 0x3704
_ATTACH_LONG_FILENAME = 0x3707
_ATTACH_MIME_TAG = 0x370E
_ATTACH_CONTENT_ID = 0x3712
_INTERNET_CODEPAGE = 0x3FDE

# Types of properties ([MS-OXCDATA] §2.11.1): how many bytes a value has, 0 for those that say so themselves
_SIZES = {
    **{0x0002: 2, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 2},
    **{0x0014: 8, 0x0040: 8, 0x0048: 16, 0x000D: 0, 0x001E: 0, 0x001F: 0, 0x0102: 0},
}
_PT_NOTHING = (0x0000, 0x0001)
_PT_LONG = 0x0003
_PT_OBJECT = 0x000D
_PT_STRING8 = 0x001E
_PT_UNICODE = 0x001F
_MULTIPLE = 0x1000
_NAMED = 0x8000
_GUID_SIZE = 16
_IID_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")

_MIMETYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
# The builtin table alone: the answer must not depend on the machine's /etc/mime.types.
_MIME_TYPES = mimetypes.MimeTypes()
_CHARSETS = {
    **{65001: "utf-8", 65000: "utf-7", 20127: "ascii", 1200: "utf-16-le", 20866: "koi8-r", 21866: "koi8-u"},
    **{28590 + part: f"iso-8859-{part}" for part in range(1, 17)},
    **{50220: "iso-2022-jp", 50221: "iso-2022-jp", 50222: "iso-2022-jp", 50225: "iso-2022-kr"},
    **{51932: "euc-jp", 51949: "euc-kr", 51936: "gb18030", 54936: "gb18030", 10000: "mac-roman"},
}

Value = memoryview | int


class TnefError(ValueError):
    """Bytes that are no TNEF, or are damaged; ``str()`` says why in plain English."""


@dataclass(frozen=True, slots=True)
class TnefContent:
    """What was packed: the message as text and as HTML (``''`` without), and its files."""

    text: str
    html: str
    attachments: tuple[Attachment, ...]


@dataclass(slots=True)
class _File:
    """What the attributes say of one file."""

    title: str = ""
    content: bytes | memoryview = b""
    properties: dict[int, tuple[int, Value]] = field(default_factory=dict)


def is_tnef(attachment: Attachment) -> bool:
    """Whether a file is TNEF, by what it is called."""
    return attachment.mimetype in MIMETYPES or attachment.filename.lower() == FILENAME


def unpack_tnef(content: bytes) -> TnefContent:
    """Unpack a winmail.dat; the files of messages within it are among its own.

    :raises TnefError: when it is none, is damaged, or holds too much; nothing else
    """
    try:
        return _unpack(memoryview(content), MAX_DEPTH)
    except (struct.error, IndexError) as error:
        raise TnefError("It is damaged: something is missing at its end.") from error


def _unpack(content: memoryview, depth: int) -> TnefContent:
    if len(content) < _HEADER.size or _HEADER.unpack_from(content)[0] != _SIGNATURE:
        raise TnefError("It is no TNEF.")
    if not depth:
        raise TnefError(f"Its messages are nested more than {MAX_DEPTH} deep.")
    charset, body = "cp1252", ""
    properties: dict[int, tuple[int, Value]] = {}
    files: list[_File] = []
    for name, value in _attributes(content):
        if name == _OEM_CODEPAGE:
            charset = _charset(int.from_bytes(value[:4], "little"))
        elif name == _BODY:
            body = _string(value, charset)
        elif name == _MSG_PROPS:
            properties = _properties(value)
        elif name == _ATTACH_REND_DATA:
            files.append(_File())
            if len(files) > MAX_FILES:
                raise TnefError(f"It has more than {MAX_FILES} files.")
        elif files:
            _add_to_file(files[-1], name, value, charset)
    text, html = _bodies(properties, body, charset)
    attachments = [each for file in files for each in _attachments(file, charset, depth)]
    if len(attachments) > MAX_FILES:
        raise TnefError(f"It has more than {MAX_FILES} files.")
    return TnefContent(text, html, tuple(attachments))


def _attributes(content: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Names and values ([MS-OXTNEF] §2.1.3.2); the checksums say nothing that the lengths do not."""
    position = _HEADER.size
    while position + _ATTRIBUTE.size <= len(content):
        _level, name, _type, length = _ATTRIBUTE.unpack_from(content, position)
        position += _ATTRIBUTE.size
        if position + length > len(content):
            raise TnefError("It is damaged: something is missing at its end.")
        yield name, content[position : position + length]
        position += length + _CHECKSUM_SIZE


def _add_to_file(file: _File, name: int, value: memoryview, charset: str) -> None:
    if name == _ATTACH_DATA:
        file.content = value
    elif name in (_ATTACH_TITLE, _ATTACH_TRANSPORT_FILENAME):
        file.title = file.title or _string(value, charset)
    elif name == _ATTACHMENT:
        file.properties = _properties(value)


# Properties


def _properties(content: memoryview) -> dict[int, tuple[int, Value]]:
    """Type and first value of each property that has a number ([MS-OXTNEF] §2.1.3.4).

    One of an unknown type ends the list: how long it is cannot be known.
    """
    found: dict[int, tuple[int, Value]] = {}
    count, position = _number(content, 0), 4
    while count and position < len(content):
        count -= 1
        kind, name = struct.unpack_from("<HH", content, position)
        position += 4
        if name >= _NAMED:
            position = _after_name(content, position)
        value_type = kind & ~_MULTIPLE
        if value_type in _PT_NOTHING:
            continue
        if value_type not in _SIZES:
            break
        value, position = _value(content, position, value_type, bool(kind & _MULTIPLE))
        if value is not None:
            found.setdefault(name, (value_type, value))
    return found


def _after_name(content: memoryview, position: int) -> int:
    """Where the name of a property ends that has one: a GUID, and a number or a text."""
    kind, length = struct.unpack_from("<II", content, position + _GUID_SIZE)
    position += _GUID_SIZE + 8
    return position + _padded(length) if kind else position


def _value(content: memoryview, position: int, kind: int, is_multiple: bool) -> tuple[Value | None, int]:
    """The first value, and where the last one ends."""
    size = _SIZES[kind]
    count = 1
    if is_multiple or not size:
        count, position = _number(content, position), position + 4
    if size:
        end = position + _padded(count * size)
        if end > len(content):
            raise TnefError("It is damaged: something is missing at its end.")
        return int.from_bytes(content[position : position + size], "little") if count else None, end
    first = None
    for _index in range(count):
        # each takes four bytes of what is there, so this ends
        length, position = _number(content, position), position + 4
        if position + length > len(content):
            raise TnefError("It is damaged: something is missing at its end.")
        first = content[position : position + length] if first is None else first
        position += _padded(length)
    return first, position


def _number(content: memoryview, position: int) -> int:
    return struct.unpack_from("<I", content, position)[0]


def _padded(length: int) -> int:
    return length + -length % 4


def _text(properties: dict[int, tuple[int, Value]], name: int, charset: str) -> str:
    """A property as text, ``''`` without it."""
    kind, value = properties.get(name, (_PT_UNICODE, memoryview(b"")))
    if isinstance(value, int):
        return ""
    return _string(value, "utf-16-le" if kind == _PT_UNICODE else charset)


def _string(value: memoryview, charset: str) -> str:
    return clean_text(decode_text(bytes(value), charset))  # takes the zero at the end away too


def _charset(codepage: int) -> str:
    """The charset of a Windows code page; an unknown one makes decoding fall back to UTF-8 and Windows-1252."""
    return _CHARSETS.get(codepage, f"cp{codepage}")


# What is in it


def _bodies(properties: dict[int, tuple[int, Value]], body: str, charset: str) -> tuple[str, str]:
    """The message as text and as HTML, the latter from the rich text if that was made of it."""
    text = _text(properties, _BODY_TEXT, charset) or body
    kind, codepage = properties.get(_INTERNET_CODEPAGE, (0, 0))
    is_named = isinstance(codepage, int) and kind == _PT_LONG
    html = _text(properties, _BODY_HTML, _charset(codepage) if is_named else charset)
    if not html.strip():
        rtf = _rich_text(properties)
        html = rtf_to_html(rtf)
        text = text if text.strip() or html else rtf_to_text(rtf)
    return text, html


def _rich_text(properties: dict[int, tuple[int, Value]]) -> bytes:
    _kind, value = properties.get(_RTF_COMPRESSED, (0, 0))
    try:
        return b"" if isinstance(value, int) else decompress_rtf(bytes(value))
    except ValueError:
        return b""


def _attachments(file: _File, charset: str, depth: int) -> Iterator[Attachment]:
    """The file; of an enclosed message its text and its files."""
    properties = file.properties
    names = (_ATTACH_LONG_FILENAME, _ATTACH_FILENAME, _DISPLAY_NAME)
    given = [file.title, *(_text(properties, name, charset) for name in names)]
    title, long_name, short_name, display_name = given
    name = long_name or title or short_name or display_name
    kind, value = properties.get(_ATTACH_DATA_OBJECT, (0, 0))
    content = file.content if len(file.content) or isinstance(value, int) else value
    if kind == _PT_OBJECT and not isinstance(value, int):
        if value[:_GUID_SIZE] == _IID_MESSAGE:
            yield from _enclosed(value[_GUID_SIZE:], display_name or name, depth)
            return
        content = content if len(file.content) else value[_GUID_SIZE:]
    mimetype = clean_line(_text(properties, _ATTACH_MIME_TAG, charset)).lower()
    if not _MIMETYPE.fullmatch(mimetype):
        mimetype = _MIME_TYPES.guess_type(name)[0] or "application/octet-stream"
    content_id = clean_line(_text(properties, _ATTACH_CONTENT_ID, charset)).strip("<> ")
    yield Attachment(safe_filename(name, mimetype), mimetype, bytes(content), content_id, bool(content_id))


def _enclosed(content: memoryview, name: str, depth: int) -> Iterator[Attachment]:
    inner = _unpack(content, depth - 1)
    for mimetype, extension, body in (("text/html", ".html", inner.html), ("text/plain", ".txt", inner.text)):
        if body.strip():
            filename = safe_filename(f"{name or 'message'}{extension}", mimetype)
            yield Attachment(filename, mimetype, body.encode(), "", False, "utf-8")
            break
    yield from inner.attachments
