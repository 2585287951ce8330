"""Bytes to text, whatever the sender claimed: charsets (RFC 2045 §5), encoded words (RFC 2047), clean-up.

Nothing here raises on bad input: mail in the wild lies about its charset every day.
"""

from __future__ import annotations

import binascii
import codecs
import re
from functools import lru_cache

# Labels that senders use for a superset (WHATWG Encoding Standard, §4.2 "Names and labels").
_SUPERSETS = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
# Python codecs that are no charset of e-mail; idna and punycode also decode in quadratic time.
# ASCII is what senders call bytes they know nothing about: it goes the way of the unknown.
_NOT_CHARSETS = {
    "ascii",
    "idna",
    "punycode",
    "unicode-escape",
    "raw-unicode-escape",
    "undefined",
    "mbcs",
    "oem",
}
_CHARSET_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,39}")

# [^?]* and not .*? : a header of an attacker must cost linear time. Five stray "?" are let through.
_ENCODED_WORD = re.compile(
    r"=\?([^?*\s]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]*){0,5})\?="
)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
# Controls, line and paragraph separators, lone surrogates: none has a place in a one-line value.
_UNFIT_IN_LINE = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
# In a body tab and newline stay. PostgreSQL refuses NUL and surrogates, XML the other controls.
_UNFIT_IN_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]+")


@lru_cache(maxsize=256)
def codec_name(label: str) -> str:
    """Python's name of a charset label, widened as browsers do; ``''`` when there is no such charset."""
    label = label.strip().strip("'\"")
    if not _CHARSET_LABEL.fullmatch(label):
        return ""
    try:
        name = codecs.lookup(label).name
        b"text".decode(name, "replace")  # LookupError for codecs such as zlib
    except (LookupError, ValueError):
        return ""
    return "" if name in _NOT_CHARSETS else _SUPERSETS.get(name, name)


def decode_text(content: bytes, label: str = "") -> str:
    """Decode with the named charset; unknown or missing ones are taken as UTF-8, else Windows-1252."""
    codec = codec_name(label) if label else ""
    return content.decode(codec, "replace") if codec not in ("", "utf-8") else _decode_utf8(content)


def _decode_utf8(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        # not one good sequence: it never was UTF-8; else some bytes of it were lost on the way
        never = content.decode("utf-8", "ignore").isascii()
        return content.decode("cp1252" if never else "utf-8", "replace")


def clean_line(value: str) -> str:
    """One line: controls, NUL, surrogates and runs of blanks become one space."""
    return _UNFIT_IN_LINE.sub(" ", value).strip()


def clean_text(value: str) -> str:
    """A body: newlines as ``\\n``, no control but tab and newline, no NUL, no lone surrogate."""
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    return _UNFIT_IN_TEXT.sub("", value)


def decode_base64(content: bytes | memoryview) -> bytes:
    """Decode base64, and as much as can be of a broken one (stray characters, missing padding)."""
    try:
        return binascii.a2b_base64(content)
    except binascii.Error:
        kept = _NOT_BASE64.sub(b"", bytes(content))
    kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def decode_words(value: str) -> str:
    """Decode the encoded words of a header value (RFC 2047), garbage left as it stands.

    Neighbours in the same charset are joined before they are decoded: senders split multi-byte
    characters between them, against §5.
    """
    if "=?" not in value:
        return value
    pieces: list[str] = []
    charset, encoded, position = "", b"", 0
    for match in _ENCODED_WORD.finditer(value):
        between = value[position : match.start()]
        label = match[1].lower()
        if encoded and (label != charset or between.strip()):
            pieces.append(decode_text(encoded, charset))
            encoded = b""
        if between.strip() or not position:  # blanks between two encoded words don't count (§6.2)
            pieces.append(between)
        charset, encoded, position = label, encoded + _word_bytes(match[2], match[3]), match.end()
    pieces += [decode_text(encoded, charset), value[position:]]
    return "".join(pieces)


def _word_bytes(encoding: str, encoded: str) -> bytes:
    raw = encoded.encode("utf-8", "replace")
    if encoding in "bB":
        return decode_base64(raw)
    return binascii.a2b_qp(raw, header=True)
