"""What happens on the server to messages that are in Odoo already: read, moved, deleted, renamed, renumbered."""

import os
import re

import pytest

from odoo import fields

from odoo.addons.escala_mail_sync.imap.changes import Changes

from setup import dovecot as dovecot_setup
from setup import paths
from tests.conftest import make_mailbox, total
from tests.sync import refusing_proxy
from tests.sync.support import (
    assert_sound,
    compose,
    cursors,
    deliver,
    flags_on_server,
    ledger,
    letters,
    move,
    set_uidvalidity,
    subjects,
    sync,
)

EXTENSIONS = {
    "all extensions": "",
    "CONDSTORE without QRESYNC": "imap_capability = IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE"
    " LITERAL+ UIDPLUS CONDSTORE AUTH=PLAIN AUTH=LOGIN",
    "no extensions": "imap_capability = IMAP4rev1 AUTH=PLAIN AUTH=LOGIN",
}


@pytest.fixture(scope="module", params=EXTENSIONS)
def dovecot(request):
    """A server with few or many extensions."""
    folder = paths.DOVECOT / f"following-{os.getpid()}"
    with dovecot_setup.running(folder, EXTENSIONS[request.param]) as server:
        yield server


@pytest.fixture
def handled(env, monkeypatch):
    """Collect what the synchronisation says of e-mails: that they were read or deleted on the server."""
    calls = {"seen": [], "deleted": []}
    model = type(env["escala.email"])
    for kind, found in calls.items():

        def note(self, found=found):
            found.extend(self.mapped("subject"))

        monkeypatch.setattr(model, f"_handle_{kind}", note)
    return calls


def change(dovecot, login, uids, action, folder="INBOX"):
    with dovecot.connect(login) as client:
        client.select_folder(folder)
        return action(client, uids)


def mark(flag):
    return lambda client, uids: client.add_flags(uids, [flag])


def delete(client, uids):
    client.delete_messages(uids)
    client.expunge()


def move_to(target):
    def move(client, uids):
        if not client.folder_exists(target):
            client.create_folder(target)
        client.copy(uids, target)
        delete(client, uids)

    return move


class TestFlags:
    @pytest.mark.parametrize("flag", ["\\Seen", "\\Answered"])
    def test_message_read_or_answered_on_the_server(self, mailbox, dovecot, login, handled, flag):
        deliver(dovecot, login, letters(4, "flag"))
        sync(mailbox)
        change(dovecot, login, [2, 4], mark(flag))
        sync(mailbox)
        assert sorted(handled["seen"]) == ["flag 2", "flag 4"]
        name = "seen" if flag == "\\Seen" else "answered"
        assert ledger(mailbox).mapped(name) == [False, True, False, True]
        sync(mailbox)
        assert len(handled["seen"]) == 2

    def test_message_marked_as_unread_again(self, mailbox, dovecot, login):
        deliver(dovecot, login, letters(2, "unread"), flags=["\\Seen"])
        sync(mailbox)
        change(dovecot, login, [1], lambda client, uids: client.remove_flags(uids, ["\\Seen"]))
        sync(mailbox)
        assert ledger(mailbox).mapped("seen") == [False, True]

    def test_keyword_of_digits(self, mailbox, dovecot, login):
        """IMAPClient makes a number of it."""
        deliver(dovecot, login, letters(1, "digits"), flags=["2026", "\\Flagged"])
        deliver(dovecot, login, letters(1, "later"))
        sync(mailbox)
        change(dovecot, login, [2], mark("007"))
        sync(mailbox)
        assert mailbox.state == "connected"
        assert not mailbox.last_error
        assert [set(flags.split()) for flags in ledger(mailbox).mapped("flags")] == [
            {"2026", "\\Flagged"},
            {"007"},
        ]

    def test_old_messages_are_followed_too(self, mailbox, dovecot, login, handled, monkeypatch):
        from odoo.addons.escala_mail_sync.models import escala_mailbox_changes

        monkeypatch.setattr(escala_mailbox_changes, "RECENT", 2)
        monkeypatch.setattr(escala_mailbox_changes, "SWEEP", 3)
        deliver(dovecot, login, letters(12, "old"))
        sync(mailbox)
        change(dovecot, login, [1], mark("\\Seen"))
        change(dovecot, login, [3], delete)
        for _run in range(12):
            sync(mailbox)
        assert handled == {"seen": ["old 1"], "deleted": ["old 3"]}

    def test_message_marked_as_read_in_odoo_is_so_on_the_server(self, mailbox, dovecot, login, handled):
        deliver(dovecot, login, letters(3, "mark"))
        deliver(dovecot, login, letters(1, "flagged"), flags=["\\Flagged"])
        sync(mailbox)
        ledger(mailbox)[1:]._mark_seen()
        assert mailbox.sync_requested
        sync(mailbox)
        flags = change(dovecot, login, [1, 2, 3, 4], lambda client, uids: client.get_flags(uids))
        assert [b"\\Seen" in flags[uid] for uid in (1, 2, 3, 4)] == [False, True, True, True]
        assert b"\\Flagged" in flags[4]
        assert not any(ledger(mailbox).mapped("pending_seen"))
        sync(mailbox)
        assert not handled["seen"], "what was done in Odoo is no news"

    def test_message_marked_as_unread_in_odoo_is_so_on_the_server(self, mailbox, dovecot, login, handled):
        deliver(dovecot, login, letters(3, "again"), flags=["\\Seen", "\\Flagged"])
        sync(mailbox)
        rows = ledger(mailbox)
        rows[1:]._mark_unseen()
        assert rows.mapped("seen") == [True, False, False]
        assert mailbox.sync_requested
        sync(mailbox)
        flags = flags_on_server(dovecot, login)
        assert [b"\\Seen" in flags[uid] for uid in (1, 2, 3)] == [True, False, False]
        assert all(b"\\Flagged" in flags[uid] for uid in (1, 2, 3))
        sync(mailbox)
        assert ledger(mailbox).mapped("seen") == [True, False, False]
        assert not any(ledger(mailbox).mapped("pending_unseen"))
        change(dovecot, login, [2], mark("\\Seen"))
        sync(mailbox)
        assert ledger(mailbox).mapped("seen") == [True, True, False]
        assert handled["seen"] == ["again 2"], "what somebody reads in a mail program is"

    def test_message_marked_as_unread_in_odoo_stays_so_until_the_server_is_told(
        self, mailbox, dovecot, login, handled
    ):
        deliver(dovecot, login, letters(1, "flagged"), flags=["\\Seen"])
        sync(mailbox)
        row = ledger(mailbox)
        row._mark_unseen()
        row._apply_flags(row.folder_id, Changes(flags={1: ("\\Flagged", "\\Seen")}))
        assert (row.seen, row.flags) == (False, "\\Flagged \\Seen")
        assert not handled["seen"]

    @pytest.mark.parametrize("seen", [True, False])
    def test_folder_that_may_only_be_read_keeps_what_the_server_says(self, mailbox, dovecot, login, seen):
        deliver(dovecot, login, letters(1, "kept"), flags=["\\Seen"] if seen else [])
        with refusing_proxy.running(dovecot.host, dovecot.port) as proxy:
            proxy.refused, proxy.answer = re.compile(rb"UID STORE"), b"[NOPERM] Read only"
            move(mailbox, imap_port=proxy.port)
            sync(mailbox)
            [row] = ledger(mailbox)
            (row._mark_unseen if seen else row._mark_seen)()
            sync(mailbox)
            assert proxy.refusals
        assert (row.seen, row.pending_seen, row.pending_unseen) == (seen, False, False)

    def test_who_changes_their_mind_before_the_check_is_heard(self, mailbox, dovecot, login):
        deliver(dovecot, login, letters(2, "mind"))
        sync(mailbox)
        rows = ledger(mailbox)
        rows._mark_seen()
        rows[:1]._mark_unseen()
        sync(mailbox)
        flags = flags_on_server(dovecot, login)
        assert [b"\\Seen" in flags[uid] for uid in (1, 2)] == [False, True]


class TestDeleted:
    def test_message_is_reported_once(self, mailbox, dovecot, login, handled):
        deliver(dovecot, login, letters(3, "gone"))
        sync(mailbox)
        change(dovecot, login, [2], delete)
        sync(mailbox)
        sync(mailbox)
        assert handled["deleted"] == ["gone 2"]
        assert ledger(mailbox).mapped("gone") == [False, True, False]

    def test_moved_to_another_ticked_folder_it_is_followed(self, mailbox, dovecot, login, handled):
        with dovecot.connect(login) as client:
            client.create_folder("Clientes")
        mailbox.action_connect()
        mailbox.folder_ids.filtered(lambda folder: folder.path == "Clientes").selected = True
        deliver(dovecot, login, letters(3, "moved"))
        sync(mailbox)
        emails = ledger(mailbox).email_id
        change(dovecot, login, [1, 3], move_to("Clientes"))
        sync(mailbox)
        sync(mailbox)
        assert not handled["deleted"]
        rows = ledger(mailbox).filtered(lambda row: not row.gone)
        assert sorted((row.folder_id.path, row.subject) for row in rows) == [
            ("Clientes", "moved 1"),
            ("Clientes", "moved 3"),
            ("INBOX", "moved 2"),
        ]
        assert rows.email_id == emails
        assert_sound(mailbox)

    @pytest.mark.parametrize(
        ("target", "deleted"), [("Archivo", []), ("Trash", ["out 1"]), ("Junk", ["out 1"])]
    )
    def test_moved_out_of_sight(self, mailbox, dovecot, login, handled, target, deleted):
        deliver(dovecot, login, letters(2, "out"))
        sync(mailbox)
        change(dovecot, login, [1], move_to(target))
        sync(mailbox)
        assert handled["deleted"] == deleted

    def test_taken_out_of_the_bin_it_comes_in_again(self, env, mailbox, dovecot, login):
        who = f"bin-{login}"
        deliver(dovecot, login, [compose(who, "thrown away")])
        sync(mailbox)
        change(dovecot, login, [1], move_to("Trash"))
        sync(mailbox)
        assert not ledger(mailbox).email_id
        assert not env["crm.lead"].search([("email_normalized", "=", who)])
        change(dovecot, login, [1], move_to("INBOX"), folder="Trash")
        sync(mailbox)
        assert subjects(mailbox) == ["thrown away"]
        assert ledger(mailbox).email_id.lead_ids.email_normalized == who

    def test_emptied_mailbox_takes_new_mail(self, mailbox, dovecot, login, handled):
        deliver(dovecot, login, letters(30, "before"))
        sync(mailbox)
        change(dovecot, login, list(range(1, 31)), delete)
        sync(mailbox)
        assert len(handled["deleted"]) == 30
        deliver(dovecot, login, letters(2, "after"))
        sync(mailbox)
        assert subjects(mailbox)[-2:] == ["after 1", "after 2"]
        assert_sound(mailbox)

    def test_ten_days_offline(self, env, mailbox, dovecot, login, handled):
        deliver(dovecot, login, letters(40, "kept"))
        sync(mailbox)
        change(dovecot, login, list(range(1, 11)), delete)
        change(dovecot, login, list(range(11, 21)), mark("\\Seen"))
        deliver(dovecot, login, letters(50, "away"))
        change(dovecot, login, list(range(41, 51)), delete)
        mailbox.last_sync = fields.Datetime.subtract(fields.Datetime.now(), days=10)
        assert total(sync(mailbox)).linked == 40
        assert sorted(handled["deleted"]) == sorted(f"kept {number}" for number in range(1, 11))
        assert sorted(handled["seen"]) == sorted(f"kept {number}" for number in range(11, 21))
        assert_sound(mailbox)


class TestFolders:
    def test_renamed_folder_is_followed_and_nothing_read_twice(self, mailbox, dovecot, login, handled):
        deliver(dovecot, login, letters(3, "renamed"), folder="Obras")
        mailbox.action_connect()
        folder = mailbox.folder_ids.filtered(lambda each: each.path == "Obras")
        folder.selected = True
        sync(mailbox)
        with dovecot.connect(login) as client:
            client.rename_folder("Obras", "Obras 2026")
        deliver(dovecot, login, letters(1, "afterwards"), folder="Obras 2026")
        sync(mailbox)
        sync(mailbox)
        assert mailbox.state == "connected"
        assert folder.path == "Obras 2026"
        assert not folder.missing
        assert subjects(mailbox) == ["renamed 1", "renamed 2", "renamed 3", "afterwards 1"]
        assert not handled["deleted"]

    def test_folder_that_comes_back_is_read_again(self, mailbox, dovecot, login):
        deliver(dovecot, login, letters(1, "first"), folder="Obras")
        mailbox.action_connect()
        folder = mailbox.folder_ids.filtered(lambda each: each.path == "Obras")
        folder.selected = True
        sync(mailbox)
        with dovecot.connect(login) as client:
            client.delete_folder("Obras")
        sync(mailbox)
        assert folder.missing
        deliver(dovecot, login, letters(1, "second"), folder="Obras")
        mailbox.folders_listed_on = fields.Datetime.subtract(fields.Datetime.now(), hours=2)
        sync(mailbox)
        assert not folder.missing
        assert sorted(subjects(mailbox)) == ["first 1", "second 1"]

    def test_sent_mail_with_the_same_numbers_as_the_inbox(self, mailbox, dovecot, login):
        deliver(dovecot, login, letters(3, "received"))
        sync(mailbox)
        ana = "ana@llamazares.example"
        sent = [compose(login, f"sent {n}", To=ana, Message_ID=f"<sent.{n}@nordica.example>") for n in (1, 2)]
        deliver(dovecot, login, sent[:1], folder="Sent")
        sync(mailbox)
        deliver(dovecot, login, [*letters(1, "more")])
        deliver(dovecot, login, sent[1:], folder="Sent")
        sync(mailbox)
        rows = ledger(mailbox)
        assert sorted((row.folder_id.path, row.uid) for row in rows) == [
            *(("INBOX", uid) for uid in (1, 2, 3, 4)),
            *(("Sent", uid) for uid in (1, 2)),
        ]
        assert_sound(mailbox)


class TestRenumbered:
    @pytest.mark.parametrize("step", [+1000, -1000])
    def test_ledger_gets_the_new_numbers_and_no_body_is_fetched(
        self, env, mailbox, dovecot, login, handled, step, monkeypatch
    ):
        deliver(dovecot, login, [*letters(4, "number"), compose("", "number nobody")])
        sync(mailbox)
        before = ledger(mailbox)
        validity = cursors(mailbox)["INBOX"][0] + step
        set_uidvalidity(dovecot, login, validity)
        importer = type(env["escala.email.importer"])
        wanted, read = [], importer._read

        def note_wanted(self, items, session):
            wanted.extend(item for item in items if item.is_wanted)
            return read(self, items, session)

        monkeypatch.setattr(importer, "_read", note_wanted)
        report = total(sync(mailbox))
        assert (report.linked, report.leads, report.quarantined) == (0, 0, {})
        assert not wanted
        assert ledger(mailbox) == before
        assert set(ledger(mailbox).mapped("uidvalidity")) == {validity}
        assert not handled["deleted"]
        change(dovecot, login, [1], mark("\\Seen"))
        sync(mailbox)
        assert handled["seen"] == ["number 1"]

    def test_new_mail_beside_it_comes_in(self, mailbox, dovecot, login):
        deliver(dovecot, login, letters(3, "beside"))
        sync(mailbox)
        set_uidvalidity(dovecot, login, cursors(mailbox)["INBOX"][0] + 5)
        deliver(dovecot, login, letters(2, "fresh"))
        sync(mailbox)
        assert sorted(subjects(mailbox)) == ["beside 1", "beside 2", "beside 3", "fresh 1", "fresh 2"]
        assert_sound(mailbox)

    @pytest.mark.parametrize("becomes_read", [True, False])
    def test_message_marked_in_odoo_before_it_got_another_number(
        self, env, mailbox, dovecot, login, becomes_read
    ):
        deliver(dovecot, login, letters(3, "wish"), flags=[] if becomes_read else ["\\Seen"])
        sync(mailbox)
        marked = ledger(mailbox).filtered(lambda row: row.uid != 3)
        if becomes_read:
            marked._mark_seen()
        else:
            marked._mark_unseen()
        env.cr.commit()
        set_uidvalidity(dovecot, login, cursors(mailbox)["INBOX"][0] + 9)
        change(dovecot, login, [1], move_to("INBOX"))
        for _run in range(2):
            sync(mailbox)
        flags = flags_on_server(dovecot, login)
        expected = {2: becomes_read, 3: not becomes_read, 4: becomes_read}
        assert {uid: b"\\Seen" in flags[uid] for uid in flags} == expected
        assert not any(ledger(mailbox).mapped("pending_seen"))
        assert not any(ledger(mailbox).mapped("pending_unseen"))
        assert {row.uid: row.seen for row in ledger(mailbox)} == expected

    def test_mod_sequence_that_goes_back_hides_nothing(self, env, mailbox, dovecot, login, handled):
        deliver(dovecot, login, letters(3, "modseq"))
        sync(mailbox)
        mailbox.folder_ids.filtered(lambda folder: folder.path == "INBOX").modseq = 10**15
        env.cr.commit()
        change(dovecot, login, [2], mark("\\Seen"))
        change(dovecot, login, [3], delete)
        sync(mailbox)
        assert handled == {"seen": ["modseq 2"], "deleted": ["modseq 3"]}


def test_connection_that_the_server_closes_in_between(mailbox, dovecot, login):
    """Every run opens one of its own, so that a server may close it whenever it likes."""
    for number in range(3):
        deliver(dovecot, login, letters(1, f"idle{number}"))
        sync(mailbox)
    assert len(subjects(mailbox)) == 3


def test_mailbox_without_extensions_connects(env, dovecot, login):
    mailbox = make_mailbox(env, dovecot, login, kind="shared", user_id=False)
    ticked = mailbox.folder_ids.filtered("selected")
    assert sorted(ticked.mapped("role")) == ["inbox", "sent"]
