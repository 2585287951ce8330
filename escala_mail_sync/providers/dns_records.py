"""What the DNS says about the mail of a domain: MX (RFC 5321 §5.1) and the services of RFC 6186 and RFC 8314."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import dns.exception
import dns.name
import dns.resolver

from .presets import Server

TIMEOUT = 2.5  # seconds for all questions together, which are asked at once

# Best first: TLS from the beginning (RFC 8314 §3) before STARTTLS.
_IMAP = (("_imaps._tcp", "tls"), ("_imap._tcp", "starttls"))
_SMTP = (("_submissions._tcp", "tls"), ("_submission._tcp", "starttls"))


@dataclass(frozen=True, slots=True)
class MailRecords:
    """``mx``: names of incoming servers, the preferred one first; the others are what the domain offers."""

    mx: tuple[str, ...] = ()
    imap: Server | None = None
    smtp: Server | None = None


@dataclass(frozen=True)
class Dns:
    """How to ask.

    :param nameservers: addresses; by default those of the machine
    :param timeout: seconds after which what has not been answered counts as not there
    """

    nameservers: Sequence[str] = ()
    port: int = 53
    timeout: float = field(default=TIMEOUT)

    def look_up(self, domain: str) -> MailRecords:
        """Return what there is; nothing when the DNS does not answer, or the name is none."""
        resolver = self._resolver()
        if resolver is None:
            return MailRecords()
        names = [service for service, _security in (*_IMAP, *_SMTP)]
        with ThreadPoolExecutor(len(names) + 1) as pool:
            mx = pool.submit(self._ask, resolver, domain, "MX")
            services = {name: pool.submit(self._ask, resolver, f"{name}.{domain}", "SRV") for name in names}
        hosts = sorted(mx.result(), key=lambda record: record.preference)
        return MailRecords(
            tuple(_text(record.exchange) for record in hosts),
            _first_offered(services, _IMAP),
            _first_offered(services, _SMTP),
        )

    def _resolver(self) -> dns.resolver.Resolver | None:
        try:
            resolver = dns.resolver.Resolver(configure=not self.nameservers)
        except dns.resolver.NoResolverConfiguration:
            return None
        if self.nameservers:
            resolver.nameservers = list(self.nameservers)
            resolver.port = self.port
        resolver.lifetime = self.timeout
        return resolver

    def _ask(self, resolver: dns.resolver.Resolver, name: str, kind: str) -> list[Any]:
        try:
            # a name as it stands: no domain of this machine is put behind it
            return list(resolver.resolve(f"{name}.", kind, search=False))
        except (dns.exception.DNSException, OSError, ValueError):
            return []


def choose(records: Sequence[Any], pick: Callable[[float], float] | None = None) -> Any | None:
    """Return the SRV record to use: lowest priority, and among those by weight (RFC 2782).

    :param pick: takes the sum of the weights and returns a number below it; random by default
    """
    offered = [record for record in records if record.target != dns.name.root]
    if not offered:
        # RFC 6186 §3.4: "." says that the service is not there
        return None
    lowest = min(record.priority for record in offered)
    group = sorted((record for record in offered if record.priority == lowest), key=lambda each: each.weight)
    total = sum(record.weight for record in group)
    left = (pick or (lambda high: random.uniform(0, high)))(total)  # noqa: S311  spreads load, hides nothing
    for record in group:
        left -= record.weight
        if left <= 0 and (record.weight or not total):
            return record
    return group[-1]


def _first_offered(answers: dict[str, Future], services: Sequence[tuple[str, str]]) -> Server | None:
    for name, security in services:
        record = choose(answers[name].result())
        if record:
            return Server(_text(record.target), record.port, security)
    return None


def _text(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()
