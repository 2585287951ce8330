"""The history with an address that somebody got since, where there is much of it, or where SEARCH is refused."""

import os
import re

import pytest

from setup import dovecot as dovecot_setup
from setup import paths
from tests.sync import refusing_proxy
from tests.sync.support import (
    assert_sound,
    compose,
    deliver,
    emails_of,
    ledger,
    letters,
    move,
    subjects,
    sync,
)

ANA = "ana@llamazares.example"


@pytest.fixture
def request_history(env, login):
    """Return a function that has the history with an address fetched, as a new contact with it does."""

    def request_history(email):
        contact = env["res.partner"].create({"name": email, "email": email})
        assert email in env["escala.history.request"].search([]).mapped("email")
        env.cr.commit()
        return contact

    return request_history


@pytest.fixture
def mailbox(mailbox):
    """A mailbox that brings in what known people write."""
    mailbox.scope = "known"
    mailbox.env.cr.commit()
    return mailbox


class TestMoreThanIsSearchedFor:
    @pytest.fixture(autouse=True)
    def soon_too_many(self, monkeypatch):
        from odoo.addons.escala_mail_sync.models import escala_mailbox_history

        monkeypatch.setattr(escala_mailbox_history, "MESSAGES_AT_ONCE", 10)

    @pytest.fixture
    def written(self, dovecot, login, mailbox):
        """The address of somebody unknown who wrote 35 messages, five of them with Ana in copy, and was written to."""
        who = f"many-{login}"
        copied = [compose(who, f"copied {n}", Cc=ANA) for n in range(1, 6)]
        deliver(dovecot, login, [*(compose(who, f"letter {n}") for n in range(1, 31)), *copied])
        deliver(dovecot, login, [compose(login, "sent", To=who)], folder="Sent")
        deliver(dovecot, login, letters(5, f"other-{login.partition('@')[0]}-"))
        sync(mailbox)
        assert sorted(subjects(mailbox)) == [f"copied {n}" for n in range(1, 6)]
        return who

    def assert_all_came_once(self, contact, mailbox):
        expected = [*(f"copied {n}" for n in range(1, 6)), *(f"letter {n}" for n in range(1, 31)), "sent"]
        assert sorted(subjects(mailbox)) == sorted(expected)
        assert sorted(emails_of(contact).mapped("subject")) == sorted(expected)
        assert not mailbox.env["escala.history.request"]._get_pending(mailbox, None)
        assert_sound(mailbox)

    def test_history_is_read_again(self, mailbox, written, request_history):
        contact = request_history(written)
        sync(mailbox)
        self.assert_all_came_once(contact, mailbox)

    def test_in_several_runs(self, mailbox, written, request_history, small_batches, monkeypatch):
        from odoo.addons.escala_mail_sync.models import escala_mailbox_sync

        monkeypatch.setattr(escala_mailbox_sync, "HISTORY_SECONDS", -1)
        contact = request_history(written)
        for _run in range(3):
            mailbox._sync()
            assert mailbox.sync_requested
            assert len(ledger(mailbox)) < 36
        sync(mailbox)
        self.assert_all_came_once(contact, mailbox)


class TestFolderOutOfReach:
    """A folder that cannot be searched now is not forgotten."""

    @pytest.fixture
    def obras(self, mailbox, dovecot, login):
        """A ticked folder with a letter of somebody unknown."""
        deliver(dovecot, login, [compose(f"far-{login}", "far")], folder="Obras")
        mailbox.action_connect()
        folder = mailbox.folder_ids.filtered(lambda each: each.path == "Obras")
        folder.selected = True
        sync(mailbox)
        assert not subjects(mailbox)
        return folder

    def test_not_on_the_server_for_a_while(self, mailbox, dovecot, login, obras, request_history):
        place = dovecot.folder / "mail" / login / ".Obras"
        place.rename(dovecot.folder / f"{login}.away")
        sync(mailbox)
        assert obras.missing
        request_history(f"far-{login}")
        sync(mailbox)
        assert not mailbox.is_reading
        (dovecot.folder / f"{login}.away").rename(place)
        mailbox.folders_listed_on = False
        sync(mailbox)
        assert subjects(mailbox) == ["far"]

    def test_not_ticked_for_a_while(self, mailbox, login, obras, request_history):
        obras.selected = False
        request_history(f"far-{login}")
        sync(mailbox)
        assert not subjects(mailbox)
        obras.selected = True
        sync(mailbox)
        assert subjects(mailbox) == ["far"]


class TestSearchIsRefused:
    @pytest.fixture(scope="class", params=[(), ("LITERAL+",)], ids=["LITERAL+", "no LITERAL+"])
    def dovecot(self, request):
        """Text that is not ASCII goes out in one piece with the command, or in a second one upon leave."""
        folder = paths.DOVECOT / f"refusing-{os.getpid()}"
        with dovecot_setup.running(folder, hidden=request.param) as server:
            yield server

    @pytest.fixture
    def proxy(self, dovecot):
        with refusing_proxy.running(dovecot.host, dovecot.port) as proxy:
            yield proxy

    @pytest.fixture
    def mailbox(self, mailbox, proxy):
        move(mailbox, imap_port=proxy.port)
        return mailbox

    def test_of_several_addresses_at_once(self, mailbox, dovecot, login, proxy, request_history):
        people = [f"{name}-{login}" for name in ("uno", "dos")]
        deliver(dovecot, login, [compose(who, who) for who in people])
        sync(mailbox)
        proxy.refused, proxy.answer = re.compile(rb"SEARCH .*uno-.*dos-"), b"[LIMIT] Too long"
        for who in people:
            request_history(who)
        sync(mailbox)
        assert proxy.refusals
        assert not mailbox.last_error
        assert subjects(mailbox) == people

    def test_of_an_address_that_is_not_ascii(self, env, mailbox, dovecot, login, proxy, request_history):
        who = f"known-{login}"
        deliver(dovecot, login, [compose(who, "plain")])
        sync(mailbox)
        proxy.refused, proxy.answer = (
            re.compile(rb"SEARCH CHARSET"),
            b"[BADCHARSET (US-ASCII)] Plain text only",
        )
        env["escala.history.request"]._add([f"josé-{login}"])
        request_history(who)
        sync(mailbox)
        assert proxy.refusals
        assert not mailbox.last_error
        assert subjects(mailbox) == ["plain"]
        assert not env["escala.history.request"]._get_pending(mailbox, None)

    def test_of_a_message_that_is_gone_from_its_folder(self, mailbox, dovecot, login, proxy):
        """What cannot be looked for elsewhere does not count as deleted."""
        mailbox.scope = "everyone"
        deliver(dovecot, login, [compose(f"gone-{login}", "gone", Message_ID=f"<gone.{login}>")])
        sync(mailbox)
        email = ledger(mailbox).email_id
        assert email.lead_ids
        with dovecot.connect(login) as client:
            client.select_folder("INBOX")
            client.delete_messages([1])
            client.expunge()
        proxy.refused = re.compile(rb"SEARCH HEADER")
        sync(mailbox)
        assert proxy.refusals
        assert not mailbox.last_error
        assert ledger(mailbox).gone
        assert email.exists().lead_ids
