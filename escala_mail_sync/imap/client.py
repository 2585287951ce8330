"""IMAPClient, on a connection to an address that was checked."""

from __future__ import annotations

import contextlib
import imaplib
import socket
import ssl
from collections.abc import Callable

from imapclient import IMAPClient

from .. import network
from .server_session import ServerSettings


class _Imap(imaplib.IMAP4):
    """The protocol, on a connection that is open already."""

    def __init__(self, connection: socket.socket, host: str) -> None:
        self._connection = connection
        super().__init__(host)  # which STARTTLS asks for

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return self._connection


class Client(IMAPClient):
    """IMAPClient, but it connects to no address that the settings forbid."""

    def __init__(self, settings: ServerSettings, make_context: Callable[[], ssl.SSLContext]) -> None:
        self._settings = settings
        self._make_context = make_context
        over_tls = settings.security == "tls"
        super().__init__(settings.host, settings.port, ssl=over_tls, timeout=settings.timeout)

    def _create_IMAP4(self) -> imaplib.IMAP4:
        settings = self._settings
        with contextlib.ExitStack() as stack:
            connection = network.connect(
                settings.host, settings.port, settings.timeout, settings.allow_private
            )
            stack.enter_context(contextlib.closing(connection))
            if self.ssl:
                # the certificate has to be of the host's name, whatever its address
                connection = self._make_context().wrap_socket(connection, server_hostname=settings.host)
                stack.enter_context(contextlib.closing(connection))
            client = _Imap(connection, settings.host)
            stack.pop_all()
            return client
