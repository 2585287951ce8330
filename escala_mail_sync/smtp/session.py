"""One connection to a mailbox's SMTP server: connect, secure, log in, hand messages over."""

from __future__ import annotations

import base64
import contextlib
import re
import smtplib
import socket
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from ..imap.errors import MailboxError
from ..imap.server_session import ServerSession, ServerSettings
from ..network import connect
from .errors import Reply, translated_errors

# RFC 5321 §4.1.3: a mail program has no name of its own; asking DNS for one takes seconds and tells it to strangers
_OUR_NAME = "[127.0.0.1]"
_LINE_END = re.compile(rb"\r\n|\r|\n")
# smtplib would take what it likes out of anything else, "boss@corp.example <thief@evil.example>"
_ADDRESS = re.compile(r"[^\s<>\x00-\x1f\x7f]+@[^\s<>\x00-\x1f\x7f]+")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
# Seconds. RFC 5321 §4.5.3.2.6 asks for ten minutes, in which the server may look for viruses; but nothing else is sent
# meanwhile, and Odoo ends a job after two (limit_time_real). What is not answered is not sent again by itself.
_CONFIRMATION_TIMEOUT = 90.0
# RFC 5322 §3.6.4, "msg-id"
_MESSAGE_ID = re.compile(r"<[^\s<>@]{1,200}@[^\s<>@]{1,200}>")


@dataclass(frozen=True, slots=True)
class SendResult:
    """What came of handing one message over.

    :param refused: the recipients that the server does not take, each with the reason; with all of them in it, nothing
        was sent
    :param message_id: the Message-ID that the server names in its answer to the message, as Microsoft's does, which
        puts one of its own in the place of that in the message; ``''`` if it names none
    """

    refused: dict[str, MailboxError]
    message_id: str = ""


class _Client(smtplib.SMTP):
    """smtplib's client, connected to an address that was checked."""

    def __init__(self, settings: ServerSettings, **options: Any) -> None:
        self._allow_private = settings.allow_private
        super().__init__(settings.host, settings.port, _OUR_NAME, timeout=settings.timeout, **options)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return connect(host, port, timeout, self._allow_private)


class _TlsClient(smtplib.SMTP_SSL, _Client):
    """The same over TLS, with the certificate checked against the host's name."""

    def __init__(self, settings: ServerSettings, **options: Any) -> None:
        self._allow_private = settings.allow_private
        super().__init__(settings.host, settings.port, _OUR_NAME, timeout=settings.timeout, **options)


class SmtpSession(ServerSession[smtplib.SMTP]):
    """A logged-in connection, as a context manager.

    >>> with SmtpSession(ServerSettings("smtp.example.com", 465, "tls", "ana", password)) as session:
    ...     refused = session.send("ana@example.com", ["iker@example.com"], message.as_bytes()).refused

    Opened without a ``with`` block, smtplib's client is ended with its ``quit``.

    :param ssl_context: for servers with a certificate of their own; by default the system's authorities count
    :raises MailboxError: from every method
    """

    @property
    def size_limit(self) -> int:
        """How many bytes a message may have (RFC 1870 §3); 0 if the server does not say."""
        limit = self.client.esmtp_features.get("size", "")
        return int(limit) if limit.isdigit() else 0

    def send(self, sender: str, recipients: Sequence[str], message: bytes) -> SendResult:
        """Hand one message over.

        :param sender: address for the envelope, to which bounces go
        :param message: header and body; lines may end as they like
        :raises MailboxError: ``sender_refused``, ``message_refused``, ``over_quota``, ``delivery_unknown``, or
            what goes wrong with the connection; in all but ``delivery_unknown`` nobody got the message
        """
        with self._translated():
            wants_utf8 = not all(map(str.isascii, map(_domain_in_ascii, (sender, *recipients))))
            try:
                self._mail(_domain_in_ascii(sender), message, wants_utf8)
                refused = self._recipients(recipients)
                if len(refused) < len(set(recipients)):
                    reply = self._data(message)
                    return SendResult(refused, _named_message_id(reply, (sender, *recipients)))
            except MailboxError:
                self._reset()
                raise
            self._reset()
            return SendResult(refused)

    # Connecting

    def _connect(self) -> smtplib.SMTP:
        settings = self.settings
        if settings.security == "tls":
            return _TlsClient(settings, context=self._context())
        return _Client(settings)

    def _prepare(self) -> None:
        self._secure()
        self._greet()
        self._log_in()

    def _secure(self) -> None:
        if self.settings.security != "starttls":
            return
        try:
            self.client.starttls(context=self._context())
        except smtplib.SMTPNotSupportedError as error:
            raise MailboxError("starttls_unsupported", "The server does not offer STARTTLS.") from error

    def _greet(self) -> None:
        """EHLO, once more after STARTTLS: the server may offer other things then (RFC 3207 §4.2)."""
        reply = Reply.of(self.client.ehlo())
        if not reply.is_positive:
            raise reply.as_error("server_error")

    def _log_in(self) -> None:
        settings = self.settings
        offered = self.client.esmtp_features.get("auth", "").upper().split()
        if settings.access_token:
            # https://developers.google.com/workspace/gmail/imap/xoauth2-protocol, Microsoft takes the same
            token = f"user={settings.login}\1auth=Bearer {settings.access_token}\1\1"
            return self._authenticate("XOAUTH2", token)
        self._check_password()
        if "PLAIN" in offered:
            # RFC 4616 §2; smtplib's own login takes ASCII only
            return self._authenticate("PLAIN", f"\0{settings.login}\0{settings.password}")
        if "LOGIN" in offered:
            return self._authenticate("LOGIN", settings.login, settings.password)
        raise MailboxError("auth_unsupported", "The server offers no login by password.")

    def _authenticate(self, mechanism: str, *answers: str) -> None:
        """AUTH with the first answer beside the command where there is one only (RFC 4954 §4)."""
        encoded = [base64.b64encode(answer.encode()).decode() for answer in answers]
        with translated_errors(encoded):
            if len(encoded) == 1:
                reply = Reply.of(self.client.docmd("AUTH", f"{mechanism} {encoded[0]}"))
                if reply.code == 334:
                    # XOAUTH2: what is wrong is told to who answers with an empty line
                    reply = Reply.of(self.client.docmd(""))
            else:
                reply = Reply.of(self.client.docmd("AUTH", mechanism))
                for answer in encoded:
                    if reply.code == 334:
                        reply = Reply.of(self.client.docmd(answer))
            if not reply.is_positive:
                raise reply.as_login_error()

    def _say_goodbye(self) -> None:
        self.client.quit()

    def _hang_up(self, client: smtplib.SMTP) -> None:
        client.close()

    # Sending

    def _mail(self, sender: str, message: bytes, wants_utf8: bool) -> None:
        if not _ADDRESS.fullmatch(sender):
            raise MailboxError("sender_refused", f"“{sender}” is no address.")
        features = self.client.esmtp_features
        options = []
        if "size" in features:
            options.append(f"SIZE={len(message)}")
        if not message.isascii() and "8bitmime" in features:
            options.append("BODY=8BITMIME")
        if wants_utf8:
            options.append("SMTPUTF8")
        try:
            reply = Reply.of(self.client.mail(sender, options))
        except smtplib.SMTPNotSupportedError as error:
            raise MailboxError(
                "message_refused", "The server takes no addresses with letters such as “ñ”.", retryable=False
            ) from error
        if not reply.is_positive:
            # RFC 1870 §6.1: the message is larger than the server takes
            raise reply.as_error("message_refused" if "5.3.4" in reply.words else "sender_refused")

    def _recipients(self, recipients: Sequence[str]) -> dict[str, MailboxError]:
        refused = {}
        for recipient in dict.fromkeys(recipients):
            if not _ADDRESS.fullmatch(recipient):
                refused[recipient] = MailboxError("recipient_refused", f"“{recipient}” is no address.")
                continue
            reply = Reply.of(self.client.rcpt(_domain_in_ascii(recipient)))
            if reply.code == 421:
                raise reply.as_error("server_error")
            if not reply.is_positive:
                refused[recipient] = reply.as_error("recipient_refused")
        return refused

    def _data(self, message: bytes) -> Reply:
        client = self.client
        reply = Reply.of(client.docmd("DATA"))
        if reply.code != 354:
            raise reply.as_error("message_refused")
        # RFC 5321 §4.5.2 (dots) and §2.3.8: a lone CR or LF would let a message be read as two
        body = _LEADING_DOT.sub(b"..", _LINE_END.sub(b"\r\n", message))
        client.send(body if body.endswith(b"\r\n") else body + b"\r\n")
        # Up to here the server has nothing that it would deliver (RFC 5321 §4.1.1.4).
        try:
            client.sock.settimeout(max(self.settings.timeout, _CONFIRMATION_TIMEOUT))
            client.send(b".\r\n")
            reply = Reply.of(client.getreply())
            client.sock.settimeout(self.settings.timeout)
        except OSError as error:
            raise MailboxError("delivery_unknown", str(error)) from error
        if not reply.is_positive:
            raise reply.as_error("message_refused" if 400 <= reply.code < 600 else "delivery_unknown")
        return reply

    def _reset(self) -> None:
        """Make the session ready for another message (RFC 5321 §4.1.1.5)."""
        with contextlib.suppress(OSError):
            self.client.rset()

    def _translated(self) -> contextlib.AbstractContextManager[None]:
        settings = self.settings
        return translated_errors((settings.password, settings.access_token))


def _named_message_id(reply: Reply, addresses: Collection[str]) -> str:
    """The one Message-ID in the words of a server, ``''`` if there is none; whom it took the message for is no such."""
    named = {*_MESSAGE_ID.findall(reply.words)} - {f"<{address}>" for address in addresses}
    return named.pop() if len(named) == 1 else ""


def _domain_in_ascii(address: str) -> str:
    """An address with its domain as the DNS has it (RFC 5891); one that is none stays as it is."""
    local, at, domain = address.rpartition("@")
    with contextlib.suppress(UnicodeError):
        return f"{local}{at}{domain.encode('idna').decode()}"
    return address
