"""A connection that breaks off, or carries garbage, at any byte: nothing is lost, and nothing twice.

Where the bytes fall is drawn by lot; the seed is printed, and ESCALA_SEED repeats a run.
"""

import contextlib
import itertools
import os
import random

import pytest

from tests.conftest import make_mailbox
from tests.sync import cutting_proxy
from tests.sync.cutting_proxy import GarbledBytes, GarbledWord
from tests.sync.support import (
    assert_sound,
    flags_on_server,
    impatience,
    is_in_words,
    ledger,
    letters,
    move,
    sync,
)

MESSAGES, FIRST_UID = 12, 4
CUTS, GARBLINGS = 15, 25
# What a line may bring in, and a broken proxy has been seen to.
GARBAGE = (b"\x00", b"\xff\xfe", b"\r\n", b")", b"* BYE\r\n", b"{99999}\r\n", b"\r\n* OK [ALERT] \xe9\r\n")
FLAGS = ((), ("\\Seen",), ("\\Seen", "\\Answered"), ("\\Flagged", "$Forwarded"))

_numbers = itertools.count()


@pytest.fixture(scope="module")
def chance():
    seed = int(os.environ.get("ESCALA_SEED") or random.SystemRandom().randrange(10**6))
    print(f"ESCALA_SEED={seed}")
    return random.Random(seed)


@pytest.fixture
def tiny_batches(monkeypatch):
    from odoo.addons.escala_mail_sync.models import escala_mailbox_sync

    monkeypatch.setattr(escala_mailbox_sync, "BATCH_SIZE", 5)


@pytest.fixture
def proxy(dovecot):
    with cutting_proxy.running(dovecot.host, dovecot.port) as proxy:
        yield proxy


@pytest.fixture
def filled(env, dovecot, proxy):
    """Return a function that makes a mailbox behind the proxy, with a dozen unread and read messages."""

    def make(name: str):
        """Its messages are not numbered from 1: else nobody would notice who takes a place for a UID."""
        login = f"{name}@nordica.example"
        mailbox = make_mailbox(env, dovecot, login, kind="shared", user_id=False)
        file = ("plano.bin", "application/octet-stream", name.encode() * 50)
        raws = letters(MESSAGES, name, attachments=[file])
        dovecot.append_all(login, "INBOX", [(b"Subject: gone\r\n\r\n", (), None)] * (FIRST_UID - 1))
        with dovecot.connect(login) as client:
            client.select_folder("INBOX")
            client.delete_messages(client.search())
            client.expunge()
            client.multiappend(
                "INBOX", [{"msg": raw, "flags": flags} for raw, flags in zip(raws, FLAGS * 3, strict=True)]
            )
        move(mailbox, imap_port=proxy.port)
        return mailbox

    return make


@pytest.fixture
def length(filled, proxy):
    """How many bytes the server answers in a whole run: as many for each mailbox whose name is as long."""
    sync(filled(f"all{next(_numbers):02}"))
    assert proxy.passed > MESSAGES * 1000
    return proxy.passed


def run_broken_then_whole(mailbox, proxy, dovecot) -> None:
    """Run once with what the proxy does and once without; check what holds after each."""
    before = flags_on_server(dovecot, mailbox.email)
    # what came garbled may announce more than there is, and be waited for
    with impatience() if proxy.garbling else contextlib.nullcontext():
        sync(mailbox)
    assert_sound(mailbox)
    if mailbox.state == "error":
        assert is_in_words(mailbox.last_error), mailbox.last_error
        assert mailbox.next_check, mailbox.last_error
    proxy.limit = proxy.garbling = None
    sync(mailbox)
    assert mailbox.state == "connected", mailbox.last_error
    assert not mailbox.last_error
    assert ledger(mailbox).mapped("uid") == list(range(FIRST_UID, FIRST_UID + MESSAGES))
    assert flags_on_server(dovecot, mailbox.email) == before
    assert_sound(mailbox)


def find_changed(mailbox) -> list[int]:
    """Return the UIDs of the messages that are not what was sent."""
    name = mailbox.email.partition("@")[0]
    changed = []
    for number, row in enumerate(ledger(mailbox), 1):
        email = row.email_id
        found = email.subject, email.lead_ids.mapped("email_normalized"), email.attachment_ids.mapped("raw")
        if found != (f"{name} {number}", [f"{name}{number}@stranger.example"], [name.encode() * 50]):
            changed.append(row.uid)
    return changed


def test_cut_anywhere(filled, proxy, dovecot, chance, tiny_batches, length):
    for number in range(CUTS):
        proxy.limit = chance.randrange(length)
        print(f"cut after {proxy.limit} bytes")
        mailbox = filled(f"cut{number:02}")
        run_broken_then_whole(mailbox, proxy, dovecot)
        assert not find_changed(mailbox)
    assert proxy.cuts >= CUTS


def test_garbled_anywhere(filled, proxy, dovecot, chance, tiny_batches, length):
    for number in range(GARBLINGS):
        garbage = {"flipped": chance.randint(1, 8)} if number % 2 else {"inserted": chance.choice(GARBAGE)}
        proxy.garbling = GarbledBytes(chance.randrange(length), **garbage)
        print(proxy.garbling)
        mailbox = filled(f"bad{number:02}")
        run_broken_then_whole(mailbox, proxy, dovecot)
        # What falls into the text of a message cannot be told from what its author wrote.
        assert len(find_changed(mailbox)) <= 1


@pytest.mark.parametrize("limit", [450, 650])
def test_cut_during_the_login_is_no_wrong_password(filled, proxy, dovecot, limit):
    proxy.limit = limit
    mailbox = filled(f"login{limit}")
    sync(mailbox)
    assert mailbox.next_check
    assert "lost" in mailbox.last_error
    run_broken_then_whole(mailbox, proxy, dovecot)


@pytest.mark.parametrize(
    ("word", "occurrence"),
    [
        (b"UID 7 ", 1),
        (b"UID 7 ", 2),
        (b"BODY[HEADER", 3),
        (b"BODY[]", 3),
        (b"FETCH (UID 7", 1),
        (b"FETCH (UID 7", 2),
        (b"RFC822.SIZE", 3),
        (b"INTERNALDATE", 3),
    ],
)
def test_garbled_name_in_an_answer(filled, proxy, dovecot, tiny_batches, word, occurrence):
    proxy.garbling = GarbledWord(word, occurrence)
    mailbox = filled(f"word{next(_numbers)}")
    run_broken_then_whole(mailbox, proxy, dovecot)
    assert not find_changed(mailbox)
