"""What can go wrong between us and a mail server, in a dozen words a user can be told about."""

from __future__ import annotations

import errno
import imaplib
import re
import socket
import ssl
from base64 import b64encode
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from imapclient import exceptions as imap_exceptions

from ..mime.charset import clean_line
from ..network import AddressForbidden

#: Worth another try without anybody doing anything. The others need a person: trying a wrong
#: password again and again locks accounts, and a server without STARTTLS or with a bad certificate
#: stays as it is.
_RETRYABLE = {
    "name_not_found": True,  # DNS fails for a minute more often than a host is renamed
    "refused": True,
    "timeout": True,
    "connection_lost": True,
    "server_error": True,
    "protocol_garbled": True,
    "tls": False,
    "tls_certificate": False,
    "starttls_unsupported": False,
    "wrong_password": False,
    "no_password": False,
    "auth_unsupported": False,
    "sender_refused": False,
    "recipient_refused": False,
    "message_refused": False,
    "over_quota": True,
    "delivery_unknown": False,
    "address_forbidden": False,
    "database_copied": False,
    "owner_left": False,
    "not_signed_in": False,
    "consent_revoked": False,
}
# RFC 5530 §3: a login refused for one of these says nothing about the password.
_NOT_ABOUT_PASSWORD = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "[CONTACTADMIN]")
# What IMAPClient says of a NO or BAD to a command whose text was to follow (RFC 3501 §7.5).
_REFUSED_HALFWAY = re.compile(r"waiting for continuation response: \('(?:NO|BAD)', \[b(['\"])(.*)\1\]\)")
_UNREACHABLE = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN}


class MailboxError(Exception):
    """A mailbox cannot be used now.

    :param code: ``address_forbidden``, ``database_copied``, ``owner_left``, ``name_not_found``,
        ``refused``, ``timeout``, ``tls``, ``tls_certificate``,
        ``starttls_unsupported``, ``wrong_password``, ``connection_lost``, ``server_error`` (a NO or
        BAD of the server) or ``protocol_garbled``; of a mailbox that is signed in for also ``not_signed_in``,
        ``consent_revoked``, and the codes of :class:`~..oauth.OAuthError`;
        of SMTP also those in smtp/errors.py
    :param detail: the words of the server or of the operating system; never a password
    :param retryable: what the server said about trying again, where that counts more than the code
    """

    def __init__(self, code: str, detail: str = "", retryable: bool | None = None) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self._retryable = retryable

    @property
    def retryable(self) -> bool:
        """Whether trying again later may help without anybody changing anything."""
        return _RETRYABLE.get(self.code, True) if self._retryable is None else self._retryable


@contextmanager
def translated_errors(secrets: Collection[str] = ()) -> Iterator[None]:
    """Turn whatever sockets, ssl, imaplib and IMAPClient raise into :class:`MailboxError`.

    The original is its ``__cause__``. Errors that are not about the connection pass through.

    :param secrets: words to blank out, should a server repeat them

    >>> with translated_errors():
    ...     client.noop()
    """
    try:
        yield
    except (OSError, imaplib.IMAP4.error, ValueError) as error:
        code = _code(error)
        # of an answer that makes no sense, any piece of a message may be a part
        detail = type(error).__name__ if code == "protocol_garbled" else _words_of(error)
        for form in sorted(set().union(*map(_forms, secrets)), key=len, reverse=True):
            detail = detail.replace(form, "***")
        raise MailboxError(code, detail) from error


def _forms(secret: str) -> set[str]:
    """In which a server or a library may repeat it: as it is, as an IMAP string, in base64, as Python's bytes."""
    raw = secret.encode()
    quoted = secret.replace("\\", "\\\\").replace('"', '\\"')
    forms = {secret, quoted, b64encode(raw).decode(), repr(raw)[2:-1]}
    return {clean_line(form) for form in forms} - {""}


def _words_of(error: BaseException) -> str:
    words = error.args[0] if len(error.args) == 1 else getattr(error, "strerror", None) or str(error)
    if isinstance(error, imap_exceptions.LoginError) and isinstance(error.__context__, imaplib.IMAP4.error):
        words = error.__context__.args[0]  # the words themselves: IMAPClient passes on the repr of bytes
    refused = _REFUSED_HALFWAY.search(str(words))
    if refused:
        words = refused[2]
    if isinstance(words, bytes):
        words = words.decode("utf-8", "replace")
    return clean_line(str(words)) or type(error).__name__


def _code(error: BaseException) -> str:
    if isinstance(error, imaplib.IMAP4.error):
        return _imap_code(error)
    if isinstance(error, OSError):
        return os_error_code(error)
    # what the libraries raise on an answer, or a host name, that makes no sense
    return (
        "name_not_found" if isinstance(error, UnicodeError) and "label" in str(error) else "protocol_garbled"
    )


def os_error_code(error: OSError) -> str:
    """The code for a failure of the network, of TLS or of the name look-up."""
    if isinstance(error, AddressForbidden):
        return "address_forbidden"
    if isinstance(error, socket.gaierror):
        return "name_not_found"
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "tls_certificate"
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return "connection_lost"
    if isinstance(error, ssl.SSLError):
        return "tls"
    if isinstance(error, ConnectionRefusedError) or error.errno in _UNREACHABLE:
        return "refused"
    return "connection_lost"


def _imap_code(error: imaplib.IMAP4.error) -> str:
    if isinstance(error, imap_exceptions.LoginError):
        if isinstance(error.__context__, imaplib.IMAP4.abort):
            return _imap_code(error.__context__)  # it broke off: nobody has refused anything
        words = _words_of(error).upper()
        return "server_error" if any(code in words for code in _NOT_ABOUT_PASSWORD) else "wrong_password"
    if isinstance(error, imap_exceptions.ProtocolError):
        return "protocol_garbled"
    if isinstance(error, imaplib.IMAP4.abort):
        if isinstance(error.__context__, OSError):
            return os_error_code(error.__context__)
        if _REFUSED_HALFWAY.search(str(error)):
            return "server_error"
        return "protocol_garbled" if "unexpected" in str(error).lower() else "connection_lost"
    return "server_error"
