"""Failures of the network and of servers, as codes a user can be told about. The failures are real."""

import base64
import imaplib
import socket
import ssl
import threading
from contextlib import contextmanager, suppress

import pytest
from imapclient import exceptions

from escala_mail_sync.imap import ImapSession, MailboxError, ServerSettings, translated_errors

SECRET = "hunter2-hunter2"


@contextmanager
def server(*lines: bytes):
    """A server that greets with the first line, answers each command with the next, and then keeps silent.

    TAG stands for the tag of the command.
    """
    listener = socket.create_server(("127.0.0.1", 0))

    def talk():
        connection, _address = listener.accept()
        tag = b""
        with connection, suppress(OSError):
            for line in lines:
                connection.sendall(line.replace(b"TAG", tag))
                tag = connection.recv(4096).partition(b" ")[0]
            done.wait(2)

    done = threading.Event()
    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        done.set()
        listener.close()
        thread.join(3)


def failure(port: int, host: str = "127.0.0.1", security: str = "none", timeout: float = 30) -> MailboxError:
    settings = ServerSettings(host, port, security, "ana", SECRET, timeout, allow_private=True)
    with pytest.raises(MailboxError) as raised, ImapSession(settings):
        pass
    assert SECRET not in str(raised.value)
    assert SECRET not in repr(settings)
    assert raised.value.detail
    return raised.value


def test_refused_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert failure(port).code == "refused"


def test_name_that_does_not_resolve():
    error = failure(993, host="nowhere.invalid")
    assert error.code == "name_not_found"
    assert isinstance(error.__cause__, socket.gaierror)


@pytest.mark.parametrize("host", ["a..b", "x" * 70])
def test_name_that_is_none(host):
    assert failure(993, host=host).code == "name_not_found"


@pytest.mark.parametrize("security", ["none", "tls"])
def test_silence(security):
    with server() as port:
        error = failure(port, security=security, timeout=0.3)
    assert error.code == "timeout"
    assert error.retryable


def test_silence_after_the_greeting():
    with server(b"* OK hello\r\n") as port:
        assert failure(port, timeout=0.3).code == "timeout"


def test_no_imap_at_all():
    with server(b"220 mail.example ESMTP\r\n" * 2) as port:
        assert failure(port).code in ("protocol_garbled", "connection_lost")


def test_no_starttls():
    with server(b"* OK hello\r\n", b"* CAPABILITY IMAP4REV1\r\nTAG OK done\r\n") as port:
        error = failure(port, security="starttls")
    assert error.code == "starttls_unsupported"
    assert not error.retryable


def test_hanging_up():
    with server(b"* BYE too many connections\r\n") as port:
        error = failure(port)
    assert error.code in ("server_error", "connection_lost")
    assert error.retryable


@pytest.mark.parametrize(
    ("error", "code", "retryable"),
    [
        (ConnectionResetError(104, "Connection reset by peer"), "connection_lost", True),
        (ssl.SSLCertVerificationError(1, "self-signed certificate"), "tls_certificate", False),
        (ssl.SSLError(1, "WRONG_VERSION_NUMBER"), "tls", False),
        (ssl.SSLEOFError(8, "EOF occurred"), "connection_lost", True),
        (exceptions.LoginError("[AUTHENTICATIONFAILED] Authentication failed."), "wrong_password", False),
        (exceptions.LoginError("[UNAVAILABLE] Try again later"), "server_error", True),
        (exceptions.ProtocolError("bad response"), "protocol_garbled", True),
        (imaplib.IMAP4.abort("socket error: EOF"), "connection_lost", True),
        (imaplib.IMAP4.abort("unexpected response: b'x'"), "protocol_garbled", True),
        (imaplib.IMAP4.error("EXAMINE command error: BAD [b'no']"), "server_error", True),
        (UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"), "protocol_garbled", True),
    ],
)
def test_codes(error, code, retryable):
    with pytest.raises(MailboxError) as raised, translated_errors():
        raise error
    assert (raised.value.code, raised.value.retryable) == (code, retryable)
    assert raised.value.__cause__ is error


def test_refusal_of_a_command_whose_text_was_to_follow():
    """A login or an address that is not ASCII is sent when the server asks for it."""
    greeting = b"* OK [CAPABILITY IMAP4rev1] ready\r\n"
    capabilities = b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n"
    refusal = b"TAG NO [BADCHARSET (US-ASCII)] That's no text\r\n"
    with server(greeting, b"TAG OK done\r\n", capabilities, refusal) as port:
        settings = ServerSettings("127.0.0.1", port, "none", "ana", SECRET, allow_private=True)
        with pytest.raises(MailboxError) as raised, ImapSession(settings) as session:
            session.search(["FROM", "josé@stranger.example"])
    assert raised.value.code == "server_error"
    assert raised.value.detail == "[BADCHARSET (US-ASCII)] That's no text"


def test_secrets_are_blanked_out():
    with pytest.raises(MailboxError) as raised, translated_errors([SECRET, ""]):
        raise imaplib.IMAP4.error(f"no such command: LOGIN ana {SECRET}")
    assert raised.value.detail == "no such command: LOGIN ana ***"


@pytest.mark.parametrize("secret", ["pass  word", 'quo"ted\\', "contraseña"])
@pytest.mark.parametrize(
    "repeat",
    [
        str,
        lambda secret: base64.b64encode(secret.encode()).decode(),
        lambda secret: secret.replace("\\", "\\\\").replace('"', '\\"'),
        lambda secret: str([secret.encode()]),
    ],
)
def test_secrets_are_blanked_out_in_every_form(secret, repeat):
    with pytest.raises(MailboxError) as raised, translated_errors([secret]):
        raise imaplib.IMAP4.error(f"what is <{repeat(secret)}>?")
    assert raised.value.detail in ("what is <***>?", "what is <[b'***']>?")


def test_of_a_garbled_answer_nothing_is_told():
    with pytest.raises(MailboxError) as raised, translated_errors():
        raise imaplib.IMAP4.abort("unexpected response: b'Dear Ana, in confidence'")
    assert (raised.value.code, raised.value.detail) == ("protocol_garbled", "abort")


def test_other_errors_pass_through():
    with pytest.raises(KeyError), translated_errors():
        raise KeyError("a fault of our own")


@pytest.mark.parametrize(("login", "password"), [("ana", ""), ("ana", "a\r\nb"), ("a\0", "b")])
def test_credentials_that_cannot_be_sent(login, password):
    with server(b"* OK [CAPABILITY IMAP4REV1] hello\r\n") as port:
        settings = ServerSettings("127.0.0.1", port, "none", login, password, timeout=0.3, allow_private=True)
        with pytest.raises(MailboxError), ImapSession(settings):
            pass
