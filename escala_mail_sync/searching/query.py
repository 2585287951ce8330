"""What somebody types to search, as mail programs take it: ``from:ana has:attachment before:2026-05-01 offer``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from .words import make_tsquery

# In Spanish, too: as its users know them from their mail programs.
_KEYS = {
    "from": "from",
    "de": "from",
    "to": "to",
    "para": "to",
    "cc": "to",
    "subject": "subject",
    "asunto": "subject",
    "has": "has",
    "tiene": "has",
    "before": "before",
    "antes": "before",
    "after": "after",
    "desde": "after",
    "despues": "after",
    "después": "after",
}
_ATTACHMENT = {"attachment", "attachments", "adjunto", "adjuntos"}
_DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
#: Days of other years are words: midnight somewhere on the first of all days lies before it, which no date can say.
YEARS = range(1970, 2201)
_TERM = re.compile(r'(?P<not>-)?(?:(?P<key>[^\W\d_]+):)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')


@dataclass(frozen=True)
class SearchQuery:
    """What to look for. ``tsqueries`` must all match, ``excluded`` must not; the days are in the user's time zone."""

    tsqueries: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    has_attachment: bool | None = None
    before: date | None = None
    after: date | None = None
    #: Whether there is anything in it; a search for blanks and punctuation finds nothing.
    is_empty: bool = field(default=False)


def parse_query(text: str) -> SearchQuery:
    """Read what was typed. Never raises: what is no operator is words, "10:30" and "from:" too."""
    wanted: list[str] = []
    excluded: list[str] = []
    has_attachment = before = after = None
    for term in _TERM.finditer(text):
        key = _KEYS.get((term["key"] or "").casefold())
        value = term["phrase"] if term["phrase"] is not None else term["word"]
        day = _parse_date(value) if key in ("before", "after") else None
        if key == "has" and value.casefold() in _ATTACHMENT:
            has_attachment = not term["not"]
        elif day and key == "before":
            before = day
        elif day:
            after = day
        else:
            part = key if key in ("from", "to", "subject") else None
            words = value if part or not term["key"] else f"{term['key']} {value}"
            is_exact = term["phrase"] is not None and not part
            tsquery = make_tsquery(words, part, is_exact)
            if tsquery:
                (excluded if term["not"] else wanted).append(tsquery)
    nothing = not (wanted or excluded or before or after) and has_attachment is None
    return SearchQuery(tuple(wanted), tuple(excluded), has_attachment, before, after, nothing)


def _parse_date(text: str) -> date | None:
    for format_ in _DATE_FORMATS:
        try:
            day = datetime.strptime(text, format_).date()
        except ValueError:
            continue
        return day if day.year in YEARS else None
    return None
