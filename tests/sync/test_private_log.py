"""Nothing that goes wrong puts a password, a token or what people write into the log, at whichever level."""

import base64
import contextlib
import logging
import socket
import threading

import pytest

from setup.dovecot import PASSWORD
from tests.conftest import make_mailbox
from tests.sync import cutting_proxy, support

CONFIDENTIAL = "Entre nosotros: nos compran por 4 millones"
# Of these, Odoo or the libraries set a level of their own.
LOGGERS = ("", "odoo", "odoo.sql_db", "odoo.tools.mail.html_sanitize", "imapclient", "imapclient.imaplib")


@pytest.fixture
def log(caplog):
    """Everything that is logged, at the level of most words."""
    levels = {name: logging.getLogger(name).level for name in LOGGERS}
    for name in LOGGERS:
        caplog.set_level(logging.DEBUG, name)
    # what pytest itself would print of an exception is not what Odoo logs
    caplog.handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
    yield caplog
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def letter(login):
    return support.compose(
        "Ana <ana@stranger.example>", "Reservado", text=f"{CONFIDENTIAL}\n", Message_ID=f"<private.{login}>"
    )


def assert_private(log, *secrets: str) -> None:
    assert "escala_mailbox" in log.text  # it is the log of the right thing
    for secret in secrets:
        forms = {secret, base64.b64encode(secret.encode()).decode(), repr(secret.encode())[2:-1]}
        for form in forms:
            lines = [line for line in log.text.splitlines() if form in line]
            assert not lines, lines[0][:300]


def test_a_run_that_goes_well(mailbox, dovecot, login, letter, log):
    support.deliver(dovecot, login, [letter])
    log.clear()  # of what the test itself has told the server
    support.sync(mailbox)
    assert support.subjects(mailbox) == ["Reservado"]
    assert_private(log, PASSWORD, CONFIDENTIAL)


def test_a_message_that_the_database_refuses(env, mailbox, dovecot, login, letter, log):
    env.cr.execute(
        "ALTER TABLE mail_message ADD CONSTRAINT no_millions CHECK (body NOT LIKE '%%4 millones%%') NOT VALID"
    )
    env.cr.commit()
    support.deliver(dovecot, login, [letter])
    log.clear()  # of what the test itself has told the server
    try:
        for _run in range(3):
            support.sync(mailbox)
        assert support.ledger(mailbox).mapped("state") == ["quarantined"]
        support.ledger(mailbox).action_try_again()
        assert support.ledger(mailbox).mapped("state") == ["quarantined"]
    finally:
        env.cr.rollback()
        env.cr.execute("ALTER TABLE mail_message DROP CONSTRAINT no_millions")
        env.cr.commit()
    assert "no_millions" in log.text  # what is wrong is told
    assert "stored one by one" in log.text
    assert_private(log, PASSWORD, CONFIDENTIAL)


def test_a_fault_of_our_own_while_storing(env, mailbox, dovecot, login, letter, log, monkeypatch):
    def fail(self, folder, uidvalidity, items):
        raise KeyError(items[0].parsed.text)

    monkeypatch.setattr(type(env["escala.email.importer"]), "_store", fail)
    support.deliver(dovecot, login, [letter])
    log.clear()  # of what the test itself has told the server
    support.sync(mailbox)
    assert mailbox.error_code == "internal"
    assert "KeyError" in log.text
    assert "test_private_log.py" in log.text
    assert_private(log, PASSWORD, CONFIDENTIAL)


def test_what_another_add_on_objects_to(env, mailbox, dovecot, login, letter, log, monkeypatch):
    def object_to(self, mailbox):
        raise ValueError(self.mail_message_id.body)

    monkeypatch.setattr(type(env["escala.email"]), "_ask_for_answers", object_to)
    support.deliver(dovecot, login, [letter])
    log.clear()  # of what the test itself has told the server
    support.sync(mailbox)
    assert support.subjects(mailbox) == ["Reservado"]
    assert "failed" in log.text
    assert_private(log, PASSWORD, CONFIDENTIAL)


def test_an_answer_that_is_garbled(env, mailbox, dovecot, login, letter, log):
    support.deliver(dovecot, login, [letter])
    log.clear()  # of what the test itself has told the server
    garbling = cutting_proxy.GarbledWord(b"BODY[]", 1)
    with cutting_proxy.running(dovecot.host, dovecot.port) as proxy:
        proxy.garbling = garbling
        support.move(mailbox, imap_port=proxy.port)
        support.sync(mailbox)
    assert_private(log, PASSWORD, CONFIDENTIAL)


@pytest.mark.parametrize("password", ['let "me" in\\', "ñandú-1", "plain-secret"])
@pytest.mark.parametrize("repeated", ["line", "decoded"])
def test_a_server_that_repeats_what_it_was_sent(env, mailbox, log, password, repeated):
    with repeating_server(decode=repeated == "decoded") as port:
        mailbox.write(
            {"imap_host": "127.0.0.1", "imap_port": port, "imap_security": "none", "imap_password": password}
        )
        mailbox.state = "connected"
        env.cr.commit()
        support.sync(mailbox)
    assert mailbox.error_code == "wrong_password"
    assert mailbox.error_detail
    login = mailbox.imap_login or mailbox.email
    assert_private(log, password, f"\0{login}\0{password}")
    for form in (password, base64.b64encode(f"\0{login}\0{password}".encode()).decode()):
        assert form not in mailbox.error_detail
        assert form not in mailbox.last_error


@contextlib.contextmanager
def repeating_server(decode: bool):
    """Give the port of an IMAP server that refuses every login, saying what it was sent."""

    def talk(connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello\r\n")
            for line in lines:
                tag, _blank, command = line.strip().partition(b" ")
                if command.upper() == b"CAPABILITY":
                    connection.sendall(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n" + tag + b" OK done\r\n")
                    continue
                if command.upper().startswith(b"AUTHENTICATE"):
                    connection.sendall(b"+ \r\n")
                    command = next(lines).strip()
                    if decode:
                        command = base64.b64decode(command).replace(b"\0", b" ")
                connection.sendall(tag + b" NO what do you mean by " + command + b"?\r\n")

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _address = listener.accept()
                threading.Thread(target=talk, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]


def test_a_mailbox_that_is_connected_and_checked(env, dovecot, login, log):
    mailbox = make_mailbox(env, dovecot, login, kind="shared", user_id=False)
    mailbox.action_test_connection()
    support.sync(mailbox)
    assert_private(log, PASSWORD)
