"""Several addresses in one text, as a column of a CSV file has them."""

import re

SEPARATORS = re.compile(r"[,;\r\n\t]+")


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
