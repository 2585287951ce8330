"""One connection to a mailbox: connect, secure, log in, list folders, look into one.

Folders are opened read-only; the two methods that change something open theirs for it by name.
"""

from __future__ import annotations

import contextlib
import dataclasses
import imaplib
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import CapabilityError
from imapclient.response_parser import parse_fetch_response

from .. import network
from .errors import MailboxError, translated_errors
from .folder_roles import find_roles

# Keeps a command line below the 8,000 characters of RFC 2683 §3.2.1.5.
_FETCH_AT_ONCE = 500
# What FETCH is asked for. Where another name stands, bytes have changed on the way: the answer may be of any message,
# as IMAPClient takes the sequence number for a UID that it does not find.
_ITEMS = (b"SEQ", b"FLAGS", b"MODSEQ", b"INTERNALDATE", b"RFC822.SIZE", b"BODY[", b"UID", b"X-GM-")
_MICROSOFT = (".office365.com", ".outlook.com")
# RFC 3501 §9, "astring" without quotes
_ATOM = re.compile(r'[^\x00-\x20\x7f-\U0010ffff(){%*"\\]+')


@dataclass(frozen=True)
class ServerSettings:
    """How to reach a mailbox.

    :param security: ``tls`` (usually port 993), ``starttls`` or ``none`` (usually 143)
    :param access_token: OAuth 2 bearer token; when given, the login is by XOAUTH2 and no password
        is sent
    :param timeout: seconds to wait for the connection and for each answer
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


@dataclass(frozen=True, slots=True)
class RemoteFolder:
    """A folder of the mailbox.

    ``role`` is ``inbox``, ``sent``, ``drafts``, ``junk``, ``trash``, ``archive``, ``all`` or
    ``''``.
    """

    name: str
    delimiter: str
    flags: tuple[str, ...]
    role: str
    selectable: bool


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """What EXAMINE tells (RFC 3501 §6.3.2); ``uidnext`` is found out when the server keeps it to itself."""

    uidvalidity: int
    uidnext: int
    exists: int
    highestmodseq: int | None
    tells_uidnext: bool = True

    def continues(self, uidvalidity: int, high_uid: int) -> bool:
        """Whether messages have the numbers that they had when ``high_uid`` was the highest one.

        Another UIDVALIDITY voids them (RFC 3501 §2.3.1.1), and so does a UIDNEXT that went back, as after a backup was
        restored: the numbers from there on are given to other messages.
        """
        return self.uidvalidity == uidvalidity and not (self.tells_uidnext and self.uidnext <= high_uid)


class _Imap(imaplib.IMAP4):
    """The protocol, on a connection that is open already."""

    def __init__(self, connection: socket.socket, host: str) -> None:
        self._connection = connection
        super().__init__(host)  # which STARTTLS asks for

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return self._connection


class _Client(IMAPClient):
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


class ImapSession:
    """A logged-in connection, as a context manager.

    >>> with ImapSession(ServerSettings("imap.example.com", 993, "tls", "ana", password)) as session:
    ...     names = [folder.name for folder in session.folders() if folder.selectable]

    :param ssl_context: for servers with a certificate of their own; by default the system's
        authorities count
    :raises MailboxError: from every method
    """

    def __init__(self, settings: ServerSettings, ssl_context: ssl.SSLContext | None = None) -> None:
        self.settings = settings
        self.capabilities: frozenset[str] = frozenset()
        self.enabled: frozenset[str] = frozenset()
        self.folder: str | None = None
        #: How many messages a FETCH asks for; with 1, a connection that breaks tells at which message.
        self.fetch_size = _FETCH_AT_ONCE
        #: What the server was asked for when the connection broke.
        self.asked_for: tuple[int, ...] = ()
        #: Folder -> UID -> words: messages at which the connection has broken before, not to be asked for.
        self.unserved: dict[str, dict[int, str]] = {}
        #: Gets another access token in place of one that the server refuses.
        self.renew_access_token: Callable[[str], str] | None = None
        self._ssl_context = ssl_context
        self._client: IMAPClient | None = None

    def __enter__(self) -> ImapSession:
        try:
            self._begin()
        except MailboxError as error:
            if error.code != "wrong_password" or not self.renew_access_token:
                raise
            token = self.renew_access_token(self.settings.access_token)
            self.settings = dataclasses.replace(self.settings, access_token=token)
            self._begin()
        return self

    def _begin(self) -> None:
        with self._translated():
            self._client = self._connect()
            try:
                self._secure()
                self._log_in()
                self._read_capabilities()
            except BaseException:
                self._close()
                raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        client = self._client
        if client and not isinstance(error, MailboxError):
            # the work is done: a server that hangs up on LOGOUT takes nothing away from it
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                client.logout()
        self._close()

    @property
    def commands(self) -> int:
        """How many commands were sent: imaplib numbers each with a tag."""
        return self._client._imap.tagnum if self._client else 0

    def folders(self) -> list[RemoteFolder]:
        """Every folder, those that only hold other folders (``\\Noselect``) included."""
        with self._translated():
            listed = [
                (_name(name), _text(delimiter), tuple(map(_text, flags)))
                for flags, delimiter, name in self.client.list_folders()
            ]
        roles = find_roles(listed)
        return [
            RemoteFolder(name, delimiter, flags, roles.get(name, ""), _is_selectable(flags))
            for name, delimiter, flags in listed
        ]

    @property
    def tells_changes(self) -> bool:
        """Whether the server can list the flags that changed since a mod-sequence (RFC 7162, CONDSTORE)."""
        return bool(self.enabled)

    @property
    def tells_vanished(self) -> bool:
        """Whether it lists with them the messages that vanished (RFC 7162, QRESYNC)."""
        return "QRESYNC" in self.enabled

    @property
    def is_gmail(self) -> bool:
        """Whether messages have Gmail's own identifiers, X-GM-MSGID and X-GM-THRID."""
        return "X-GM-EXT-1" in self.capabilities

    def examine(self, folder: str) -> FolderStatus:
        """Open a folder read-only and say what it holds."""
        return self._open(folder, readonly=True)

    def try_to_examine(self, folder: str) -> FolderStatus | None:
        """The same; ``None`` if the server does not open the folder."""
        try:
            return self.examine(folder)
        except MailboxError as error:
            if error.code != "server_error":
                raise
            return None

    def _open(self, folder: str, readonly: bool) -> FolderStatus:
        with self._translated():
            self.folder = None
            answer = self.client.select_folder(folder, readonly=readonly)
            self.folder = folder
            exists = int(answer.get(b"EXISTS", 0))
            uidnext = answer.get(b"UIDNEXT")
            tells_uidnext = uidnext is not None
            if not tells_uidnext:
                # RFC 3501 §6.3.1: a server may leave it out
                uidnext = self._last_uid(exists) + 1
            if b"UIDVALIDITY" not in answer:
                raise MailboxError("protocol_garbled", "The server names no UIDVALIDITY for the folder.")
        modseq = answer.get(b"HIGHESTMODSEQ")
        return FolderStatus(
            int(answer[b"UIDVALIDITY"]), int(uidnext), exists, modseq and int(modseq), tells_uidnext
        )

    def fetch(
        self, messages: Sequence[int], items: Sequence[str], by_uid: bool = True
    ) -> dict[int, dict[bytes, Any]]:
        """FETCH in the folder examined last; the answers that make sense, by UID or by sequence number."""
        answers: dict[int, dict[bytes, Any]] = {}
        with self._translated():
            client = self.client
            client.use_uid = by_uid
            try:
                for group in _groups(messages, self.fetch_size):
                    self.asked_for = tuple(group)
                    answers.update(client.fetch(group, items))
                self.asked_for = ()
            finally:
                client.use_uid = True
        return {
            message: data
            for message, data in answers.items()
            if all(isinstance(name, bytes) and name.startswith(_ITEMS) for name in data)
        }

    def search(self, criteria: Sequence[Any]) -> list[int]:
        """UID SEARCH in the folder examined last, ascending."""
        charset = None if all(str(each).isascii() for each in criteria) else "UTF-8"
        with self._translated():
            return sorted(self.client.search(list(criteria), charset))

    def fetch_changed(
        self, first: int, last: int, modseq: int
    ) -> tuple[dict[int, dict[bytes, Any]], list[tuple[int, int]]]:
        """FLAGS of the messages between two UIDs that changed since `modseq`, and the ranges that vanished.

        RFC 7162 §3.1.4.1 (CHANGEDSINCE) and §3.2.6 (VANISHED); without QRESYNC no range is told.
        """
        modifiers = f"CHANGEDSINCE {modseq}" + (" VANISHED" if self.tells_vanished else "")
        with self._translated():
            imap = self.client._imap
            imap.response("VANISHED")  # what an earlier command has left
            typ, data = imap.uid("FETCH", f"{first}:{last}", "(FLAGS)", f"({modifiers})")
            if typ != "OK":
                raise imaplib.IMAP4.error(data[0])
            answers = parse_fetch_response(data, False, True) if data != [None] else {}
            _name, vanished = imap.response("VANISHED")
        return answers, [pair for line in vanished if line for pair in _ranges(_text(line))]

    def mark_seen(
        self, folder: str, uidvalidity: int, high_uid: int, uids: Sequence[int], seen: bool = True
    ) -> bool:
        """Set \\Seen on these messages, or take it off; on none, and return ``False``, if the folder is numbered anew.

        :param high_uid: the highest number when theirs were learnt, see :meth:`FolderStatus.continues`
        :raises MailboxError: ``server_error`` if the folder may only be read
        """
        if not self._open(folder, readonly=False).continues(uidvalidity, high_uid):
            return False
        with self._translated():
            change = self.client.add_flags if seen else self.client.remove_flags
            for group in _groups(uids):
                change(group, ["\\Seen"], silent=True)
        return True

    # The folder of sent mail

    @property
    def files_sent_mail(self) -> bool:
        """Whether the server itself puts into that folder what leaves by its SMTP server."""
        return self.is_gmail or self.settings.host.lower().endswith(_MICROSOFT)

    def find_sent_folder(self) -> str:
        """The folder of sent mail, which is made if there is none."""
        folders = self.folders()
        found = next((folder.name for folder in folders if folder.role == "sent" and folder.selectable), "")
        if found:
            return found
        # servers that keep all folders within the inbox (RFC 2342) refuse one beside it
        inside = next((folder.delimiter for folder in folders if folder.role == "inbox"), "") or "/"
        for name in ("Sent", f"INBOX{inside}Sent"):
            try:
                with self._translated():
                    self.client.create_folder(name)
                    self.client.subscribe_folder(name)
                return name
            except MailboxError as error:
                if error.code != "server_error":
                    raise
        raise MailboxError("server_error", "There is no folder for sent mail, and none can be made.")

    def has_message(self, folder: str, message_id: str) -> bool:
        """Whether a message with this Message-ID is in the folder."""
        self.examine(folder)
        return bool(self.search(["HEADER", "Message-ID", message_id]))

    def append(self, folder: str, message: bytes, flags: Sequence[str]) -> None:
        """Put a message into a folder (RFC 3501 §6.3.11)."""
        with self._translated():
            self.client.append(folder, message, flags)

    @property
    def client(self) -> IMAPClient:
        """IMAPClient's own object, for what this class does not cover.

        :raises MailboxError: ``connection_lost`` outside of the ``with`` block
        """
        if self._client is None:
            raise MailboxError("connection_lost", "The session is not open.")
        return self._client

    # Connecting

    def _connect(self) -> IMAPClient:
        client = _Client(self.settings, self._context)
        # else IMAPClient hands passwords and whole messages to the log, where that is set to DEBUG
        client._imap.debug = 0
        # else IMAPClient turns INTERNALDATE into the local time of this machine
        client.normalise_times = False
        return client

    def _context(self) -> ssl.SSLContext:
        return self._ssl_context or ssl.create_default_context()

    def _secure(self) -> None:
        if self.settings.security != "starttls":
            return
        try:
            self.client.starttls(self._context())
        except CapabilityError as error:
            raise MailboxError("starttls_unsupported", "The server does not offer STARTTLS.") from error

    def _log_in(self) -> None:
        settings, client = self.settings, self.client
        if settings.access_token:
            client.oauth2_login(settings.login, settings.access_token)
            return
        if not settings.password or not (settings.login + settings.password).isprintable():
            raise MailboxError(
                "wrong_password", "The login or password is empty or holds control characters."
            )
        # imaplib sends a LOGIN name as it is, in ASCII; PLAIN takes any UTF-8 (RFC 4616 §2)
        simple = _ATOM.fullmatch(settings.login) and settings.password.isascii()
        if client.has_capability("AUTH=PLAIN") and (not simple or client.has_capability("LOGINDISABLED")):
            client.plain_login(settings.login, settings.password)
            return
        if not simple:
            # the only way left; most servers take it
            client._imap._encoding = "utf-8"
        client.login(settings.login, settings.password)

    def _read_capabilities(self) -> None:
        client = self.client
        # a server may offer more after the login than before it (RFC 3501 §6.1.1)
        client._cached_capabilities = None
        self.capabilities = frozenset(_text(each).upper() for each in client.capabilities())
        # RFC 7162 §3.1 and §3.2.3: before the first SELECT, else no HIGHESTMODSEQ is told
        for extension in ("QRESYNC", "CONDSTORE"):
            if {extension, "ENABLE"} <= self.capabilities:
                client.enable(extension)
                self.enabled = frozenset({extension, "CONDSTORE"})
                break

    def _last_uid(self, exists: int) -> int:
        if not exists:
            return 0
        answers = self.fetch([exists], ["UID"], by_uid=False)
        return max((int(data.get(b"UID", 0)) for data in answers.values()), default=0)

    def _close(self) -> None:
        client, self._client = self._client, None
        if client:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                client.shutdown()

    def _translated(self) -> contextlib.AbstractContextManager[None]:
        login, password, token = self.settings.login, self.settings.password, self.settings.access_token
        secrets = []
        # also as AUTHENTICATE sends them: RFC 4616 §2, and Google's XOAUTH2
        if password:
            secrets += [password, f"\0{login}\0{password}"]
        if token:
            secrets += [token, f"user={login}\1auth=Bearer {token}\1\1"]
        return translated_errors(secrets)


def any_of(keys: Sequence[Sequence[str]]) -> list[str]:
    """SEARCH criteria that hold where one of the keys does: OR takes two of them (RFC 3501 §6.4.4)."""
    return [*("OR",) * (len(keys) - 1), *(word for key in keys for word in key)]


def _groups(messages: Sequence[int], size: int = _FETCH_AT_ONCE) -> Iterator[Sequence[int]]:
    for start in range(0, len(messages), size):
        yield messages[start : start + size]


def _ranges(vanished: str) -> Iterator[tuple[int, int]]:
    """The ranges of a VANISHED response, ``(EARLIER) 41,43:116``."""
    for part in vanished.rpartition(" ")[2].split(","):
        first, _colon, last = part.partition(":")
        if first.isdigit():
            pair = int(first), int(last or first)
            yield min(pair), max(pair)


def _is_selectable(flags: Sequence[str]) -> bool:
    return not {"\\noselect", "\\nonexistent"} & {flag.lower() for flag in flags}


def _name(name: str | bytes | int) -> str:
    return _text(name) if isinstance(name, bytes) else str(name)


def _text(value: str | bytes | None) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value or ""
