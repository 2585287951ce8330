"""No row is locked while the network is waited for: a server may take half a minute for an answer."""

import pytest

from tests.conftest import make_mailbox
from tests.sync import refusing_proxy
from tests.sync.support import assert_sound, deliver, ledger, letters, move, sync


@pytest.fixture
def proxy(dovecot):
    with refusing_proxy.running(dovecot.host, dovecot.port) as proxy:
        yield proxy


@pytest.fixture
def locked(env, proxy):
    """Return a function: from then on, the commands at which the row of a mailbox is locked are noted in its list."""

    def watch(mailbox) -> list[bytes]:
        found = []

        def look(line: bytes) -> None:
            with env.registry.cursor() as cursor:
                statement = "SELECT FROM escala_mailbox WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED"
                cursor.execute(statement, [mailbox.id])
                if not cursor.rowcount:
                    found.append(line)

        proxy.heard = look
        return found

    return watch


def test_after_a_race_that_was_lost(env, mailbox, dovecot, login, proxy, locked, monkeypatch):
    move(mailbox, imap_port=proxy.port)
    prefix = f"race-{login.partition('@')[0]}-"
    deliver(dovecot, login, letters(3, prefix))
    importer = type(env["escala.email.importer"])
    store, lost = importer._store, []

    def store_too_late(self, *arguments):
        """Somebody else hears of one of the senders after this transaction began."""
        if not lost:
            lost.append(f"{prefix}2@stranger.example")
            with env.registry.cursor() as cursor:
                env(cr=cursor)["contact.address.claim"]._claim(lost)
        return store(self, *arguments)

    monkeypatch.setattr(importer, "_store", store_too_late)
    found = locked(mailbox)
    sync(mailbox)
    assert lost
    assert not found
    assert len(ledger(mailbox)) == 3
    assert not mailbox.last_error
    assert_sound(mailbox)


def test_while_somebody_connects(env, dovecot, login, proxy, locked):
    deliver(dovecot, login, letters(3, f"connect-{login.partition('@')[0]}-"), folder="Obras")
    mailbox = make_mailbox(env, dovecot, login, kind="shared", user_id=False)
    mailbox.folder_ids.filtered(lambda folder: folder.path == "Obras").selected = True
    env.cr.commit()
    for values in ({}, {"imap_login": f"other-{login}"}):  # of the other account, all folders are new
        move(mailbox, imap_port=proxy.port, **values)
        found = locked(mailbox)
        mailbox.action_connect()
        assert mailbox.state == "connected", mailbox.last_error
        assert proxy.commands.count("EXAMINE") >= 2
        assert not found
        env.cr.commit()
        proxy.forget()
