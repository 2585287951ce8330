"""Gmail's identifiers, as far as they can be had without Gmail: see gmail_proxy.py."""

import pytest

from tests.conftest import make_mailbox
from tests.sync import gmail_proxy
from tests.sync.support import compose, cursors, deliver, ledger, set_uidvalidity, sync

ANA = "ana@llamazares.example"


@pytest.fixture
def gmail(dovecot):
    """A server with Gmail's extension, on which the first two messages of a folder are one conversation."""
    with gmail_proxy.running(dovecot.host, dovecot.port, {1: 1, 2: 1}) as proxy:
        yield proxy


@pytest.fixture
def mailbox(env, dovecot, login, gmail):
    mailbox = make_mailbox(env, dovecot, login, kind="shared", user_id=False, imap_port=gmail.port)
    deliver(dovecot, login, [compose(ANA, f"{login} {number}") for number in (1, 2, 3)])
    sync(mailbox)
    assert gmail.asked
    return mailbox


def test_conversation_is_as_gmail_says_where_no_message_does(mailbox):
    threads = [row.email_id.thread_id for row in ledger(mailbox)]
    assert threads[0] == threads[1]
    assert threads[2] != threads[0]


def test_identifiers_are_kept(mailbox):
    assert ledger(mailbox).mapped("gmail_id") == [1700000000000000000 + number for number in (1, 2, 3)]


def test_renumbered_messages_are_found_by_them_alone(mailbox, dovecot, login):
    rows = ledger(mailbox)
    rows.write({"size": 1, "subject": "not the same"})
    rows.env.cr.commit()
    validity = cursors(mailbox)["INBOX"][0] + 3
    set_uidvalidity(dovecot, login, validity)
    sync(mailbox)
    assert ledger(mailbox) == rows
    assert set(rows.mapped("uidvalidity")) == {validity}
