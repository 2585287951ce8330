"""What an SMTP server's refusals mean, in the codes of MailboxError.

Beside those of IMAP there are ``auth_unsupported``, ``sender_refused``, ``recipient_refused``, ``message_refused``,
``over_quota`` (a full mailbox or a used-up allowance) and ``delivery_unknown``: the connection broke after the whole
message was sent and before the server said that it has it.
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ..imap.errors import MailboxError, os_error_code
from ..mime.charset import clean_line

# RFC 3463 §2: class, subject and detail
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")
# RFC 3463 §3.3, mailbox full, and §3.5, "mail system congestion", which Gmail and others say of a used-up allowance
_QUOTA = {"2.2", "4.5"}
# RFC 4954 §6 and RFC 5321 §4.2.2: about the login, and not about whether the password is right
_LOGIN_LATER = {421, 432, 454}
_TOO_BIG = {"2.3", "3.4"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server said to one command (RFC 5321 §4.2).

    :param code: the three digits
    :param words: the text behind them, on one line, with the enhanced code of RFC 2034 if there is one
    """

    code: int
    words: str

    @classmethod
    def of(cls, answer: tuple[int, bytes]) -> Reply:
        """Read the answer of smtplib."""
        code, words = answer
        return cls(code, clean_line(words.decode("utf-8", "replace").replace("\n", " ")))

    @property
    def is_positive(self) -> bool:
        """Whether the command was done."""
        return 200 <= self.code < 300

    @property
    def is_temporary(self) -> bool:
        """Whether the same may work later (RFC 5321 §4.2.1, "Transient Negative Completion")."""
        return not 500 <= self.code < 600

    def as_error(self, code: str) -> MailboxError:
        """Say what a refusal means.

        :param code: what it means if the server is not more exact: ``recipient_refused``, say
        """
        if self.code == 421:
            # RFC 5321 §3.8: the server closes the connection, whatever it was asked
            code = "server_error"
        elif self._is_quota():
            code = "over_quota"
        return MailboxError(code, f"{self.code} {self.words}".strip(), retryable=self.is_temporary)

    def as_login_error(self) -> MailboxError:
        """Say what a refused login means: a wrong password is not to be tried again, a busy server is."""
        code = "server_error" if self.code in _LOGIN_LATER else "wrong_password"
        return MailboxError(code, f"{self.code} {self.words}".strip(), retryable=code == "server_error")

    def _is_quota(self) -> bool:
        enhanced = _ENHANCED.match(self.words)
        if enhanced:
            subject = enhanced[1].partition(".")[2]
            return subject in _QUOTA or (self.code in (452, 552) and subject not in _TOO_BIG | {"5.3"})
        # RFC 5321 §4.2.3: 452 insufficient system storage, 552 exceeded storage allocation
        return self.code in (452, 552)


@contextmanager
def translated_errors(secrets: Collection[str] = ()) -> Iterator[None]:
    """Turn whatever sockets, ssl and smtplib raise into :class:`MailboxError`.

    The original is its ``__cause__``. Errors that are not about the connection pass through.

    :param secrets: words to blank out, should a server repeat them
    """
    try:
        yield
    except MailboxError as error:
        words = _without(secrets, error.detail)
        if words == error.detail:
            raise
        raise MailboxError(error.code, words, retryable=error.retryable) from None
    except (OSError, ValueError) as error:
        raise MailboxError(_code(error), _without(secrets, _words_of(error))) from error


def _without(secrets: Collection[str], words: str) -> str:
    for secret in filter(None, secrets):
        words = words.replace(secret, "***")
    return words


def _words_of(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        reply = Reply.of((error.smtp_code, error.smtp_error))
        return f"{reply.code} {reply.words}".strip()
    words = error.args[0] if len(error.args) == 1 else getattr(error, "strerror", None) or str(error)
    return clean_line(str(words)) or type(error).__name__


def _code(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPServerDisconnected):
        # smtplib hides the timeout, or the TLS failure, behind it
        return (
            os_error_code(error.__context__) if isinstance(error.__context__, OSError) else "connection_lost"
        )
    if isinstance(error, smtplib.SMTPResponseException):
        return "server_error" if 400 <= error.smtp_code < 600 else "protocol_garbled"
    if isinstance(error, smtplib.SMTPException):
        return "server_error"
    if isinstance(error, OSError):
        return os_error_code(error)
    return (
        "name_not_found" if isinstance(error, UnicodeError) and "label" in str(error) else "protocol_garbled"
    )
