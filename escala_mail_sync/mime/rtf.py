"""Rich text as Outlook sends it inside TNEF: compressed ([MS-OXRTFCP]), at times around HTML ([MS-OXRTFEX]).

Why not ``striprtf``: its time grows with the fourth power of a font table, two kilobytes hold a
worker for a minute; and it knows nothing of HTML. Here the cost is linear.
"""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from .charset import clean_text, codec_name

MAX_BYTES = 2_000_000
_MAX_DEPTH = 1000  # of groups
# [MS-OXRTFCP] §2.1.2.1
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_WINDOW = 4096
_HEADER = struct.Struct("<II4sI")

_TOKEN = re.compile(
    rb"""\\(?:(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})?[ ]? | '(?P<hex>[0-9a-fA-F]{2}) | (?P<symbol>.))
       | (?P<brace>[{}]) | [\r\n]+ | (?P<text>[^\\{}\r\n]+) | \\""",
    re.VERBOSE | re.DOTALL,
)
_FROM_HTML = re.compile(rb"\\fromhtml1\b")
_CHARACTERS = {
    b"par": "\n",
    b"line": "\n",
    b"sect": "\n",
    b"page": "\n",
    b"row": "\n",
    b"tab": "\t",
    b"cell": "\t",
    b"emdash": "—",
    b"endash": "–",
    b"bullet": "•",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"~": "\xa0",
    b"-": "\xad",
    b"_": "\u2011",
    b"{": "{",
    b"}": "}",
    b"\\": "\\",
    b"\r": "\n",
    b"\n": "\n",
}
_NOT_SHOWN = {
    *(b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"headerl", b"headerr"),
    *(b"footer", b"footerl", b"footerr", b"footnote", b"listtable", b"listoverridetable", b"fldinst"),
    *(b"themedata", b"datastore", b"xmlnstbl", b"generator", b"bkmkstart", b"bkmkend", b"mhtmltag"),
}
# \fcharset to Windows code page (Rich Text Format specification 1.9.1, "Font Table")
_CHARSETS = {
    **{0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "big5"},
    **{161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257"},
    **{204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437"},
}


def decompress_rtf(content: bytes) -> bytes:
    """The rich text of a property PidTagRtfCompressed, as much of it as there is; up to 2 MB.

    :raises ValueError: when it is none
    """
    if len(content) < _HEADER.size:
        raise ValueError("The compressed text is too short.")
    _size, raw_size, kind, _checksum = _HEADER.unpack_from(content)
    raw_size = min(raw_size, MAX_BYTES)
    if kind == b"MELA":
        return content[_HEADER.size :][:raw_size]
    if kind != b"LZFu":
        raise ValueError("The compressed text is of an unknown kind.")
    return _decompress(content, raw_size)


def _decompress(content: bytes, raw_size: int) -> bytes:
    """[MS-OXRTFCP] §3.1.4.1: bits tell bytes from references into the last 4 KB.

    The window is the end of ``output`` itself, which begins with what it holds at the start.
    """
    output = bytearray(_DICTIONARY)
    end = len(_DICTIONARY) + raw_size
    position = _HEADER.size
    while position < len(content) and len(output) < end:
        control, position = content[position], position + 1
        for bit in range(8):
            if not control >> bit & 1:
                output += content[position : position + 1]
                position += 1
                continue
            reference = int.from_bytes(content[position : position + 2], "big")
            position += 2
            offset, length = reference >> 4, (reference & 15) + 2
            distance = (len(output) - offset) % _WINDOW
            if not distance or distance > len(output):
                # where the next byte goes means the end; what was never written means nothing
                return bytes(output[len(_DICTIONARY) : end])
            start = len(output) - distance
            for index in range(start, start + length):
                output.append(output[index])
    return bytes(output[len(_DICTIONARY) : end])


def rtf_to_text(rtf: bytes) -> str:
    """The words of a rich text; of one around HTML its plain rendering. Never raises."""
    return _words(rtf, html=False)


def rtf_to_html(rtf: bytes) -> str:
    """The HTML that a rich text was made of ([MS-OXRTFEX] §2.1.3), ``''`` when it was not. Never raises."""
    if not _FROM_HTML.search(rtf, 0, 1000):
        return ""
    return _words(rtf, html=True)


@dataclass(slots=True)
class _State:
    """What holds within a group."""

    shown: bool = True
    destination: bytes = b""
    font: int = -1
    skip: int = 1  # how many characters stand for one of \u (\uc)
    is_rendering: bool = False  # between \htmlrtf and \htmlrtf0


@dataclass(slots=True)
class _Reader:
    html: bool
    state: _State = field(default_factory=_State)
    stack: list[_State] = field(default_factory=list)
    charset: str = "cp1252"
    charsets: dict[int, str] = field(default_factory=dict)
    default_font: int = -1
    to_skip: int = 0
    pending: bytearray = field(default_factory=bytearray)  # bytes of characters that may not be complete

    @property
    def is_visible(self) -> bool:
        return self.state.shown and not (self.html and self.state.is_rendering)

    def flush(self) -> str:
        """Decode what was pending, in the charset of the font."""
        if not self.pending:
            return ""
        font = self.state.font if self.state.font >= 0 else self.default_font
        text = codecs.decode(bytes(self.pending), self.charsets.get(font) or self.charset, "replace")
        self.pending.clear()
        return text

    def add(self, content: bytes) -> None:
        """Take bytes of text, less those that only stand for a Unicode character before them."""
        skipped = min(self.to_skip, len(content))
        self.to_skip -= skipped
        if self.is_visible:
            self.pending += content[skipped:]

    def word(self, word: bytes, number: int | None) -> str:
        """Obey a control word, and return the character that it is."""
        state = self.state
        if word in _NOT_SHOWN:
            state.shown, state.destination = False, word
        elif word == b"htmltag":
            # the only group behind a \* that is shown
            is_hidden = bool(self.stack) and not self.stack[-1].shown
            state.shown, state.destination = self.html and not is_hidden, word
        elif word == b"htmlrtf":
            state.is_rendering = number != 0
        elif word == b"ansicpg":
            self.charset = codec_name(f"cp{number}") or ("utf-8" if number == 65001 else self.charset)
        elif word == b"deff":
            self.default_font = number or 0
        elif word == b"f":
            state.font = number or 0
        elif word == b"fcharset" and state.destination == b"fonttbl":
            self.charsets[state.font] = _CHARSETS.get(number or 0, "")
        elif word == b"uc":
            state.skip = min(number or 0, 16)
        elif word == b"u" and number is not None:
            self.to_skip = state.skip
            return chr(number & 0xFFFF) if self.is_visible else ""
        elif word in _CHARACTERS:
            return _CHARACTERS[word] if self.is_visible else ""
        return ""


def _words(rtf: bytes, html: bool) -> str:
    text = "".join(_pieces(rtf[:MAX_BYTES], _Reader(html)))
    # \u gives characters beyond the first 65,536 as two surrogates
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return clean_text(joined).strip()


def _pieces(rtf: bytes, reader: _Reader) -> Iterator[str]:
    position = 0
    while match := _TOKEN.match(rtf, position):
        position = match.end()
        if match["hex"]:
            reader.add(bytes([int(match["hex"], 16)]))
            continue
        if match["text"]:
            reader.add(match["text"])
            continue
        yield reader.flush()
        if match["brace"] == b"{":
            if len(reader.stack) > _MAX_DEPTH:
                return
            reader.to_skip = 0
            reader.stack.append(reader.state)
            reader.state = replace(reader.state)
        elif match["brace"] == b"}":
            reader.to_skip = 0
            if reader.stack:
                reader.state = reader.stack.pop()
            if not reader.stack:
                return  # what follows the document is none of it
        elif match["word"]:
            number = int(match["number"]) if match["number"] else None
            if match["word"] == b"bin":
                position += max(number or 0, 0)
            yield reader.word(match["word"], number)
        elif match["symbol"] == b"*":
            # a destination that not everybody knows: hidden, unless it is one of the few that are shown
            reader.state.shown = False
        elif match["symbol"] and reader.to_skip:
            reader.to_skip -= 1
        elif match["symbol"] and reader.is_visible:
            yield _CHARACTERS.get(match["symbol"], "")
    yield reader.flush()
