"""Reading folders of a real server: nothing missed, nothing twice, nothing altered, few commands."""

import itertools
import ssl
from datetime import datetime, timezone

import pytest

from escala_mail_sync.imap import (
    FolderCursor,
    ImapSession,
    MailboxError,
    ServerSettings,
    fetch_bodies,
    new_headers,
)
from escala_mail_sync.mime import parse_headers

LOGINS = (f"folder-sync-{number}@nordica.example" for number in itertools.count(1))


def message(number: int, size: int = 0) -> bytes:
    return (
        f"From: Ana <ana{number}@llamazares.example>\r\nTo: laura@nordica.example\r\n"
        f"Subject: Pregunta {number}\r\nMessage-ID: <{number}@llamazares.example>\r\n"
        f"Received: from somewhere\r\n\r\nHola {number}\r\n{'x' * size}"
    ).encode()


@pytest.fixture
def mailbox(dovecot):
    """A mailbox of its own for the test, with helpers."""
    return Mailbox(dovecot)


class Mailbox:
    def __init__(self, dovecot):
        self.dovecot = dovecot
        self.login = next(LOGINS)
        self.password = dovecot.create_user(self.login)

    def settings(self, **values) -> ServerSettings:
        values = {
            "host": self.dovecot.host,
            "port": self.dovecot.port,
            "security": "none",
            "login": self.login,
            "password": self.password,
            "allow_private": True,
            **values,
        }
        return ServerSettings(**values)

    def session(self, **values) -> ImapSession:
        return ImapSession(self.settings(**values), trusting())

    def append(self, *numbers: int, size: int = 0, **values) -> None:
        for number in numbers:
            self.dovecot.append(self.login, "INBOX", message(number, size), **values)

    def remove(self, *uids: int) -> None:
        with self.session() as session:
            session.client.select_folder("INBOX")
            session.client.delete_messages(list(uids))
            session.client.expunge()


def trusting() -> ssl.SSLContext:
    """The test server signs its own certificate."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def new(session, cursor=None, **values):
    """What is new in the inbox; without a cursor, all it holds."""
    status = session.examine("INBOX")
    return new_headers(session, status, cursor or FolderCursor(status.uidvalidity), **values)


def uids(batches) -> list[int]:
    return [header.uid for batch in batches for header in batch.headers]


class TestConnecting:
    @pytest.mark.parametrize("security", ["none", "starttls", "tls"])
    def test_every_kind_of_security(self, mailbox, security):
        port = mailbox.dovecot.tls_port if security == "tls" else mailbox.dovecot.port
        with mailbox.session(port=port, security=security) as session:
            assert "IMAP4REV1" in session.capabilities
            assert session.examine("INBOX").exists == 0

    @pytest.mark.parametrize("security", ["starttls", "tls"])
    def test_unknown_certificate_is_refused(self, mailbox, security):
        port = mailbox.dovecot.tls_port if security == "tls" else mailbox.dovecot.port
        with (
            pytest.raises(MailboxError) as raised,
            ImapSession(mailbox.settings(port=port, security=security)),
        ):
            pass
        assert raised.value.code == "tls_certificate"
        assert not raised.value.retryable

    def test_wrong_password(self, mailbox):
        with pytest.raises(MailboxError) as raised, mailbox.session(password="not-the-one"):
            pass
        assert raised.value.code == "wrong_password"
        assert "not-the-one" not in str(raised.value)

    def test_wrong_password_in_spanish(self, mailbox):
        with pytest.raises(MailboxError) as raised, mailbox.session(password="contraseña ñandú €"):
            pass
        assert raised.value.code == "wrong_password"

    def test_tls_spoken_to_a_plain_port(self, mailbox):
        with pytest.raises(MailboxError) as raised, mailbox.session(security="tls", timeout=5):
            pass
        assert raised.value.code in ("tls", "connection_lost")

    def test_login_takes_a_handful_of_commands(self, mailbox):
        with mailbox.session() as session:
            assert session.commands <= 4

    def test_roles_of_folders(self, mailbox):
        with mailbox.session() as session:
            session.client.create_folder("Clientes/Año 2025")
            folders = {folder.name: folder for folder in session.folders()}
        roles = {name: folder.role for name, folder in folders.items() if folder.role}
        assert roles == {
            "INBOX": "inbox",
            "Sent": "sent",
            "Drafts": "drafts",
            "Junk": "junk",
            "Trash": "trash",
        }
        assert folders["Clientes/Año 2025"].selectable
        assert not folders["Clientes"].selectable

    def test_folder_that_is_gone(self, mailbox):
        with mailbox.session() as session, pytest.raises(MailboxError) as raised:
            session.examine("Nowhere")
        assert raised.value.code == "server_error"


class TestNewHeaders:
    def test_empty_folder_has_nothing_new(self, mailbox):
        with mailbox.session() as session:
            assert not list(new(session))

    def test_message_as_it_lies_on_the_server(self, mailbox):
        date = datetime(2024, 3, 1, 10, 30, tzinfo=timezone.utc)
        mailbox.append(1, flags=("\\Answered",), date=date)
        with mailbox.session() as session:
            (batch,) = new(session)
        (header,) = batch.headers
        assert header.flags == ("\\Answered",)
        assert header.internal_date == datetime(2024, 3, 1, 10, 30)
        assert header.size == len(message(1))
        assert b"Received" not in header.header
        assert parse_headers(header.header).subject == "Pregunta 1"

    def test_batches_of_the_size_asked_for(self, mailbox):
        mailbox.append(*range(1, 8))
        with mailbox.session() as session:
            batches = list(new(session, batch_size=3))
        assert [len(batch.headers) for batch in batches] == [3, 3, 1]
        assert [batch.cursor.high_uid for batch in batches] == [3, 6, 7]
        assert uids(batches) == [1, 2, 3, 4, 5, 6, 7]

    def test_going_on_after_any_batch(self, mailbox):
        mailbox.append(*range(1, 6))
        with mailbox.session() as session:
            first = next(new(session, batch_size=2))
        with mailbox.session() as session:
            rest = list(new(session, first.cursor, batch_size=2))
        assert uids(rest) == [3, 4, 5]

    def test_nothing_new_takes_one_command(self, mailbox):
        mailbox.append(1, 2)
        with mailbox.session() as session:
            *_, last = new(session)
            before = session.commands
            assert not list(new(session, last.cursor))
            assert session.commands - before == 1

    def test_few_new_ones_take_two_commands(self, mailbox):
        mailbox.append(1, 2)
        with mailbox.session() as session:
            *_, last = new(session)
            mailbox.append(3)
            before = session.commands
            assert uids(new(session, last.cursor)) == [3]
            assert session.commands - before == 2

    def test_gaps_cost_nothing(self, mailbox):
        mailbox.append(*range(1, 21))
        mailbox.remove(*range(2, 20))
        with mailbox.session() as session:
            before = session.commands
            assert uids(new(session, batch_size=5)) == [1, 20]
            assert session.commands - before == 3

    def test_last_one_removed_is_not_searched_again(self, mailbox):
        mailbox.append(1, 2, 3)
        mailbox.remove(2, 3)
        with mailbox.session() as session:
            *_, last = new(session, batch_size=2)
            assert last.cursor.high_uid == 3
            before = session.commands
            assert not list(new(session, last.cursor))
            assert session.commands - before == 1


class TestFetchBodies:
    def read(self, mailbox, **values):
        with mailbox.session() as session:
            headers = [each for batch in new(session) for each in batch.headers]
            before = session.commands
            return list(fetch_bodies(session, headers, **values)), session.commands - before

    def test_bytes_are_those_of_the_server(self, mailbox):
        mailbox.append(1, 2)
        bodies, commands = self.read(mailbox)
        assert bodies == [(1, message(1)), (2, message(2))]
        assert commands == 1

    def test_one_that_is_gone_is_left_out(self, mailbox):
        mailbox.append(1, 2, 3)
        with mailbox.session() as session:
            (batch,) = new(session)
            mailbox.remove(2)
            assert [uid for uid, _raw in fetch_bodies(session, batch.headers)] == [1, 3]

    def test_large_ones_go_alone(self, mailbox):
        mailbox.append(1, 2)
        mailbox.append(3, size=50_000)
        mailbox.append(4)
        bodies, commands = self.read(mailbox, max_bytes=10_000)
        assert [uid for uid, _raw in bodies] == [1, 2, 3, 4]
        assert commands == 3

    def test_nothing_is_marked_as_read(self, mailbox):
        mailbox.append(1, 2)
        self.read(mailbox)
        with mailbox.session() as session:
            (batch,) = new(session)
        assert not [flag for header in batch.headers for flag in header.flags if flag != "\\Recent"]
