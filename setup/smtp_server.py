"""A real SMTP server on a loopback port; what is sent to a demo mailbox arrives in its INBOX."""

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from setup.dovecot import Dovecot
from setup.postgres import free_port

logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every connection


@dataclass
class Delivery:
    """The server's handler: local delivery into Dovecot, everything else is kept in `outside`."""

    dovecot: Dovecot
    domains: tuple[str, ...]
    outside: list = field(default_factory=list)

    async def handle_DATA(self, server, session, envelope) -> str:
        """Take one message (RFC 5321, section 4.1.1.4)."""
        for recipient in envelope.rcpt_tos:
            if recipient.rpartition("@")[2] in self.domains:
                self.dovecot.append(recipient.lower(), "INBOX", envelope.content)
            else:
                self.outside.append((recipient, envelope.content))
        return "250 OK"


@dataclass
class SmtpServer:
    """Where the server listens, and what left our domains."""

    host: str
    port: int
    outside: list


@contextlib.contextmanager
def running(dovecot: Dovecot, domains: tuple[str, ...]) -> Iterator[SmtpServer]:
    """Give a server for the length of the block; it takes every user with Dovecot's password."""

    def authenticate(server, session, envelope, mechanism, data) -> AuthResult:
        known = isinstance(data, LoginPassword) and data.password == dovecot.password.encode()
        return AuthResult(success=known)

    delivery = Delivery(dovecot, domains)
    controller = Controller(
        delivery,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=authenticate,
        auth_require_tls=False,
        decode_data=False,
    )
    controller.start()
    try:
        yield SmtpServer(controller.hostname, controller.port, delivery.outside)
    finally:
        controller.stop()
