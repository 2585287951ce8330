"""Thousands of things that happen to a mailbox in any order; in the end the ledger says what the server holds."""

import contextlib
import os
import random
import signal
import time
from collections import Counter

from imapclient.exceptions import IMAPClientError

from odoo import fields

from tests.sync.support import assert_sound, compose, ledger, set_uidvalidity, sync

OPERATIONS = 2000
TICKED = ("INBOX", "Clientes")
FOLDERS = (*TICKED, "Archivo", "Trash")
FLAGS = ("\\Seen", "\\Answered", "\\Flagged", "$Work")


class Server:
    """The mailbox as somebody with a mail program sees it."""

    def __init__(self, dovecot, login: str, rng: random.Random) -> None:
        self._dovecot, self._login, self._rng = dovecot, login, rng
        self._client = dovecot.connect(login)
        self.appended = 0

    def close(self) -> None:
        with contextlib.suppress(OSError, IMAPClientError):
            self._client.logout()

    def append(self) -> None:
        self.appended += 1
        number = self.appended
        subject = f"random {number}"
        match self._rng.randrange(8):
            case 0:
                raw = compose("news@shop.example", subject, List_Id="<news.shop.example>")
            case 1:
                raw = compose("marcos@nordica.example", subject)
            case 2:
                raw = compose("", subject)
            case 3:
                raw = compose("ana@llamazares.example", subject, Message_ID="<the-same@llamazares.example>")
            case 4:
                raw = compose("ana@llamazares.example", "random twin")
            case _:
                raw = compose(
                    f"random{number // 5}@stranger.example",
                    subject,
                    Message_ID=f"<random.{number}@stranger.example>",
                )
        self._client.append(self._rng.choice(TICKED), raw, self._rng.sample(FLAGS, self._rng.randrange(2)))

    def flag(self) -> None:
        uids = self._choose(self._rng.choice(TICKED))
        change = self._rng.choice((self._client.add_flags, self._client.remove_flags))
        if uids:
            change(uids, [self._rng.choice(FLAGS)])

    def delete(self) -> None:
        uids = self._choose(self._rng.choice(TICKED))
        if uids:
            self._client.delete_messages(uids)
            self._client.expunge()

    def move(self) -> None:
        source, target = self._rng.sample(FOLDERS, 2)
        uids = self._choose(source)
        if not uids:
            return
        if self._rng.random() < 0.5:
            self._client.move(uids, target)
        else:
            self._client.copy(uids, target)
            self._client.delete_messages(uids)
            self._client.expunge()

    def renumber(self) -> None:
        folder = self._rng.choice(TICKED)
        status = self._client.folder_status(folder, ["UIDVALIDITY", "MESSAGES"])
        if status[b"MESSAGES"]:
            self.close()
            set_uidvalidity(
                self._dovecot, self._login, status[b"UIDVALIDITY"] + self._rng.choice((-7, 3, 50)), folder
            )
            self._client = self._dovecot.connect(self._login)

    def look(self) -> dict[tuple[str, int, int], tuple[frozenset, str]]:
        """Return flags and subject of every message of the ticked folders, by folder, UIDVALIDITY and UID."""
        found = {}
        for folder in TICKED:
            validity = self._client.select_folder(folder, readonly=True)[b"UIDVALIDITY"]
            answers = self._client.fetch(self._client.search(), ["FLAGS", "ENVELOPE"])
            for uid, data in answers.items():
                flags = frozenset(flag.decode() for flag in data[b"FLAGS"]) - {"\\Recent"}
                found[folder, validity, uid] = flags, data[b"ENVELOPE"].subject.decode()
        return found

    def _choose(self, folder: str) -> list[int]:
        self._client.select_folder(folder)
        uids = self._client.search()
        return self._rng.sample(uids, min(len(uids), self._rng.randrange(1, 4)))


def test_ledger_and_server_agree_after_thousands_of_operations(env, mailbox, dovecot, login, sync_processes):
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    rng = random.Random(seed)
    with dovecot.connect(login) as client:
        for folder in FOLDERS:
            if not client.folder_exists(folder):
                client.create_folder(folder)
    mailbox.action_connect()
    for folder in mailbox.folder_ids:
        folder.selected = folder.path in TICKED
    env.cr.commit()
    server = Server(dovecot, login, rng)
    operations = {
        server.append: 45,
        server.flag: 25,
        server.delete: 8,
        server.move: 16,
        server.renumber: 0.4,
        lambda: mark_seen(mailbox, rng): 2,
        lambda: sync(mailbox): 2.5,
        lambda: kill_during_sync(env, mailbox, sync_processes, rng): 1,
    }
    done = Counter()
    for operation in rng.choices(list(operations), operations.values(), k=OPERATIONS):
        operation()
        done[getattr(operation, "__name__", "")] += 1
    print(done)
    for _run in range(3):
        sync(mailbox)
    assert mailbox.state == "connected"
    assert not mailbox.last_error
    assert_agree(env, mailbox, server)
    server.close()


def mark_seen(mailbox, rng) -> None:
    rows = ledger(mailbox).filtered(lambda row: not (row.gone or row.seen))
    if rows:
        rng.choice(rows)._mark_seen()
        mailbox.env.cr.commit()


def kill_during_sync(env, mailbox, sync_processes, rng) -> None:
    env.cr.rollback()
    mailbox.write({"next_check": fields.Datetime.now(), "sync_requested": True})
    env.cr.commit()
    pid = sync_processes.start(mailbox)
    time.sleep(rng.uniform(0, 0.4))
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    sync_processes.wait(pid)


def assert_agree(env, mailbox, server) -> None:
    assert_sound(mailbox)
    there = server.look()
    rows = ledger(mailbox).filtered(lambda row: not row.gone)
    current = rows.filtered(lambda row: row.uidvalidity == row.folder_id.uidvalidity)
    noted = {(row.folder_id.path, row.uidvalidity, row.uid): row for row in current}
    assert set(noted) <= set(there), "the ledger has what the server has not"
    for place, row in noted.items():
        flags, subject = there[place]
        assert row.subject == subject
        assert frozenset(row.flags.split()) == flags, place
        assert row.seen == ("\\Seen" in flags)
        assert row.state == ("linked" if row.email_id else "quarantined")
        assert not row.email_id or row.email_id.subject == subject
    missing = {subject for place, (_flags, subject) in there.items() if place not in noted}
    brought_in = set(env["escala.email"].search([("subject", "=like", "random %")]).mapped("subject"))
    assert not missing & brought_in, "some copies of what was brought in are not in the ledger"
    leads = env["crm.lead"].search([("email_normalized", "=like", "random%@stranger.example")])
    addresses = leads.mapped("email_normalized")
    assert len(addresses) == len(set(addresses))
