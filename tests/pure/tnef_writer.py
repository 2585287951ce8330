"""Writes TNEF ([MS-OXTNEF]) and compressed rich text ([MS-OXRTFCP]) as Outlook does, for tests."""

import struct

SIGNATURE = 0x223E9F78
LEVEL_MESSAGE, LEVEL_FILE = 1, 2
BODY, ATTACH_DATA, ATTACH_TITLE, ATTACH_REND_DATA = 0x800C, 0x800F, 0x8010, 0x9002
MSG_PROPS, ATTACHMENT, OEM_CODEPAGE, TNEF_VERSION = 0x9003, 0x9005, 0x9007, 0x9006
SHORT, LONG, BOOLEAN, OBJECT, STRING8, UNICODE, TIME, BINARY = 2, 3, 0xB, 0xD, 0x1E, 0x1F, 0x40, 0x102
BODY_TEXT, RTF_COMPRESSED, BODY_HTML, INTERNET_CODEPAGE = 0x1000, 0x1009, 0x1013, 0x3FDE
DISPLAY_NAME, DATA_OBJECT, LONG_FILENAME, MIME_TAG, CONTENT_ID = 0x3001, 0x3701, 0x3707, 0x370E, 0x3712
IID_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")


def tnef(*attributes: bytes, codepage: int = 1252) -> bytes:
    """A whole winmail.dat of these attributes."""
    return b"".join(
        [
            struct.pack("<IH", SIGNATURE, 7),
            attribute(LEVEL_MESSAGE, TNEF_VERSION, struct.pack("<I", 0x10000)),
            attribute(LEVEL_MESSAGE, OEM_CODEPAGE, struct.pack("<II", codepage, 0)),
            *attributes,
        ]
    )


def attribute(level: int, name: int, value: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, 6, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def message(*properties: bytes) -> bytes:
    """The attribute with the properties of the message."""
    return attribute(LEVEL_MESSAGE, MSG_PROPS, property_list(*properties))


def file(content: bytes, title: str = "", *properties: bytes, charset: str = "cp1252") -> bytes:
    """The attributes of a file."""
    pieces = [attribute(LEVEL_FILE, ATTACH_REND_DATA, struct.pack("<HIHHI", 1, 0, 32, 32, 0))]
    if title:
        pieces.append(attribute(LEVEL_FILE, ATTACH_TITLE, title.encode(charset) + b"\0"))
    if content:
        pieces.append(attribute(LEVEL_FILE, ATTACH_DATA, content))
    if properties:
        pieces.append(attribute(LEVEL_FILE, ATTACHMENT, property_list(*properties)))
    return b"".join(pieces)


def property_list(*properties: bytes) -> bytes:
    return struct.pack("<I", len(properties)) + b"".join(properties)


def long(name: int, value: int) -> bytes:
    return struct.pack("<HHI", LONG, name, value)


def variable(kind: int, name: int, *values: bytes) -> bytes:
    """A property of bytes: text, binary, object; several values make a multiple one."""
    kind |= 0x1000 if len(values) > 1 else 0
    head = struct.pack("<HHI", kind, name, len(values))
    return head + b"".join(struct.pack("<I", len(value)) + padded(value) for value in values)


def text(name: int, value: str) -> bytes:
    return variable(UNICODE, name, (value + "\0").encode("utf-16-le"))


def named(kind: int, value: bytes, name: str = "") -> bytes:
    """A property with a name, or a number, of its own, which stands before the value."""
    encoded = (name + "\0").encode("utf-16-le")
    tail = struct.pack("<II", 1, len(encoded)) + padded(encoded) if name else struct.pack("<II", 0, 0x8501)
    return struct.pack("<HH", kind, 0x8001) + bytes(16) + tail + value


def padded(value: bytes) -> bytes:
    return value + bytes(-len(value) % 4)


def compressed(rtf: bytes, *, dictionary: bytes, window: int = 4096) -> bytes:
    """Rich text with every repetition within the last 4 KB as a reference, the longest one found."""
    seen = bytearray(dictionary)
    output, group, control = bytearray(), bytearray(), 0
    position, count = 0, 0

    def close_group() -> None:
        nonlocal control, count
        output.append(control)
        output.extend(group)
        group.clear()
        control = count = 0

    while position <= len(rtf):
        start, length = _longest(seen, rtf[position : position + 17], window)
        if position == len(rtf):
            # a reference to where the next byte would go ends the text
            control |= 1 << count
            group += struct.pack(">H", (len(seen) % window) << 4)
            close_group()
            break
        if length > 1:
            control |= 1 << count
            group += struct.pack(">H", (start % window) << 4 | (length - 2))
        else:
            length = 1
            group.append(rtf[position])
        seen += rtf[position : position + length]
        position += length
        count += 1
        if count == 8:
            close_group()
    return struct.pack("<II4sI", len(output) + 12, len(rtf), b"LZFu", 0) + bytes(output)


def _longest(seen: bytearray, wanted: bytes, window: int) -> tuple[int, int]:
    begin = max(0, len(seen) - window + 17)
    for length in range(len(wanted), 1, -1):
        start = seen.rfind(wanted[:length], begin)
        if start >= 0:
            return start, length
    return 0, 0
