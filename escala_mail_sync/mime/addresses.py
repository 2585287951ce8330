"""The addresses of a header field (RFC 5322 §3.4), read the way mail programs show them.

Why not ``email.utils.getaddresses``: it takes ``boss@corp.example <thief@evil.example>`` for the
boss, recurses on nested comments, and its answers differ between Python releases. This scanner is
linear and raises nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from .charset import clean_line, decode_words

_TOKEN = re.compile(
    r"""(?P<word>=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=)   # whole: a comma in it separates nothing
      | "(?P<quoted>(?:[^"\\]|\\.)*)"
      | <(?P<angle>[^<>]*)> | <(?P<open>[^<>,;]*)   # the closing one is forgotten at times
      | (?P<comment>\()
      | (?P<group>:) | (?P<end>[,;])
      | (?P<text>[^"<>(:,;=]+|.)""",
    re.VERBOSE | re.DOTALL,
)
# Once a quote or a comment has turned out not to be closed, none is looked for again: else the cost
# would be quadratic.
_TOKEN_PLAIN = re.compile(
    r"""<(?P<angle>[^<>]*)> | <(?P<open>[^<>,;]*) | (?P<group>:) | (?P<end>[,;]) | (?P<text>[^<>:,;]+|.)""",
    re.VERBOSE | re.DOTALL,
)
_PARENTHESIS = re.compile(r"\\.|[()]", re.DOTALL)
_INNER_COMMENT = re.compile(r"\([^()]*\)")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_EMAIL = re.compile(r"""(?:"[^"\x00-\x1f]+"|[^\s"<>(),;:@\\]+)@[^\s"<>(),;@\\]+""")

# One ends where a comma follows an address.
_SHOWN_IN_LIST = re.compile(r"(.+?(?:@[^\s,@]*(?=, |\Z)|\Z))(?:, )?", re.DOTALL)

_SEPARATOR = re.compile(r"""[\s"<>(),;:\\]+""")


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox of RFC 5322 §3.4: display name (may be ``''``) and address, lower-case."""

    name: str
    email: str


@dataclass(slots=True)
class _Pieces:
    """What has been read of one address so far."""

    words: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    angle: str | None = None

    def addresses(self) -> Iterator[Address]:
        name = _display_name("".join(self.words))
        if self.angle is not None:
            # "<pete(his account)@x.example>" is allowed (§3.2.2), "<x.example pete@x.example>" occurs
            angle = _INNER_COMMENT.sub("", self.angle)
            email = _normalise(angle) or _normalise(angle.rpartition(" ")[2])
            if email:
                yield Address(name or _display_name(" ".join(self.comments)), email)
            return
        text = "".join(self.words).strip()
        whole = _normalise(text)
        if whole:
            yield Address(_display_name(" ".join(self.comments)), whole)
        elif "@" in text:
            # "Name name@host" or "a@host b@host": a separator was forgotten
            words = text.split()
            emails = [email for email in map(_normalise, words) if email]
            names = [word for word in words if not _normalise(word)]
            for email in emails:
                yield Address(_display_name(" ".join(names)) if len(emails) == 1 else "", email)


def names_another(name: str, email: str) -> bool:
    """Whether a display name passes for an address that is not its own, in full-width signs, say.

    >>> names_another("boss@corp.example", "thief@evil.example")
    True

    :param email: lower-case
    """
    # as it looks (Unicode Standard Annex #15): U+FF20 is an @, too
    name, email = (unicodedata.normalize("NFKC", text).lower() for text in (name, email))
    words = (word.strip(".'[]") for word in _SEPARATOR.split(name) if "@" in word)
    return any(word != email and _EMAIL.fullmatch(word) for word in words)


def split_shown(shown: str | None) -> tuple[str, str]:
    """Return the name and the address of "Ana Llamazares <ana@llamazares.example>", as it is shown to people.

    The name is empty if there is none, or if it passes for the address of somebody else.
    """
    name, bracket, rest = (shown or "").rpartition(" <")
    if not bracket:
        return "", shown or ""
    address = rest.rstrip(">")
    return ("" if names_another(name, address.lower()) else name), address


def split_shown_list(shown: str | None) -> list[tuple[str, str]]:
    """Return names and addresses of a list as it is shown to people: without quotes, though names have commas."""
    return [split_shown(one) for one in _SHOWN_IN_LIST.findall(shown or "")]


def get_name(shown: str | None) -> str:
    """Return the name of "Ana Llamazares <ana@llamazares.example>", or else the address."""
    name, address = split_shown(shown)
    return name or address


def parse_addresses(value: str) -> tuple[Address, ...]:
    """Every address of a header value that has an ``@``; groups give their members, junk gives nothing.

    :param value: the unfolded field body, encoded words still encoded
    """
    found = tuple(_scan(clean_line(value)))
    if not found and "=?" in value:
        # the whole value was encoded, angle brackets and all
        found = tuple(_scan(clean_line(decode_words(value))))
    return found


def _scan(value: str) -> Iterator[Address]:
    pieces, position, token = _Pieces(), 0, _TOKEN
    while position < len(value):
        match = token.match(value, position)
        assert match is not None  # the last alternative takes any character
        kind, text, position = match.lastgroup, match[match.lastgroup or 0], match.end()
        if kind == "end":
            yield from pieces.addresses()
            pieces = _Pieces()
        elif kind == "group":
            # "Team: a@x, b@x;" names no mailbox (RFC 5322 §3.4); "mailto:a@x" is a habit of people
            pieces = _Pieces()
        elif kind in ("angle", "open"):
            pieces.angle = text if pieces.angle is None or "@" in text else pieces.angle
        elif kind == "comment":
            comment, after = _comment(value, position)
            token = token if after else _TOKEN_PLAIN
            pieces.comments.append(comment)
            position = after or position
        elif kind == "quoted":
            quoted = value[position : position + 1] == "@"  # "john doe"@example.com
            pieces.words.append(match[0] if quoted else _ESCAPED.sub(r"\1", text))
        else:
            token = _TOKEN_PLAIN if text == '"' else token
            pieces.words.append(text)
    yield from pieces.addresses()


def _comment(value: str, start: int) -> tuple[str, int]:
    """The comment opened just before ``start`` and where it ends (0: nowhere).

    Comments nest (RFC 5322 §3.2.2).
    """
    depth = 1
    for match in _PARENTHESIS.finditer(value, start):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if not depth:
            return value[start : match.start()], match.end()
    return "", 0


def _display_name(text: str) -> str:
    name = clean_line(decode_words(text))
    if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1].strip()
    return name


def _normalise(text: str) -> str:
    """The address in lower-case, ``''`` when it is none."""
    email = text.strip()
    if "@" not in email and "=?" in email:
        email = clean_line(decode_words(email))
    if len(email) > 1 and email[0] == email[-1] == "'":
        email = email[1:-1]
    if email[:7].lower() == "mailto:":
        email = email[7:]
    elif email.startswith("@"):
        # <@relay.example:john@example.com>, a source route (RFC 5322 §4.4)
        email = email.rpartition(":")[2]
    email = email.strip().lower()
    return email if _EMAIL.fullmatch(email) else ""
