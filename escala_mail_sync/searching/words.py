"""Words as Postgres keeps and finds them: without accents and case, each with the part of the e-mail it stands in.

Postgres' own parser would do differently from one server's configuration to another, and takes an address for one word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

#: What a part is called in a tsvector: its weight (PostgreSQL manual, "Text Search Types").
WEIGHTS = {"from": "A", "to": "B", "subject": "C", "body": "D"}
#: The most words of one e-mail; a tsvector holds one megabyte (PostgreSQL manual, "Limitations" of text search).
MAX_WORDS = 5_000
MAX_LENGTH = 60  # letters of a word
MAX_TEXT = 200_000  # letters of a part

# Scripts that write no blanks between words, letter by letter: Thai, kana, Chinese characters.
_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")


def split_words(text: str) -> list[str]:
    """Return the words of a text in lower case, without accents; an address is several: "ana", "example"."""
    decomposed = unicodedata.normalize("NFKD", text[:MAX_TEXT])
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return [word[:MAX_LENGTH] for word in _WORD.findall(plain.casefold())]


def make_tsvector(parts: Mapping[str, str]) -> str:
    """Return the words of an e-mail as the text of a tsvector.

    >>> make_tsvector({"from": "Ana", "subject": "Ana's café"})
    "'ana':1A,1C 'cafe':1C 's':1C"

    :param parts: text by the names in ``WEIGHTS``
    """
    weights: dict[str, str] = {}
    for part, weight in WEIGHTS.items():
        for word in split_words(parts.get(part) or ""):
            known = weights.get(word)
            if known is None and len(weights) >= MAX_WORDS:
                continue
            if known is None or weight not in known:
                weights[word] = (known or "") + weight
    return " ".join(
        f"'{word}':{','.join(f'1{weight}' for weight in weights[word])}" for word in sorted(weights)
    )


def make_tsquery(text: str, part: str | None = None, exact: bool = False) -> str:
    """Return a tsquery for e-mails that have all words of a text; ``""`` when it has no words.

    >>> make_tsquery("Café ana", "subject")
    "'cafe':*C & 'ana':*C"

    :param part: one of ``WEIGHTS``, for words of that part only
    :param exact: whole words instead of their beginnings
    """
    marks = ("" if exact else "*") + (WEIGHTS[part] if part else "")
    suffix = f":{marks}" if marks else ""
    return " & ".join(f"'{word}'{suffix}" for word in dict.fromkeys(split_words(text)))
