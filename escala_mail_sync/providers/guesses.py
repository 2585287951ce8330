"""Where servers usually are when nobody says it, and which of these places answers."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait

from ..imap.errors import MailboxError
from ..imap.server_session import ServerSettings
from ..imap.session import ImapSession
from ..smtp.session import SmtpSession
from .presets import Server

TIMEOUT = 3.0  # seconds for all together, which are tried at once


def guess_imap(domain: str) -> list[Server]:
    """Places where the IMAP server of a domain may be, the likeliest first; encrypted ones only."""
    hosts = (f"imap.{domain}", f"mail.{domain}", domain)
    return [
        *(Server(host, 993, "tls") for host in hosts),
        *(Server(host, 143, "starttls") for host in hosts),
    ]


def guess_smtp(domain: str) -> list[Server]:
    """Places where the SMTP server for a domain's own people may be, the likeliest first."""
    hosts = (f"smtp.{domain}", f"mail.{domain}", domain)
    return [
        *(Server(host, 465, "tls") for host in hosts),
        *(Server(host, 587, "starttls") for host in hosts),
    ]


def answers_imap(server: Server, allow_private: bool = False) -> bool:
    """Whether an IMAP server with a valid certificate answers there; nobody logs in."""
    return _answers(_ImapGreeting(_nobody(server, allow_private)))


def answers_smtp(server: Server, allow_private: bool = False) -> bool:
    """Whether an SMTP server with a valid certificate answers there and lets people log in; nobody does."""
    return _answers(_SmtpGreeting(_nobody(server, allow_private)))


def first_that_answers(
    servers: Sequence[Server],
    answers: Callable[[Server, bool], bool],
    allow_private: bool = False,
    timeout: float = TIMEOUT,
) -> Server | None:
    """Try all at once and return the first in the list that answers in time.

    :param allow_private: whether those inside of private networks are tried, too
    """
    pool = ThreadPoolExecutor(len(servers))
    tries = {server: pool.submit(answers, server, allow_private) for server in servers}
    wait(tries.values(), timeout)
    # the look-up of a name cannot be broken off: it ends in its own time, and nobody waits
    pool.shutdown(wait=False, cancel_futures=True)
    return next((server for server, attempt in tries.items() if attempt.done() and attempt.result()), None)


class _ImapGreeting(ImapSession):
    """As far as one gets without logging in. Which hosts may be connected to is checked where sessions connect."""

    def _log_in(self) -> None:
        pass

    def _read_capabilities(self) -> None:
        pass


class _SmtpGreeting(SmtpSession):
    """The same for SMTP."""

    def _log_in(self) -> None:
        if not self.client.esmtp_features.get("auth", "").strip():
            raise MailboxError("auth_unsupported")


def _nobody(server: Server, allow_private: bool) -> ServerSettings:
    return ServerSettings(
        server.host, server.port, server.security, "", timeout=TIMEOUT, allow_private=allow_private
    )


def _answers(session: ImapSession | SmtpSession) -> bool:
    with contextlib.suppress(MailboxError), session:
        return True
    return False
