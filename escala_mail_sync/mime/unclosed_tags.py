"""HTML at which cleaning would take hours: of a stranger who wants to hold a mailbox up, or of a broken program."""

from __future__ import annotations

#: The most characters that a search for the ends of tags may go over; some tenths of a second. Real HTML has hardly
#: more than it is long.
MAX_CHARACTERS = 20_000_000


def is_slow_to_clean(html: str) -> bool:
    """Whether its tags are so far from their ends that Odoo's cleaning would take minutes or more.

    From every ``<`` it looks for the next ``>``, and does so again at every ``encoding=`` on the way
    (odoo/tools/mail.py, html_normalize); a megabyte of ``<`` takes hours.
    """
    characters, end, start = 0, -1, html.find("<")
    while start >= 0:
        if end < start:
            end = html.find(">", start)
            end = len(html) if end < 0 else end
        characters += (end - start) * (1 + html.count("encoding=", start, end))
        if characters > MAX_CHARACTERS:
            return True
        start = html.find("<", start + 1)
    return False
