"""A message of which workers die, for want of memory or time, holds nothing up for good."""

import pytest

from odoo import fields

from odoo.addons.escala_mail_sync.imap.errors import MailboxError
from odoo.addons.escala_mail_sync.models import escala_mailbox_sync

from tests.conftest import make_mailbox, total
from tests.sync.support import assert_sound, deliver, ledger, letters, subjects, sync


class Killed(BaseException):
    """What no code catches, as a signal."""


@pytest.fixture
def fatal(env, monkeypatch):
    """Let workers die of messages with this subject; return the list of subjects, to be changed."""
    importer = type(env["escala.email.importer"])
    parse, deadly = importer._parse, []

    def parse_or_die(self, item, raw):
        if item.headers.subject in deadly:
            raise Killed
        return parse(self, item, raw)

    monkeypatch.setattr(importer, "_parse", parse_or_die)
    return deadly


@pytest.fixture
def with_history(env, dovecot, login):
    """Return a function that connects a mailbox in which there are these letters."""

    def connect(raws):
        dovecot.create_user(login)
        deliver(dovecot, login, raws)
        return make_mailbox(env, dovecot, login, kind="shared", user_id=False, history="all")

    return connect


def run(mailbox) -> bool:
    """Check the mailbox as the cron does; tell whether the worker has survived."""
    mailbox.next_check = fields.Datetime.now()
    mailbox.env.cr.commit()
    try:
        mailbox.env["escala.mailbox"]._cron_sync()
    except Killed:
        return False
    finally:
        mailbox.env.cr.rollback()
        mailbox.invalidate_recordset()
    return True


def test_it_is_set_aside_in_the_end_and_the_others_come(mailbox, dovecot, login, fatal):
    fatal.append("fatal 3")
    deliver(dovecot, login, letters(5, "fatal"))
    assert [run(mailbox) for _number in range(8)] == [False] * 7 + [True]
    rows = ledger(mailbox)
    assert rows.mapped("state") == ["linked", "linked", "quarantined", "linked", "linked"]
    assert rows[2].reason == "fatal"
    assert subjects(mailbox) == ["fatal 1", "fatal 2", "fatal 4", "fatal 5"]
    assert mailbox.broken_off == 0
    assert_sound(mailbox)


def test_new_mail_before_every_check_does_not_hide_one_in_the_history(with_history, dovecot, login, fatal):
    fatal.append("old 2")
    mailbox = with_history(letters(3, "old"))
    survived = []
    for number in range(8):
        survived.append(run(mailbox))
        deliver(dovecot, login, letters(1, f"new {number}"))
    assert survived == [False] * 7 + [True]
    assert ledger(mailbox).filtered(lambda row: row.state == "quarantined").subject == "old 2"
    assert len(subjects(mailbox)) == 2 + 7
    assert_sound(mailbox)


def test_what_is_read_in_many_turns_is_read_carefully_up_to_it(with_history, fatal, monkeypatch):
    monkeypatch.setattr(escala_mailbox_sync, "HISTORY_SECONDS", 0)
    fatal.append("turn 2")
    mailbox = with_history(letters(5, "turn"))
    assert [run(mailbox) for _number in range(8)] == [False] * 7 + [True]
    assert subjects(mailbox) == ["turn 1", "turn 3", "turn 4", "turn 5"]
    assert mailbox.broken_off == 0


def test_a_server_that_fails_in_between_changes_nothing(mailbox, dovecot, login, fatal, monkeypatch):
    def fail(*_arguments):
        raise MailboxError("connection_lost")

    fatal.append("between 1")
    deliver(dovecot, login, letters(2, "between"))
    for _number in range(7):
        assert not run(mailbox)
        with monkeypatch.context() as patch:
            patch.setattr(type(mailbox), "_sync_folders", fail)
            assert run(mailbox)
            assert mailbox.error_code == "connection_lost"
    assert run(mailbox)
    assert ledger(mailbox).mapped("state") == ["quarantined", "linked"]


def test_another_that_has_failed_is_not_blamed(mailbox, dovecot, login, fatal):
    fatal.extend(["blame 1", "blame 2"])
    deliver(dovecot, login, letters(3, "blame"))
    while not run(mailbox):
        pass
    set_aside = ledger(mailbox).filtered(lambda row: row.state == "quarantined")
    assert set_aside.mapped("reason") == ["fatal", "fatal"]
    set_aside.action_try_again()
    fatal.remove("blame 2")
    assert [run(mailbox) for _number in range(8)] == [False] * 7 + [True]
    assert ledger(mailbox).mapped("state") == ["quarantined", "linked", "linked"]


def test_it_can_be_tried_again_and_comes_when_it_is_fatal_no_more(mailbox, dovecot, login, fatal):
    fatal.append("again 1")
    deliver(dovecot, login, letters(2, "again"))
    for _number in range(8):
        run(mailbox)
    row = ledger(mailbox).filtered(lambda row: row.state == "quarantined")
    row.action_try_again()
    assert [run(mailbox) for _number in range(8)] == [False] * 7 + [True]
    assert row.state == "quarantined"
    fatal.clear()
    row.action_try_again()
    assert run(mailbox)
    assert sorted(subjects(mailbox)) == ["again 1", "again 2"]


def test_a_worker_that_is_killed_by_chance_sets_nothing_aside(mailbox, dovecot, login, fatal):
    fatal.append("chance 2")
    deliver(dovecot, login, letters(3, "chance"))
    assert [run(mailbox) for _number in range(3)] == [False, False, False]
    fatal[:] = []
    assert run(mailbox)
    assert subjects(mailbox) == ["chance 1", "chance 2", "chance 3"]
    deliver(dovecot, login, letters(1, "later"))
    assert total(sync(mailbox)).linked == 1
    assert mailbox.broken_off == 0


def test_want_of_memory_counts_too(env, mailbox, dovecot, login, monkeypatch):
    importer = type(env["escala.email.importer"])
    parse = importer._parse

    def parse_or_fail(self, item, raw):
        if item.headers.subject == "memory 1":
            raise MemoryError
        return parse(self, item, raw)

    monkeypatch.setattr(importer, "_parse", parse_or_fail)
    deliver(dovecot, login, letters(2, "memory"))
    for _number in range(8):
        assert run(mailbox)
    assert ledger(mailbox).mapped("state") == ["quarantined", "linked"]
    assert mailbox.state == "connected"
