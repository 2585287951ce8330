"""From an e-mail address to its servers: a known provider, else the DNS, else guesses that are tried."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from .dns_records import Dns
from .guesses import answers_imap, answers_smtp, first_that_answers, guess_imap, guess_smtp
from .presets import Provider, Server, by_domain, by_mx


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Where the servers of an address are, and how we know.

    :param origin: ``domain`` or ``mx`` (a known provider), ``srv`` (the domain's DNS says so), ``answered`` (guessed,
        and a server answers there) or ``guess`` (nothing answered)
    :param login: what to log in with; empty where it is the address
    :param provider: the known provider, if it is one
    """

    imap: Server
    smtp: Server
    origin: str
    login: str = ""
    provider: Provider | None = None


def discover(address: str, dns: Dns | None = None, allow_private: bool = False) -> Suggestion:
    """Say where the servers of an address probably are; takes some seconds at most for an unknown domain.

    :param address: a normalised e-mail address
    :param dns: how to ask the DNS
    :param allow_private: whether servers inside of private networks are looked for, too
    """
    name, _at, domain = address.rpartition("@")
    provider = by_domain(domain)
    if provider:
        return _from_provider(provider, name, "domain")
    records = (dns or Dns()).look_up(domain)
    provider = by_mx(records.mx)
    if provider:
        return _from_provider(provider, name, "mx")
    if records.imap and records.smtp:
        return Suggestion(records.imap, records.smtp, "srv")
    return _guess(domain, records.imap, records.smtp, allow_private)


def _from_provider(provider: Provider, name: str, origin: str) -> Suggestion:
    login = name if provider.login == "name" else ""
    return Suggestion(provider.imap, provider.smtp, origin, login, provider)


def _guess(domain: str, imap: Server | None, smtp: Server | None, allow_private: bool) -> Suggestion:
    """Guess what the DNS has not told."""
    imaps, smtps = guess_imap(domain), guess_smtp(domain)
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(
            lambda told, guesses, answers: told or first_that_answers(guesses, answers, allow_private),
            (imap, smtp),
            (imaps, smtps),
            (answers_imap, answers_smtp),
        )
    imap, smtp = found
    return Suggestion(imap or imaps[0], smtp or smtps[0], "answered" if imap and smtp else "guess")
