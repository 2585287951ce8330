"""vCard files (2.1, 3.0 of RFC 2426, 4.0 of RFC 6350): bytes in, the contacts that are in them out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote

from .addresses import parse_addresses
from .charset import clean_line, decode_base64
from .content_lines import MAX_LINES, CardLines, Property, read_properties, split_cards

MIMETYPES = ("text/vcard", "text/x-vcard", "text/directory")
MAX_BYTES = 16_000_000  # of a file
MAX_CARDS = 500  # in a file
MAX_PHOTO_BYTES = 2_000_000
_MAX_PROPERTIES = 1000  # of a card; a full one has a hundred
_MAX_ADDRESSES = 30  # e-mails, and phones, of a card
_MAX_LINE_CHARS = 300
_MAX_NOTE_CHARS = 10_000

_NOT_CALLED = {"FAX", "PAGER", "MODEM", "BBS", "TEXTPHONE"}
_CALLED = {"VOICE", "CELL", "TEXT", "MSG"}
_WEBSITE = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?:[:/?#]\S*)?", re.IGNORECASE)
_DATA_URI = re.compile(rb"data:[^,]{0,200};base64\\?,", re.IGNORECASE)
_COUNTRY_CODE = re.compile(r"[A-Z]{2}")


class VCardError(ValueError):
    """A file without a single card; ``str()`` says so in plain English."""


class Problem(StrEnum):
    """Why a card, or its photo, is left out, in plain English."""

    CUT_OFF = "it is cut off, its END is missing."
    TOO_LONG = f"it has more than {MAX_LINES} lines."
    GROUP = "it is a group, not a contact."
    LOCATION = "it is a location, not a contact."
    EMPTY = "it has no name, no e-mail address and no phone number."
    UNREADABLE = "it cannot be read"
    LARGE_PHOTO = "its photo is larger than 2 MB and was left out."


_NOT_CONTACTS = {"GROUP": Problem.GROUP, "LOCATION": Problem.LOCATION}  # RFC 6350 §6.1.4


class _ProblemFound(Exception):
    """What keeps a card from being read; never leaves this module."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class Labelled(NamedTuple):
    """An e-mail address or a phone number, and whether it is of ``work``, ``home`` or ``other``."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class VCard:
    """One card. What it does not say is ``''``; the preferred address comes first.

    ``country_code`` is an ISO 3166-1 code in upper-case, ``country`` a name in any language or a code.
    ``is_home`` tells whether the postal address is a private one; ``is_company`` whether the card is
    that of an organisation.
    """

    name: str
    is_company: bool = False
    company: str = ""
    job: str = ""
    emails: tuple[Labelled, ...] = ()
    phones: tuple[Labelled, ...] = ()
    street: str = ""
    street2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""
    country_code: str = ""
    is_home: bool = False
    website: str = ""
    note: str = ""
    photo: bytes = field(default=b"", repr=False)

    @property
    def addresses(self) -> frozenset[str]:
        """The e-mail addresses and the phone numbers, as they are written on the card."""
        return frozenset(each.value for each in (*self.emails, *self.phones))

    def repeats(self, other: VCard) -> bool:
        """Whether this card says nothing that another one does not say, so that it is of the same contact."""
        if not self.addresses <= other.addresses or not (self.addresses or self.name):
            return False
        if self.is_company != other.is_company:
            return False
        names = {each.name for each in fields(self)} - {"emails", "phones", "is_home"}
        return all(getattr(self, name) in (getattr(other, name), "", b"") for name in names)


class CardReading(NamedTuple):
    """A card of a file as it came, what is on it, and what is wrong with it.

    ``card`` is ``None`` where it cannot be read; ``detail`` is the ``problem`` in plain English, ``''`` without one.
    """

    source: bytes
    card: VCard | None
    problem: Problem | None = None
    detail: str = ""


class VCardFile(NamedTuple):
    """The cards of a file, and in plain English what of it could not be read."""

    cards: tuple[VCard, ...]
    reasons: tuple[str, ...]


def is_vcard(filename: str, mimetype: str) -> bool:
    """Whether a file is one of vCards, by what it is called."""
    return mimetype in MIMETYPES or filename.lower().endswith(".vcf")


def parse_vcards(content: bytes, charset: str = "") -> VCardFile:
    """Read a file of vCards; a card that cannot be read is left out, with a reason.

    :param charset: what the message says of the file, for cards that say nothing themselves
    :raises VCardError: when there is no card in it; nothing else
    """
    cards: list[VCard] = []
    reasons = ["It is longer than 16 MB; the rest was not read."] if len(content) > MAX_BYTES else []
    for number, reading in enumerate(read_cards(content[:MAX_BYTES], charset), start=1):
        if number > MAX_CARDS:
            reasons.append(f"It has more than {MAX_CARDS} cards; the others were not read.")
            break
        if reading.card:
            cards.append(reading.card)
        if reading.detail:
            reasons.append(f"Card {number}: {reading.detail}")
    if not cards and not reasons:
        raise VCardError("There is no vCard in it.")
    return VCardFile(tuple(cards), tuple(reasons))


def read_cards(content: bytes, charset: str = "") -> Iterator[CardReading]:
    """Read the cards of a file one by one, however many there are; a file without one gives nothing.

    The ``source`` of a reading, given to this function, gives the same card and the same problem again.

    :param charset: as for :func:`parse_vcards`
    """
    for lines in split_cards(content):
        source = lines.to_bytes()
        try:
            card = _read_card(lines, charset)
        except _ProblemFound as error:
            yield CardReading(source, None, error.problem, str(error.problem))
        except MemoryError:
            raise
        except Exception as error:
            # One card must never lose the others.
            detail = f"{Problem.UNREADABLE} ({type(error).__name__}: {error})."
            yield CardReading(source, None, Problem.UNREADABLE, detail)
        else:
            if len(card.photo) > MAX_PHOTO_BYTES:
                problem = Problem.LARGE_PHOTO
                yield CardReading(source, replace(card, photo=b""), problem, str(problem))
            else:
                yield CardReading(source, card)


def _read_card(lines: CardLines, charset: str) -> VCard:
    if not lines.is_closed:
        raise _ProblemFound(Problem.CUT_OFF)
    if len(lines.lines) >= MAX_LINES:
        raise _ProblemFound(Problem.TOO_LONG)
    # RFC 6350 §3.1: UTF-8, whatever the message says
    card = _Card(lines, "" if lines.version.startswith("4") else charset)
    if problem := _NOT_CONTACTS.get(card.kind):
        raise _ProblemFound(problem)
    found = VCard(
        name=card.name,
        is_company=card.is_company,
        company=card.company,
        job=card.line("TITLE") or card.line("ROLE"),
        emails=card.emails(),
        phones=card.phones(),
        website=card.website(),
        note=card.note(),
        photo=card.photo(),
        **card.address(),
    )
    if not (found.name or found.emails or found.phones):
        raise _ProblemFound(Problem.EMPTY)
    return found


class _Card:
    """The properties of one card, and what they say of a contact."""

    def __init__(self, lines: CardLines, charset: str) -> None:
        self._charset = charset
        self._by_name: dict[str, list[Property]] = defaultdict(list)
        self._labels: dict[str, str] = {}
        for each in islice(read_properties(lines), _MAX_PROPERTIES):
            self._by_name[each.name].append(each)
        for each in self._by_name["X-ABLABEL"]:
            # Apple's "_$!<Home>!$_", for the property of the same group
            self._labels[each.group] = self._text(each).strip("_$!<> ").upper()
        names = self._components("N")
        family, given, additional, prefix, suffix = (*names, "", "", "", "", "")[:5]
        parts = clean_line(" ".join(filter(None, (prefix, given, additional, family, suffix))))
        self.company = (self._components("ORG") or [""])[0]
        self.kind = (
            self.line("KIND") or self.line("X-ADDRESSBOOKSERVER-KIND") or self.line("X-ABSHOWAS")
        ).upper()
        full_name = self.line("FN")
        self.is_company = bool(
            self.kind in ("ORG", "COMPANY")
            or (self.company and not parts and full_name.casefold() in ("", self.company.casefold()))
        )
        self.name = full_name or parts or self.company or self.line("NICKNAME")

    def line(self, name: str) -> str:
        """The preferred value of a property as one line."""
        return next(filter(None, (clean_line(self._text(each)) for each in self._find(name))), "")[
            :_MAX_LINE_CHARS
        ]

    def emails(self) -> tuple[Labelled, ...]:
        found: dict[str, Labelled] = {}
        for each in self._find("EMAIL"):
            for address in parse_addresses(self._text(each)):
                found.setdefault(address.email, Labelled(address.email, self._label(each)))
        return tuple(found.values())[:_MAX_ADDRESSES]

    def phones(self) -> tuple[Labelled, ...]:
        """Numbers that somebody answers: no fax."""
        found: dict[str, Labelled] = {}
        for each in self._find("TEL"):
            number = self._phone(each)
            if number and (not each.types & _NOT_CALLED or each.types & _CALLED):
                found.setdefault(number, Labelled(number, self._label(each)))
        return tuple(found.values())[:_MAX_ADDRESSES]

    def address(self) -> dict[str, str | bool]:
        """The preferred postal address, else that of work, as arguments of :class:`VCard`."""
        found = [(each, self._postal_lines(each)) for each in self._find("ADR")]
        found = [(each, lines) for each, lines in found if any(lines)]
        if not found:
            return {}
        chosen, lines = min(found, key=lambda pair: (_preference(pair[0]), self._label(pair[0]) != "work"))
        box, extended, street, city, state, zip_code, country = lines
        street, *rest = [line for line in street.split("\n") if line] or [""]
        if not street:
            street, extended, box = extended or box, "", box if extended else ""
        code = self._country_code(chosen)
        street2 = ", ".join(filter(None, (*rest, extended, box)))
        return {
            "street": street[:_MAX_LINE_CHARS],
            "street2": street2[:_MAX_LINE_CHARS],
            **{
                name: clean_line(value)[:_MAX_LINE_CHARS]
                for name, value in (("city", city), ("state", state), ("zip", zip_code), ("country", country))
            },
            "country_code": code,
            "is_home": self._label(chosen) == "home",
        }

    def website(self) -> str:
        urls = (clean_line(self._text(each)) for each in self._find("URL"))
        return next((url for url in urls if len(url) <= _MAX_LINE_CHARS and _WEBSITE.fullmatch(url)), "")

    def note(self) -> str:
        notes = (self._text(each).strip() for each in self._by_name["NOTE"])
        return "\n\n".join(filter(None, notes))[:_MAX_NOTE_CHARS]

    def photo(self) -> bytes:
        """The picture itself; one that would have to be fetched from elsewhere tells who reads, and is left alone."""
        properties = [*self._find("PHOTO"), *(self._find("LOGO") if self.is_company else ())]
        return next(filter(None, map(_picture, properties)), b"")

    # Properties

    def _find(self, name: str) -> Iterable[Property]:
        """The properties of that name, the preferred one first."""
        return sorted(self._by_name[name], key=_preference)

    def _text(self, each: Property) -> str:
        return each.text(self._charset)

    def _components(self, name: str) -> list[str]:
        for each in self._find(name):
            components = [clean_line(part)[:_MAX_LINE_CHARS] for part in each.components(self._charset)]
            if any(components):
                return components
        return []

    def _label(self, each: Property) -> str:
        types = each.types | {self._labels.get(each.group, "") if each.group else ""}
        return next((name.lower() for name in ("HOME", "WORK", "OTHER") if name in types), "work")

    def _phone(self, each: Property) -> str:
        text = clean_line(self._text(each))
        scheme, colon, rest = text.partition(":")
        if colon and scheme.lower() == "tel":
            # RFC 3966 §3: "tel:+34-600-12-34-56;ext=12"
            text = unquote(rest.partition(";")[0])
        return clean_line(text)[:_MAX_LINE_CHARS] if any(character.isdigit() for character in text) else ""

    def _postal_lines(self, each: Property) -> list[str]:
        """Box, extended, street, city, state, zip, country (RFC 6350 §6.3.1); the street may have several lines."""
        parts = (*each.components(self._charset), "", "", "", "", "", "", "")[:7]
        return [
            "\n".join(clean_line(line) for line in part.split("\n")).strip()
            if position == 2
            else clean_line(part)
            for position, part in enumerate(parts)
        ]

    def _country_code(self, each: Property) -> str:
        """The parameter CC (RFC 8605 §3.1), or Apple's X-ABADR of the same group."""
        codes = [*each.parameters.get("CC", ())]
        if each.group:
            codes += [clean_line(self._text(a)) for a in self._by_name["X-ABADR"] if a.group == each.group]
        return next((code.upper() for code in codes if _COUNTRY_CODE.fullmatch(code.upper())), "")


def _preference(each: Property) -> int:
    """1 for the most preferred (RFC 6350 §5.3); "TYPE=PREF" of the older versions is as good."""
    if "PREF" in each.types:
        return 1
    number = each.parameter("PREF")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 101


def _picture(each: Property) -> bytes:
    """The bytes of a picture, be they base64 (RFC 2426 §3.1.4) or a data: URI (RFC 6350 §6.2.4)."""
    value = each.value.strip()
    if each.encoding == "BASE64":
        return decode_base64(value)
    match = _DATA_URI.match(value)
    return decode_base64(value[match.end() :]) if match else b""
