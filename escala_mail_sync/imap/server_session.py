"""What sessions with IMAP and SMTP servers share: how they begin, log in once more with another token, and end."""

from __future__ import annotations

import contextlib
import dataclasses
import ssl
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Generic, TypeVar

from .errors import MailboxError

Client = TypeVar("Client")
Session = TypeVar("Session", bound="ServerSession")


@dataclass(frozen=True)
class ServerSettings:
    """How to reach a mailbox.

    :param security: ``tls`` (usually port 993), ``starttls`` or ``none`` (usually 143)
    :param access_token: OAuth 2 bearer token; when given, the login is by XOAUTH2 and no password
        is sent
    :param timeout: seconds to wait for each answer
    :param allow_private: whether the host may be on a loopback, private or link-local address
    """

    host: str
    port: int
    security: str
    login: str
    password: str = field(default="", repr=False)
    timeout: float = 30
    access_token: str = field(default="", repr=False)
    allow_private: bool = False


class ServerSession(ABC, Generic[Client]):
    """A logged-in connection, as a context manager.

    :param ssl_context: for servers with a certificate of their own; by default the system's authorities count
    :raises MailboxError: from every method
    """

    #: What the library raises when a server is gone.
    _broken: tuple[type[Exception], ...] = (OSError,)

    def __init__(self, settings: ServerSettings, ssl_context: ssl.SSLContext | None = None) -> None:
        self.settings = settings
        #: Gets another access token in place of one that the server refuses.
        self.renew_access_token: Callable[[str], str] | None = None
        self._ssl_context = ssl_context
        self._client: Client | None = None

    def __enter__(self: Session) -> Session:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client and not isinstance(error, MailboxError):
            # the work is done: a server that hangs up on the farewell takes nothing away from it
            with contextlib.suppress(*self._broken):
                self._say_goodbye()
        self._close()

    def open(self) -> Client:
        """Connect and log in without a ``with`` block; whoever calls this ends the client."""
        try:
            self._begin()
        except MailboxError as error:
            if error.code != "wrong_password" or not self.renew_access_token:
                raise
            token = self.renew_access_token(self.settings.access_token)
            self.settings = dataclasses.replace(self.settings, access_token=token)
            self._begin()
        return self.client

    @property
    def client(self) -> Client:
        """The library's own object, for what this class does not cover.

        :raises MailboxError: ``connection_lost`` when the session is not open
        """
        if self._client is None:
            raise MailboxError("connection_lost", "The session is not open.")
        return self._client

    def _begin(self) -> None:
        with self._translated(), contextlib.ExitStack() as on_failure:
            on_failure.callback(self._close)
            self._client = self._connect()
            self._prepare()
            on_failure.pop_all()

    def _close(self) -> None:
        client, self._client = self._client, None
        if client:
            with contextlib.suppress(*self._broken):
                self._hang_up(client)

    def _context(self) -> ssl.SSLContext:
        return self._ssl_context or ssl.create_default_context()

    def _check_password(self) -> None:
        if not self.settings.password or not (self.settings.login + self.settings.password).isprintable():
            raise MailboxError(
                "wrong_password", "The login or password is empty or holds control characters."
            )

    @abstractmethod
    def _connect(self) -> Client:
        """Open the connection, over TLS where it begins with that."""

    @abstractmethod
    def _prepare(self) -> None:
        """Do what comes before the work: STARTTLS, the login, asking what the server can do."""

    @abstractmethod
    def _say_goodbye(self) -> None:
        """Tell the server that the work is done."""

    @abstractmethod
    def _hang_up(self, client: Client) -> None:
        """Close the connection, whatever state it is in."""

    @abstractmethod
    def _translated(self) -> contextlib.AbstractContextManager[None]:
        """Turn what the library raises into :class:`MailboxError`, without the secrets."""
