"""A server without CONDSTORE, QRESYNC, UIDPLUS, MOVE and SPECIAL-USE: as much comes in as from any other."""

import pytest

from setup import imap_proxy
from tests.conftest import make_mailbox, total
from tests.sync.conftest import OFTEN_MISSING
from tests.sync.support import assert_sound, deliver, flags_on_server, ledger, letters, sync

# RFC 3501, and IDLE would be RFC 2177
PLAIN_COMMANDS = {
    "CAPABILITY", "LOGIN", "AUTHENTICATE", "LIST", "EXAMINE", "SELECT", "UID SEARCH", "UID FETCH", "FETCH",
    "STATUS", "NOOP", "CLOSE", "LOGOUT",
}  # fmt: skip


@pytest.fixture
def proxy(plain_dovecot):
    with imap_proxy.running(plain_dovecot.host, plain_dovecot.port) as proxy:
        yield proxy


@pytest.fixture
def mailbox(env, plain_dovecot, proxy, login):
    return make_mailbox(env, plain_dovecot, login, kind="shared", user_id=False, imap_port=proxy.port)


def test_it_offers_none_of_them(plain_dovecot, login):
    with plain_dovecot.connect(login) as client:
        offered = {name.decode() for name in client.capabilities()}
        flags = {flag for flags, _delimiter, _name in client.list_folders() for flag in flags}
    assert "IDLE" in offered
    assert not offered.intersection(OFTEN_MISSING)
    assert b"\\Sent" not in flags


def test_sent_mail_is_known_by_its_name(mailbox):
    ticked = mailbox.folder_ids.filtered("selected")
    assert dict(zip(ticked.mapped("path"), ticked.mapped("role"), strict=True)) == {
        "INBOX": "inbox",
        "Sent": "sent",
    }


def test_everything_comes_in_once_and_stays_as_it_was(mailbox, plain_dovecot, login):
    deliver(plain_dovecot, login, letters(3, "plain"), flags=("\\Seen", "$Forwarded"))
    deliver(plain_dovecot, login, letters(9, "plain-new"))
    before = flags_on_server(plain_dovecot, login)
    assert total(sync(mailbox)).linked == 12
    assert total(sync(mailbox)).seen == 0
    assert mailbox.state == "connected"
    assert ledger(mailbox).mapped("uid") == list(range(1, 13))
    assert flags_on_server(plain_dovecot, login) == before
    assert_sound(mailbox)


def test_nothing_is_asked_for_that_is_not_offered(mailbox, plain_dovecot, login, proxy):
    deliver(plain_dovecot, login, letters(3, "asked"))
    proxy.forget()
    for _first_and_second_run in range(2):
        sync(mailbox)
    assert proxy.commands
    assert set(proxy.commands) <= PLAIN_COMMANDS
