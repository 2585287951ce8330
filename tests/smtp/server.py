"""A real SMTP server that refuses what a test tells it to, with TLS, with STARTTLS or without."""

import contextlib
import logging
import ssl
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from setup.postgres import free_port

logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd tells every connection
HOST = "127.0.0.1"
PASSWORD = "contraseña €"


@dataclass
class Rules:
    """The server's handler: what it refuses, by address, and what it has got."""

    password: str = PASSWORD
    refused: dict[str, str] = field(default_factory=dict)
    answer: str = "250 2.0.0 OK"
    got: list = field(default_factory=list)
    logins: list = field(default_factory=list)
    hang_up_after: int = 0  # messages, of which the last is taken without a word

    async def handle_MAIL(self, server, session, envelope, address, options):
        if address in self.refused:
            return self.refused[address]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answer.startswith("250"):
            self.got.append(envelope)
        if self.hang_up_after and len(self.got) == self.hang_up_after:
            self.hang_up_after = 0
            server.transport.abort()
        return self.answer

    def authenticate(self, server, session, envelope, mechanism, data):
        known = isinstance(data, LoginPassword) and data.password == self.password.encode()
        self.logins.append((mechanism, known))
        return AuthResult(success=known, handled=False)


@contextlib.contextmanager
def running(rules: Rules, security="none", certificate=None, auth_required=True, **options):
    """Give the port of a server that follows these rules.

    :param security: tls, starttls or none; with the first two, nobody logs in without encryption
    :param auth_required: whether it takes mail of those only who have logged in
    :param options: of aiosmtpd's SMTP class
    """
    context = None
    if security != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*certificate)
    controller = Controller(
        rules,
        hostname=HOST,
        port=free_port(),
        ssl_context=context if security == "tls" else None,
        tls_context=context if security == "starttls" else None,
        authenticator=rules.authenticate,
        auth_required=auth_required,
        auth_require_tls=security == "starttls",
        decode_data=False,
        enable_SMTPUTF8=True,
        **options,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
