"""Several addresses in one text, as a column of a CSV file has them."""

import re
import unicodedata

SEPARATORS = re.compile(r"[,;\r\n\t]+")

# Soft hyphen, zero-width space and marks of the direction of writing; not the joiners, which words need.
INVISIBLE = dict.fromkeys(
    [
        0xAD,
        0x200B,
        0x200E,
        0x200F,
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2065),
        *range(0x2066, 0x206A),
        0xFEFF,
    ]
)


def drop_invisible(text: str) -> str:
    """Leave out what nobody sees, which would make another address of one that was copied from a web page.

    An accent is no character of its own (RFC 6532, section 3.1).

    >>> drop_invisible("\u202aana@vinedo.example\u200b")
    'ana@vinedo.example'
    """
    return unicodedata.normalize("NFC", text).translate(INVISIBLE)


def split_phones(text: str) -> list[str]:
    """Split a text into phone numbers: at commas, semicolons and line ends.

    >>> split_phones("+34 600 12 34 56, 947 12 34 56;")
    ['+34 600 12 34 56', '947 12 34 56']
    """
    return [part for part in map(str.strip, SEPARATORS.split(text)) if part]


def split_emails(text: str) -> list[str]:
    """Split a text into e-mail addresses; where spaces alone stand between them, at the spaces too.

    >>> split_emails("Otto <otto@escala.example>, rrhh@escala.example ventas@escala.example")
    ['Otto <otto@escala.example>', 'rrhh@escala.example', 'ventas@escala.example']
    """
    return [
        email for part in split_phones(text) for email in (part.split() if part.count("@") > 1 else [part])
    ]
