"""Sending through a real SMTP server: logins, TLS, refusals, and what is told about them."""

import asyncio
import dataclasses
import socket
import ssl
import threading
from contextlib import contextmanager, suppress

import pytest

from escala_mail_sync.imap import MailboxError, ServerSettings
from escala_mail_sync.smtp import SendResult, SmtpSession
from tests.smtp.server import HOST, PASSWORD, Rules, running

ANA, IKER, LUIS = "ana@nordica.example", "iker@ibarra.example", "luis@ibarra.example"
MESSAGE = b"From: ana@nordica.example\nSubject: Hola\n\nUna linea\n.\n.dos\rtres\n"


def settings(port, security="none", login=ANA, password=PASSWORD, host=HOST, **values):
    return ServerSettings(host, port, security, login, password, timeout=30, allow_private=True, **values)


def trusting(certificate):
    return ssl.create_default_context(cafile=certificate[0])


def send(port, recipients=(IKER,), message=MESSAGE, sender=ANA):
    with SmtpSession(settings(port)) as session:
        return session.send(sender, recipients, message)


def failure(given, context=None) -> MailboxError:
    with pytest.raises(MailboxError) as raised, SmtpSession(given, context):
        pass
    if given.password:
        assert given.password not in str(raised.value)
    assert raised.value.detail
    return raised.value


@contextmanager
def scripted(*lines: bytes):
    """A server that greets with the first line, answers each thing it gets with the next, then hangs up."""
    listener = socket.create_server((HOST, 0))

    def talk():
        connection, _address = listener.accept()
        with connection, suppress(OSError):
            for line in lines:
                connection.sendall(line)
                heard.append(connection.recv(65536))

    heard: list[bytes] = []
    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
        thread.join(3)


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_a_message_arrives_as_it_is_with_crlf_and_dots(security, certificate):
    rules = Rules()
    with (
        running(rules, security, certificate) as port,
        SmtpSession(settings(port, security), trusting(certificate)) as session,
    ):
        assert session.send(ANA, [IKER, LUIS], MESSAGE) == SendResult({})
    [got] = rules.got
    assert (got.mail_from, got.rcpt_tos) == (ANA, [IKER, LUIS])
    assert (
        got.content == b"From: ana@nordica.example\r\nSubject: Hola\r\n\r\nUna linea\r\n.\r\n.dos\r\ntres\r\n"
    )


@pytest.mark.parametrize(
    ("answer", "message_id"),
    [
        (
            "250 2.0.0 OK <DB1P1.2@DB1P1.eurprd01.prod.outlook.com> [Hostname=DB1P1.eurprd01.prod.outlook.com]",
            "<DB1P1.2@DB1P1.eurprd01.prod.outlook.com>",
        ),
        ("250 2.0.0 OK 1792 a640c23a62f3a-b3c.12 - gsmtp", ""),
        (f"250 2.0.0 <{IKER}> Ab12 Saved", ""),
        ("250 OK <uno@x.example> <dos@x.example>", ""),
    ],
)
def test_a_message_id_that_the_server_names(answer, message_id):
    with running(Rules(answer=answer)) as port:
        assert send(port) == SendResult({}, message_id)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_an_unknown_certificate_is_not_trusted(security, certificate):
    with running(Rules(), security, certificate) as port:
        error = failure(settings(port, security))
    assert error.code == "tls_certificate"
    assert not error.retryable


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_of_another_name_is_not_trusted(security, certificate):
    with running(Rules(), security, certificate) as port:
        context = trusting(certificate)
        error = failure(settings(port, security, host="127.0.0.2"), context)
    assert error.code in ("tls_certificate", "refused")


@pytest.mark.parametrize("hidden", [(), ("PLAIN",)], ids=["PLAIN", "LOGIN"])
def test_passwords_of_any_letters(hidden):
    rules = Rules()
    with running(rules, auth_exclude_mechanism=hidden) as port:
        send(port)
        error = failure(settings(port, password="otra ñ"))
    assert rules.logins == [("LOGIN" if hidden else "PLAIN", known) for known in (True, False)]
    assert error.code == "wrong_password"
    assert not error.retryable


def test_no_login_by_password():
    with running(Rules(), auth_exclude_mechanism=("PLAIN", "LOGIN")) as port:
        assert failure(settings(port)).code == "auth_unsupported"


def test_no_starttls():
    with running(Rules()) as port:
        assert failure(settings(port, "starttls")).code == "starttls_unsupported"


def test_an_access_token_is_sent_by_xoauth2():
    with scripted(
        b"220 hello\r\n",
        b"250-hello\r\n250 AUTH PLAIN XOAUTH2\r\n",
        b"334 eyJzdGF0dXMiOiI0MDAifQ==\r\n",
        b"535 5.7.8 no dXNlcj1hbmFAbm9yZGljYS5leGFtcGxlAWF1dGg9QmVhcmVyIHRva2VuAQE=\r\n",
    ) as port:
        error = failure(settings(port, password="", access_token="token"))
    assert error.code == "wrong_password"
    assert "dXNlcj1" not in error.detail


@pytest.mark.parametrize(
    ("words", "code", "retryable"),
    [
        ("550 5.1.1 No such user", "recipient_refused", False),
        ("450 4.2.0 Greylisted", "recipient_refused", True),
        ("552 5.2.2 Mailbox full", "over_quota", False),
        ("452 4.2.2 Mailbox full", "over_quota", True),
        ("550 5.4.5 Daily user sending limit exceeded", "over_quota", False),
        ("452 4.5.3 Too many recipients", "recipient_refused", True),
    ],
)
def test_one_recipient_refused_keeps_nobody_else_from_it(words, code, retryable):
    rules = Rules(refused={LUIS: words})
    with running(rules) as port:
        refused = send(port, [IKER, LUIS]).refused
    assert {address: (error.code, error.retryable, error.detail) for address, error in refused.items()} == {
        LUIS: (code, retryable, words)
    }
    assert rules.got[0].rcpt_tos == [IKER]


def test_all_recipients_refused_sends_nothing_and_leaves_the_session_usable():
    rules = Rules(refused={LUIS: "550 5.1.1 No such user"})
    with running(rules) as port, SmtpSession(settings(port)) as session:
        assert set(session.send(ANA, [LUIS], MESSAGE).refused) == {LUIS}
        assert not rules.got
        assert session.send(ANA, [IKER], MESSAGE).refused == {}
    assert len(rules.got) == 1


@pytest.mark.parametrize(
    ("rules", "code", "retryable"),
    [
        (Rules(refused={ANA: "553 5.7.1 Not your address"}), "sender_refused", False),
        (Rules(refused={ANA: "451 4.7.1 Try again later"}), "sender_refused", True),
        (Rules(answer="554 5.7.1 Looks like spam"), "message_refused", False),
        (Rules(answer="451 4.3.0 Queue is down"), "message_refused", True),
        (Rules(answer="552 5.2.3 Too big"), "message_refused", False),
        (Rules(answer="452 4.2.2 Over quota"), "over_quota", True),
    ],
)
def test_a_message_refused(rules, code, retryable):
    with running(rules) as port, pytest.raises(MailboxError) as raised:
        send(port)
    words = next(iter(rules.refused.values()), rules.answer)
    assert (raised.value.code, raised.value.retryable, raised.value.detail) == (code, retryable, words)
    assert not rules.got


def test_a_message_larger_than_the_server_takes():
    with running(Rules(), data_size_limit=1000) as port, SmtpSession(settings(port)) as session:
        assert session.size_limit == 1000
        with pytest.raises(MailboxError) as raised:
            session.send(ANA, [IKER], MESSAGE + b"x" * 2000)
    assert not raised.value.retryable


def test_addresses_of_any_letters():
    rules = Rules()
    with running(rules) as port:
        assert send(port, ["josé@peñas.example"]).refused == {}
    assert rules.got[0].rcpt_tos == ["josé@xn--peas-hqa.example"]


@pytest.mark.parametrize("recipient", ["boss@corp.example <luis@x.example>", f"{IKER}>\r\nRCPT TO:<{LUIS}"])
def test_what_is_no_address_is_refused_and_not_guessed_at(recipient):
    rules = Rules()
    with running(rules) as port:
        refused = send(port, [IKER, recipient]).refused
    assert {address: error.code for address, error in refused.items()} == {recipient: "recipient_refused"}
    assert rules.got[0].rcpt_tos == [IKER]


LOGIN = (b"220 hello\r\n", b"250-hello\r\n250 AUTH PLAIN\r\n", b"235 ok\r\n")
ENVELOPE = (b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n")


def test_a_connection_lost_after_the_message_leaves_open_whether_it_was_taken():
    # the server has read the message and its end, and says nothing
    with scripted(*LOGIN, *ENVELOPE, b"") as port, pytest.raises(MailboxError) as raised:
        send(port)
    assert raised.value.code == "delivery_unknown"
    assert not raised.value.retryable


def test_a_connection_lost_before_the_message_has_sent_nothing():
    with scripted(*LOGIN, b"250 ok\r\n") as port, pytest.raises(MailboxError) as raised:
        send(port)
    assert raised.value.code == "connection_lost"
    assert raised.value.retryable


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ((b"421 too busy\r\n",), "server_error"),
        ((b"* OK IMAP4rev1\r\n",), "protocol_garbled"),
        ((b"220 hello\r\n", b"250-hello\r\n250 AUTH PLAIN\r\n", b"454 4.7.0 later\r\n"), "server_error"),
        ((b"220 hello\r\n", b"250-hello\r\n250 AUTH PLAIN\r\n"), "connection_lost"),
    ],
)
def test_servers_that_do_not_let_one_in(lines, code):
    with scripted(*lines) as port:
        error = failure(settings(port))
    assert error.code == code
    assert error.retryable


def test_silence():
    with socket.create_server((HOST, 0)) as listener:
        given = ServerSettings(
            HOST, listener.getsockname()[1], "none", ANA, PASSWORD, timeout=0.3, allow_private=True
        )
        assert failure(given).code == "timeout"


def test_an_answer_to_the_message_may_take_longer_than_others():
    class Thoughtful(Rules):
        async def handle_DATA(self, server, session, envelope):
            await asyncio.sleep(4)
            return await super().handle_DATA(server, session, envelope)

    rules = Thoughtful()
    with running(rules) as port:
        hasty = dataclasses.replace(settings(port), timeout=3)
        with SmtpSession(hasty) as session:
            assert session.send(ANA, [IKER], MESSAGE).refused == {}
            assert session.client.sock.gettimeout() == 3
    assert len(rules.got) == 1


def test_a_refused_port_and_an_unknown_name():
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
    assert failure(settings(port)).code == "refused"
    assert failure(settings(25, host="nowhere.invalid")).code == "name_not_found"


@pytest.mark.parametrize(("login", "password"), [(ANA, ""), (ANA, "a\r\nb"), ("a\0", "b")])
def test_credentials_that_cannot_be_sent(login, password):
    with running(Rules()) as port:
        assert failure(settings(port, login=login, password=password)).code == "wrong_password"
