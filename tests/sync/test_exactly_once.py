"""Every message once: on the second run, after a kill, beside another worker, after a new UIDVALIDITY."""

import contextlib
import os
import random
import signal
import time

import pytest

from odoo import fields

from tests.conftest import make_mailbox, total
from tests.sync.support import (
    assert_sound,
    compose,
    cursors,
    deliver,
    flags_on_server,
    ledger,
    letters,
    set_uidvalidity,
    subjects,
    sync,
    uids_on_server,
)

COMMANDS_PER_FOLDER = 4
KILLS = 10


class TestSecondRun:
    def test_it_imports_nothing(self, mailbox, dovecot, login):
        deliver(dovecot, login, letters(5, "second"))
        assert total(sync(mailbox)).linked == 5
        again = total(sync(mailbox))
        assert (again.seen, again.linked, again.leads) == (0, 0, 0)
        assert_sound(mailbox)

    def test_flags_on_the_server_are_as_they_were(self, mailbox, dovecot, login):
        first, *others = letters(4, "flags")
        deliver(dovecot, login, [first])
        for raw, flags in zip(
            others, [("\\Seen",), ("\\Flagged",), ("\\Seen", "\\Answered", "$Forwarded")], strict=True
        ):
            deliver(dovecot, login, [raw], flags=flags)
        before = flags_on_server(dovecot, login)
        assert b"\\Seen" not in before[1]
        sync(mailbox)
        assert flags_on_server(dovecot, login) == before
        sync(mailbox)
        assert flags_on_server(dovecot, login) == before
        assert ledger(mailbox).mapped("flags")[1] == "\\Seen"

    def test_it_costs_few_commands(self, mailbox, dovecot, login):
        deliver(dovecot, login, letters(30, "commands"))
        sync(mailbox)
        reports = sync(mailbox)
        assert {report.folder for report in reports} == {"INBOX", "Sent"}
        assert all(report.commands <= COMMANDS_PER_FOLDER for report in reports)

    def test_what_came_meanwhile_is_all_it_imports(self, mailbox, dovecot, login):
        first, second = letters(2, "meanwhile")
        deliver(dovecot, login, [first])
        sync(mailbox)
        deliver(dovecot, login, [second])
        assert total(sync(mailbox)).seen == 1
        assert subjects(mailbox) == ["meanwhile 1", "meanwhile 2"]

    def test_contacts_message_deleted_on_the_server_stays_on_the_contact(self, mailbox, dovecot, login):
        deliver(dovecot, login, [compose("ana@llamazares.example", f"deleted {n}") for n in (1, 2)])
        sync(mailbox)
        with dovecot.connect(login) as client:
            client.select_folder("INBOX")
            client.delete_messages([1, 2])
            client.expunge()
        sync(mailbox)
        assert subjects(mailbox) == ["deleted 1", "deleted 2"]


class TestKilled:
    def test_nothing_is_lost_and_nothing_twice_after_ten_kills(
        self, env, dovecot, mailbox, login, sync_processes
    ):
        duration = self.measure(env, dovecot, sync_processes)
        raws = various_mail("kill")
        deliver(dovecot, login, raws)
        seed = random.SystemRandom().randrange(10**6)
        print(f"seed {seed}, a full run takes {duration:.1f} s")
        rng = random.Random(seed)
        # Each run goes on where the one before was killed, so together they last about one full run.
        delays = [rng.uniform(0, 2 * duration / KILLS) for _kill in range(KILLS)]
        rng.shuffle(delays)
        killed = 0
        for delay in delays:
            self.make_due(env, mailbox)
            pid = sync_processes.start()
            time.sleep(delay)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            killed += sync_processes.wait(pid) == -signal.SIGKILL
            assert_sound(mailbox)
        assert killed >= KILLS // 2, "the runs were over before they could be killed"
        self.make_due(env, mailbox)
        assert sync_processes.wait(sync_processes.start()) == 0
        self.assert_complete(env, mailbox, dovecot, login, raws)

    def measure(self, env, dovecot, sync_processes) -> float:
        mailbox = make_mailbox(env, dovecot, "measured@nordica.example", kind="shared", user_id=False)
        deliver(dovecot, mailbox.email, various_mail("measured"))
        self.make_due(env, mailbox)
        start = time.monotonic()
        assert sync_processes.wait(sync_processes.start()) == 0
        self.assert_complete(env, mailbox, dovecot, mailbox.email, various_mail("measured"))
        return time.monotonic() - start

    def make_due(self, env, mailbox) -> None:
        """Claiming has set the next check one interval ahead, whatever became of the run."""
        env.cr.rollback()
        mailbox.next_check = fields.Datetime.now()
        env.cr.commit()

    def assert_complete(self, env, mailbox, dovecot, login, raws) -> None:
        assert_sound(mailbox)
        assert mailbox.state == "connected", mailbox.last_error
        rows = ledger(mailbox)
        wanted = [uid for uid, raw in enumerate(raws, 1) if not is_newsletter(raw)]
        assert uids_on_server(dovecot, login) == list(range(1, len(raws) + 1))
        assert rows.mapped("uid") == wanted
        quarantined = rows.filtered(lambda row: row.state == "quarantined")
        assert quarantined.mapped("reason") == ["no_sender"] * sum(map(is_broken, raws))
        for row in quarantined:
            assert row.with_context(bin_size=False).raw
        distinct = {raw for raw in raws if not (is_newsletter(raw) or is_broken(raw))}
        assert len(rows.email_id) == len(distinct)
        leads = rows.email_id.lead_ids
        senders = {row.email_id.sender_email for row in rows if row.email_id and not row.email_id.partner_ids}
        assert sorted(leads.mapped("email_normalized")) == sorted(senders)
        assert env["crm.lead"].search_count([("email_normalized", "in", list(senders))]) == len(senders)
        for attachment in rows.email_id.attachment_ids:
            assert attachment.raw == attachment_content(attachment.name)


class TestTwoWorkers:
    def test_same_mailbox_at_once(self, env, mailbox, dovecot, login, sync_processes):
        deliver(dovecot, login, various_mail("worker", 120))
        pids = [sync_processes.start(mailbox) for _worker in range(2)]
        assert [sync_processes.wait(pid) for pid in pids] == [0, 0]
        assert_sound(mailbox)
        sync(mailbox)
        assert mailbox.state == "connected", mailbox.last_error
        assert len(ledger(mailbox)) == sum(not is_newsletter(raw) for raw in various_mail("worker", 120))
        assert_sound(mailbox)

    def test_due_mailboxes_are_shared_out(self, env, dovecot, sync_processes):
        mailboxes = self.mailboxes(env, dovecot, 3, "due")
        for mailbox in mailboxes:
            deliver(dovecot, mailbox.email, letters(10, mailbox.email.partition("@")[0]))
        pids = [sync_processes.start() for _worker in range(2)]
        assert [sync_processes.wait(pid) for pid in pids] == [0, 0]
        env.cr.rollback()
        assert mailboxes.mapped("state") == ["connected"] * 3
        assert not mailboxes.filtered(lambda mailbox: mailbox.next_check <= fields.Datetime.now())
        assert len(ledger(mailboxes)) == 30
        assert_sound(mailboxes)

    def test_same_messages_in_two_mailboxes_at_once(self, env, dovecot, sync_processes):
        mailboxes = self.mailboxes(env, dovecot, 2, "copies")
        raws = letters(
            60, "copy", attachments=[("plano.bin", "application/octet-stream", os.urandom(400_000))]
        )
        for mailbox in mailboxes:
            deliver(dovecot, mailbox.email, raws)
        pids = [sync_processes.start(mailbox) for mailbox in mailboxes]
        assert [sync_processes.wait(pid) for pid in pids] == [0, 0]
        env.cr.rollback()
        assert mailboxes.mapped("state") == ["connected"] * 2
        rows = ledger(mailboxes)
        assert len(rows) == 120
        assert set(rows.mapped("state")) == {"linked"}, next(filter(None, rows.mapped("detail")))
        assert len(rows.email_id) == 60
        assert all(len(email.mailbox_message_ids) == 2 for email in rows.email_id)
        assert env["crm.lead"].search_count([("email_normalized", "=like", "copy%@stranger.example")]) == 60
        assert_sound(mailboxes)

    def test_newcomer_who_writes_to_two_mailboxes_at_once_gets_one_lead(self, env, dovecot, sync_processes):
        mailboxes = self.mailboxes(env, dovecot, 2, "newcomer")
        for mailbox in mailboxes:
            deliver(
                dovecot,
                mailbox.email,
                [compose(f"both{number}@stranger.example", mailbox.email) for number in range(40)],
            )
        pids = [sync_processes.start(mailbox) for mailbox in mailboxes]
        assert [sync_processes.wait(pid) for pid in pids] == [0, 0]
        env.cr.rollback()
        leads = env["crm.lead"].search([("email_normalized", "=like", "both%@stranger.example")])
        assert len(ledger(mailboxes).email_id) == 80
        assert len(leads) == 40

    def mailboxes(self, env, dovecot, count, name):
        made = env["escala.mailbox"]
        for number in range(count):
            made += make_mailbox(
                env, dovecot, f"{name}{number}@nordica.example", kind="shared", user_id=False
            )
        return made


class TestUidValidity:
    @pytest.mark.parametrize("change", [+1000, -1000])
    def test_change_imports_nothing_twice(self, env, mailbox, dovecot, login, change):
        prefix = f"uidvalidity{change}"
        deliver(dovecot, login, [*letters(5, prefix), compose("", f"{prefix} nobody")])
        sync(mailbox)
        emails, leads = ledger(mailbox).email_id, ledger(mailbox).email_id.lead_ids
        before = cursors(mailbox)["INBOX"]
        set_uidvalidity(dovecot, login, before[0] + change)
        again = total(sync(mailbox))
        assert cursors(mailbox)["INBOX"] == (before[0] + change, before[1])
        assert again.leads == 0
        assert ledger(mailbox).email_id == emails
        assert ledger(mailbox).email_id.lead_ids == leads
        assert_sound(mailbox)

    def test_change_there_and_back(self, mailbox, dovecot, login):
        deliver(dovecot, login, letters(5, "back"))
        sync(mailbox)
        original, _uid = cursors(mailbox)["INBOX"]
        for value in (original + 7, original):
            set_uidvalidity(dovecot, login, value)
            assert total(sync(mailbox)).leads == 0
        assert len(ledger(mailbox).email_id) == 5
        assert_sound(mailbox)

    def test_new_message_after_a_change_is_imported(self, mailbox, dovecot, login):
        old, new = letters(2, "renumbered")
        deliver(dovecot, login, [old])
        sync(mailbox)
        set_uidvalidity(dovecot, login, cursors(mailbox)["INBOX"][0] + 1)
        deliver(dovecot, login, [new])
        sync(mailbox)
        assert len(ledger(mailbox).email_id) == 2

    def test_change_makes_no_new_lead_for_one_that_was_lost(self, mailbox, dovecot, login):
        deliver(dovecot, login, letters(1, "lost"))
        sync(mailbox)
        lead = ledger(mailbox).email_id.lead_ids
        lead.action_set_lost()
        lead.env.cr.commit()
        set_uidvalidity(dovecot, login, cursors(mailbox)["INBOX"][0] + 1)
        assert total(sync(mailbox)).leads == 0
        assert ledger(mailbox).email_id.with_context(active_test=False).lead_ids == lead


class TestOneTransaction:
    def test_failure_before_the_commit_leaves_nothing_behind(self, env, mailbox, dovecot, login, monkeypatch):
        deliver(dovecot, login, letters(5, "commit", attachments=[("a.txt", "text/plain", b"texto")]))
        before = cursors(mailbox)
        folder_model = type(env["escala.mailbox.folder"])
        move = folder_model._set_cursor

        def move_and_fail(folder, cursor):
            move(folder, cursor)
            env.flush_all()
            raise RuntimeError("the machine stops just before the commit")

        with monkeypatch.context() as patch:
            patch.setattr(folder_model, "_set_cursor", move_and_fail)
            sync(mailbox)
        assert "Something went wrong" in mailbox.last_error
        assert cursors(mailbox) == before
        assert not ledger(mailbox)
        for model, domain in (
            ("escala.email", [("subject", "=like", "commit %")]),
            ("mail.message", [("subject", "=like", "commit %")]),
            ("crm.lead", [("email_normalized", "=like", "commit%@stranger.example")]),
        ):
            assert not env[model].search(domain)
        assert total(sync(mailbox)).linked == 5
        assert not mailbox.last_error
        assert_sound(mailbox)


def attachment_content(name: str) -> bytes:
    return name.encode() * 200


def various_mail(prefix: str, count: int = 300) -> list[bytes]:
    """Strangers who write several times, contacts, newsletters, broken and repeated messages."""
    raws = []
    for number in range(count):
        subject = f"{prefix} {number}"
        match number % 10:
            case 0:
                raws.append(compose("ana@llamazares.example", subject))
            case 1:
                raws.append(compose("Boletín <news@shop.example>", subject, List_Id="<news.shop.example>"))
            case 2:
                raws.append(compose("", subject))
            case 3:
                raws.append(raws[-3])
            case 4:
                name = f"{prefix}-{number}.bin"
                file = (name, "application/octet-stream", attachment_content(name))
                raws.append(compose("otto@llamazares.example", subject, attachments=[file]))
            case _:
                raws.append(compose(f"{prefix}{number // 30}@stranger.example", subject))
    return raws


def is_newsletter(raw: bytes) -> bool:
    return b"List-Id" in raw


def is_broken(raw: bytes) -> bool:
    return b"From:" not in raw
