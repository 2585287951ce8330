"""A real SMTP server on a loopback port; what is sent to a demo mailbox arrives in its INBOX."""

import base64
import binascii
import contextlib
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import MISSING, AuthResult, LoginPassword

from setup.dovecot import Dovecot
from setup.postgres import free_port

logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every connection

# What XOAUTH2 sends, as Google describes it.
LOGIN = re.compile(r"user=([^\x01]*)\x01auth=Bearer ([^\x01]*)\x01\x01")


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
class DeliveryWithTokens(Delivery):
    """A handler whose server takes access tokens, too.

    :param address_of: says whose mailbox an access token opens, or None
    """

    address_of: Callable[[str], str | None] = field(kw_only=True)

    async def auth_XOAUTH2(self, server, args: list[str]) -> AuthResult:
        """Take the login `user=ADDRESS^Aauth=Bearer TOKEN^A^A`, in base64, with the command or after it."""
        answer = args[1] if len(args) > 1 else await server.challenge_auth("")
        if answer is MISSING:
            return AuthResult(success=False)  # the client has been told
        try:
            login = base64.b64decode(answer) if isinstance(answer, str) else answer
        except binascii.Error:
            login = b""
        parts = LOGIN.fullmatch(login.decode("utf-8", "replace"))
        known = bool(parts) and parts[1] == self.address_of(parts[2])
        return AuthResult(success=known, handled=False)


@dataclass
class SmtpServer:
    """Where the server listens, and what left our domains."""

    host: str
    port: int
    outside: list


@contextlib.contextmanager
def running(
    dovecot: Dovecot, domains: tuple[str, ...], address_of: Callable[[str], str | None] | None = None
) -> Iterator[SmtpServer]:
    """Give a server for the length of the block; it takes every user with Dovecot's password.

    :param address_of: says whose mailbox an access token opens; with it, the server takes XOAUTH2 as well
    """

    def authenticate(server, session, envelope, mechanism, data) -> AuthResult:
        known = isinstance(data, LoginPassword) and data.password == dovecot.password.encode()
        return AuthResult(success=known, handled=False)  # a refused client is told so by aiosmtpd

    delivery = (
        DeliveryWithTokens(dovecot, domains, address_of=address_of)
        if address_of
        else Delivery(dovecot, domains)
    )
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
