"""Addresses and domains that are kept out: how people write them, and whether an address is among them.

A pattern is `name@gmail.com`, one address, or `gmail.com`, everybody there. Addresses and patterns are compared
in one form: lower-case, the domain in ASCII (RFC 5890, section 2.3.2.1), so that it does not matter whether
somebody typed `müller.example` and the message says `xn--mller-kva.example`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from unicodedata import normalize

import idna

from .addresses import parse_addresses

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"  # RFC 1035, section 2.3.1; the underscore occurs
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z0-9-]*[a-z]){_LABEL}")
_LONGEST_DOMAIN = 253
# Wildcards that other programs know, and what is left before a domain: "*@", "*.", "%@"
_EVERYBODY = "*%@."


class PatternError(ValueError):
    """The text is no pattern; `suggestion` is the pattern that may be meant, or empty."""

    def __init__(self, suggestion: str = "") -> None:
        super().__init__(suggestion)
        self.suggestion = suggestion


def parse_pattern(text: str) -> str:
    """Return the pattern that somebody typed, in the form in which patterns are compared.

    `gmail.com` and `@gmail.com` are the same. Raises PatternError for everything that is neither an address
    nor a domain: wildcards, spaces, several addresses, a domain without a dot.
    """
    typed = text.strip()
    pattern = _read(typed)
    if not pattern:
        raise PatternError(_suggest(typed))
    return pattern


def is_domain(pattern: str) -> bool:
    """Tell whether a pattern stands for everybody at a domain, not for one address."""
    return "@" not in pattern


def normalise(email: str) -> str:
    """Return an address in the form in which it is compared with patterns."""
    local_part, _at, domain = email.rpartition("@")
    return f"{normalize('NFC', local_part).lower()}@{_to_ascii(domain)}"


def get_spellings(pattern: str) -> tuple[str, ...]:
    """Return how a pattern may be written in a message: its domain in ASCII, and as people read it."""
    local_part, at, domain = pattern.rpartition("@")
    try:
        readable = idna.decode(domain)
    except idna.IDNAError:
        return (pattern,)
    return tuple(dict.fromkeys((pattern, f"{local_part}{at}{readable}")))


def get_patterns(email: str) -> tuple[str, ...]:
    """Return the patterns that an address is kept out by.

    They are the address, its domain, and the domains above, which count for whoever excluded subdomains too.
    """
    address = normalise(email)
    return (address, *_domains(address))


def is_excluded(email: str, patterns: Mapping[str, bool]) -> bool:
    """Tell whether an address is kept out.

    :param patterns: maps each pattern to whether it stands for the subdomains too
    """
    address, *domains = get_patterns(email)
    alone = (address, *domains[:1])
    return any(each in patterns for each in alone) or any(patterns.get(each) for each in domains)


def _domains(address: str) -> Iterator[str]:
    domain = address.rpartition("@")[2]
    while domain:
        yield domain
        domain = domain.partition(".")[2]


def _read(typed: str) -> str:
    """Return a pattern, or the empty string for what is none."""
    local_part, _at, domain = typed.rpartition("@")
    domain = _to_ascii(domain)
    if len(domain) > _LONGEST_DOMAIN or not _DOMAIN.fullmatch(domain):
        return ""
    if not local_part:
        return domain
    address = parse_addresses(typed)
    if len(address) != 1 or address[0].email != typed.lower() or re.search(r"[*%\s]", local_part):
        return ""
    return normalise(typed)


def _to_ascii(domain: str) -> str:
    domain = domain.lower().removesuffix(".")
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain


def _suggest(typed: str) -> str:
    """Return what may be meant: by `*@gmail.com` `gmail.com`, by `Ana <ana@gmail.com>` `ana@gmail.com`."""
    addresses = parse_addresses(typed)
    if len(addresses) == 1 and (pattern := _read(addresses[0].email)):
        return pattern
    return _read("".join(typed.split()).lstrip(_EVERYBODY))
