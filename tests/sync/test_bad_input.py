"""Unreadable messages, servers that fail, a full disk: nothing is lost, and the user gets words."""

import base64
import builtins
import errno
import io
import os
import signal
import time

import pytest

from setup import dovecot as dovecot_setup
from setup import paths
from setup.postgres import free_port
from setup.sample_mail import SAMPLES, read_message
from tests.conftest import make_mailbox, total
from tests.sync import cutting_proxy
from tests.sync.support import (
    assert_sound,
    cursors,
    deliver,
    impatience,
    is_in_words,
    ledger,
    letters,
    move,
    raw_on_server,
    subjects,
    sync,
)


class TestMessages:
    @pytest.mark.parametrize(
        ("file", "reason"),
        [
            ("broken/02-no-from.eml", "no_sender"),
            ("broken/03-from-without-address.eml", "no_sender"),
            ("broken/04-nested-sixty-levels.eml", "nested_too_deep"),
        ],
    )
    def test_unreadable_one_is_kept_as_it_is_and_the_others_imported(
        self, mailbox, dovecot, login, file, reason
    ):
        before, after = letters(2, f"around-{file[7:9]}")
        deliver(dovecot, login, [before, read_message(SAMPLES / file), after])
        sync(mailbox)
        rows = ledger(mailbox)
        assert rows.mapped("state") == ["linked", "quarantined", "linked"]
        assert rows[1].reason == reason
        assert base64.b64decode(rows[1].raw) == raw_on_server(dovecot, login, 2)
        assert not rows[1].email_id
        assert mailbox.state == "connected"
        assert mailbox.quarantine_count == 1
        assert total(sync(mailbox)).seen == 0
        assert_sound(mailbox)

    def test_one_that_the_database_refuses_is_kept_and_its_neighbours_imported(
        self, env, mailbox, dovecot, login, monkeypatch
    ):
        deliver(dovecot, login, letters(5, "refused"))
        importer = type(env["escala.email.importer"])
        prepare = importer._prepare_email_values

        def without_date(self, mailbox, item):
            values = prepare(self, mailbox, item)
            return values | ({"date": None} if values["subject"] == "refused 3" else {})

        monkeypatch.setattr(importer, "_prepare_email_values", without_date)
        report = total(sync(mailbox))
        assert (report.linked, report.leads, report.quarantined) == (4, 4, {"not_storable": 1})
        assert ledger(mailbox)[2].state == "failed"
        sync(mailbox)
        sync(mailbox)
        assert total(sync(mailbox)).quarantined == {}
        rows = ledger(mailbox)
        assert (rows[2].state, rows[2].tries) == ("quarantined", 3)
        assert rows.filtered("email_id").mapped("uid") == [1, 2, 4, 5]
        assert rows[2].reason == "not_storable"
        assert "refused 3" in rows[2].subject
        assert base64.b64decode(rows[2].raw) == raw_on_server(dovecot, login, 3)
        assert not env["crm.lead"].search([("email_normalized", "=", "refused3@stranger.example")])
        assert_sound(mailbox)

    @pytest.mark.parametrize(
        "html", ["<" * 800_000, f"<td bgcolor={' ' * 800_000}!>"], ids=["tags", "blanks"]
    )
    def test_html_that_would_take_hours_to_clean_holds_nothing_up(self, mailbox, dovecot, login, html):
        crafted = (
            f"From: crafted@stranger.example\r\nTo: {login}\r\nSubject: crafted\r\n"
            f"Content-Type: text/html\r\n\r\n{html}"
        )
        deliver(dovecot, login, [crafted.encode(), *letters(1, "behind-it")])
        begin = time.monotonic()
        sync(mailbox)
        assert time.monotonic() - begin < 60
        assert subjects(mailbox) == ["crafted", "behind-it 1"]

    def test_unknown_character_set_is_readable(self, mailbox, dovecot, login):
        deliver(dovecot, login, [read_message(SAMPLES / "encodings/02-iker-unknown-charset.eml")])
        sync(mailbox)
        (email,) = ledger(mailbox).email_id
        assert "¿para cuándo la revisión anual?" in email.body
        assert email.snippet.startswith("Laura, ¿para cuándo")


class TestPassword:
    def test_wrong_one_stops_the_checks_until_it_is_corrected(self, mailbox, dovecot, login):
        first, second = letters(2, "password")
        deliver(dovecot, login, [first])
        sync(mailbox)
        move(mailbox, imap_password="not-the-one-8361")
        deliver(dovecot, login, [second])
        assert total(sync(mailbox)).seen == 0
        assert mailbox.state == "error"
        assert is_in_words(mailbox.last_error)
        assert "not-the-one-8361" not in mailbox.last_error
        assert not mailbox.next_check
        assert not mailbox.env["escala.mailbox"]._cron_sync()
        assert subjects(mailbox) == ["password 1"]

        move(mailbox, imap_password=dovecot.password)
        assert mailbox.action_connect()["params"]["type"] == "success"
        assert mailbox.state == "connected"
        assert not mailbox.last_error
        sync(mailbox)
        assert subjects(mailbox) == ["password 1", "password 2"]

    def test_connecting_with_a_wrong_one_says_so(self, mailbox):
        move(mailbox, imap_password="not-the-one-8361")
        answer = mailbox.action_connect()["params"]
        assert answer["type"] == "danger"
        assert is_in_words(answer["message"])
        assert mailbox.state == "error"
        assert not mailbox.next_check

    def test_other_mailboxes_go_on(self, env, mailbox, dovecot, login):
        other = make_mailbox(env, dovecot, f"other-{login}", kind="shared", user_id=False)
        deliver(dovecot, other.email, letters(1, "otherbox"))
        move(mailbox, imap_password="not-the-one-8361")
        sync(mailbox + other)
        assert (mailbox.state, other.state) == ("error", "connected")
        assert subjects(other) == ["otherbox 1"]


class TestNetwork:
    def test_server_that_stops_halfway(self, env, login, monkeypatch, small_batches):
        folder_model = type(env["escala.mailbox.folder"])
        move_cursor = folder_model._set_cursor
        with dovecot_setup.running(paths.DOVECOT / f"stops-{os.getpid()}") as server:
            mailbox = make_mailbox(env, server, login, kind="shared", user_id=False)
            deliver(server, login, letters(30, "halfway"))

            def move_and_stop(folder, cursor):
                move_cursor(folder, cursor)
                os.killpg(server.process.pid, signal.SIGKILL)  # with all connections, as when a machine dies
                server.process.wait()

            with monkeypatch.context() as patch:
                patch.setattr(folder_model, "_set_cursor", move_and_stop)
                sync(mailbox)
            assert mailbox.state == "connected"
            assert mailbox.last_error
            assert mailbox.next_check
            assert len(ledger(mailbox)) == cursors(mailbox)["INBOX"][1] == 10

            sync(mailbox)
            assert "refuses connections" in mailbox.last_error
            assert len(ledger(mailbox)) == 10

            server.start()
            sync(mailbox)
            assert mailbox.state == "connected"
            assert not mailbox.last_error
            assert len(ledger(mailbox)) == 30
            assert_sound(mailbox)

    def test_connection_cut_at_any_byte_loses_nothing(self, mailbox, dovecot, login, small_batches):
        files = [("plano.bin", "application/octet-stream", bytes(range(256)) * 20)]
        deliver(dovecot, login, letters(25, "cut", attachments=files))
        with cutting_proxy.running(dovecot.host, dovecot.port) as proxy:
            move(mailbox, imap_port=proxy.port)
            # From the greeting over the headers into the bodies: 25 messages of some 7 kB
            for limit in (10, 300, 900, 1500, 4000, 9000, 40_000, 71_234, 90_001, 120_000):
                proxy.limit = limit
                before = len(ledger(mailbox))
                sync(mailbox)
                assert before <= len(ledger(mailbox)) == cursors(mailbox)["INBOX"][1]
                assert_sound(mailbox)
                if mailbox.last_error:
                    assert is_in_words(mailbox.last_error)
                    assert mailbox.next_check
            assert proxy.cuts >= 8
            proxy.limit = None
            sync(mailbox)
        assert mailbox.state == "connected"
        assert ledger(mailbox).mapped("uid") == list(range(1, 26))
        assert {row.email_id.attachment_ids.raw for row in ledger(mailbox)} == {files[0][2]}
        assert_sound(mailbox)


class TestFullDisk:
    @pytest.mark.parametrize("written", ["nothing", "half of a file"])
    def test_it_is_said_and_made_up_for_later(self, mailbox, dovecot, login, monkeypatch, written):
        content = os.urandom(5000)
        file = ("plano.bin", "application/octet-stream", content)
        deliver(dovecot, login, letters(3, f"disk-{written[:4]}", attachments=[file]))
        with monkeypatch.context() as patch:
            self.fill_disk(patch, half=written != "nothing")
            sync(mailbox)
        assert mailbox.state == "connected"
        assert "disk is full" in mailbox.last_error
        assert mailbox.next_check
        assert not ledger(mailbox)
        sync(mailbox)
        assert mailbox.state == "connected"
        assert ledger(mailbox).mapped("state") == ["linked"] * 3
        assert {row.email_id.attachment_ids.raw for row in ledger(mailbox)} == {content}
        assert_sound(mailbox)

    def fill_disk(self, patch, half: bool) -> None:
        """Have every file that is written into the filestore end in ENOSPC, whoever opens it and how."""
        from odoo.tools import config

        filestore = config.filestore("")
        really_open = open

        def open_on_full_disk(path, mode="r", *arguments, **options):
            place = os.readlink(f"/proc/self/fd/{path}") if isinstance(path, int) else os.fspath(path)
            if mode != "wb" or not str(place).startswith(filestore):
                return really_open(path, mode, *arguments, **options)
            if half:
                return FullFile(really_open(path, mode, *arguments, **options))
            raise OSError(errno.ENOSPC, "No space left on device", place)

        patch.setattr(builtins, "open", open_on_full_disk)
        patch.setattr(io, "open", open_on_full_disk)  # what os.fdopen calls


class FullFile:
    """An open file on a disk that becomes full."""

    def __init__(self, file) -> None:
        self._file = file

    def __enter__(self):
        return self

    def __exit__(self, *_error) -> None:
        self._file.close()

    def write(self, data: bytes) -> None:
        self._file.write(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")


class TestWrongServer:
    """What is wrong, in words, from the button and from the cron alike."""

    def check(self, mailbox, *words: str, retried: bool = True) -> None:
        answer = mailbox.action_test_connection()["params"]
        assert answer["type"] == "danger"
        assert is_in_words(answer["message"]), answer["message"]
        for word in words:
            assert word in answer["message"]
        sync(mailbox)
        assert mailbox.state == ("connected" if retried else "error")
        assert mailbox.last_error == answer["message"]
        assert bool(mailbox.next_check) == retried

    def test_right_server(self, mailbox):
        assert mailbox.action_test_connection()["params"]["type"] == "success"

    @pytest.mark.parametrize(
        "greeting", [b"220 smtp.example ESMTP\r\n", b"HTTP/1.0 400 Bad Request\r\n\r\n", b"\x00\xff\r\n" * 50]
    )
    def test_it_speaks_something_else(self, mailbox, greeting):
        with cutting_proxy.saying(greeting) as port:
            move(mailbox, imap_port=port)
            self.check(mailbox, "no IMAP server", str(port))

    def test_it_says_nothing(self, mailbox):
        with cutting_proxy.saying(b"") as port, impatience():
            move(mailbox, imap_port=port)
            self.check(mailbox, "does not answer", str(port))

    def test_name_that_does_not_exist(self, mailbox):
        move(mailbox, imap_host="imap.nowhere.invalid")
        self.check(mailbox, "no server named", "imap.nowhere.invalid")

    def test_port_that_nothing_listens_on(self, mailbox):
        move(mailbox, imap_port=free_port())
        self.check(mailbox, "refuses connections")

    def test_certificate_that_nobody_trusts(self, mailbox, dovecot):
        move(mailbox, imap_security="tls", imap_port=dovecot.tls_port)
        self.check(mailbox, "certificate", "not trusted", retried=False)

    def test_certificate_that_nobody_trusts_after_starttls(self, mailbox):
        move(mailbox, imap_security="starttls")
        self.check(mailbox, "certificate", "not trusted", retried=False)

    def test_no_starttls(self, mailbox):
        with dovecot_setup.running(paths.DOVECOT / f"plain-{os.getpid()}", extra="ssl = no") as server:
            move(mailbox, imap_security="starttls", imap_port=server.port)
            self.check(mailbox, "offers no STARTTLS", retried=False)

    def test_tls_on_a_port_without(self, mailbox, dovecot):
        move(mailbox, imap_security="tls", imap_port=dovecot.port)
        self.check(mailbox, "connection security", retried=False)

    def test_password_that_can_no_longer_be_decrypted(self, mailbox):
        mailbox.sudo().imap_password_encrypted = "gAAAAABmade-with-another-key"
        mailbox.env.cr.commit()
        self.check(mailbox, "No password is stored", retried=False)
