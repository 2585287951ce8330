"""New leads of a shared mailbox go round exactly, however many workers and transactions are at it."""

import threading
from collections import Counter

import pytest

from odoo import Command

from setup import odoo_env
from tests.conftest import make_mailbox
from tests.sync.support import compose, deliver, ledger, letters, sync

PEOPLE = ["ada", "ben", "cruz"]


@pytest.fixture(scope="module")
def people(module_env):
    """Three salespeople."""
    users = module_env["res.users"].create(
        [
            {
                "name": name,
                "login": name,
                "group_ids": [Command.set(module_env.ref("sales_team.group_sale_salesman").ids)],
            }
            for name in PEOPLE
        ]
    )
    module_env.cr.commit()
    return users.ids


@pytest.fixture
def queue(env, mailbox, people):
    """The queue of the mailbox, in the order of their names."""
    assignees = env["escala.mailbox.assignee"].create(
        [{"mailbox_id": mailbox.id, "user_id": user_id} for user_id in people]
    )
    env.cr.commit()
    return assignees


def owners(mailbox) -> list[str]:
    """Return who got the lead of each message, in the order of the messages' numbers on the server."""
    return [row.email_id.lead_ids.user_id.name or "nobody" for row in ledger(mailbox)]


def round_robin(count: int) -> list[str]:
    return [PEOPLE[number % len(PEOPLE)] for number in range(count)]


class TestOneWorker:
    def test_batch_after_batch_and_run_after_run(self, mailbox, queue, dovecot, login, monkeypatch):
        from odoo.addons.escala_mail_sync.models import escala_mailbox_sync

        monkeypatch.setattr(escala_mailbox_sync, "BATCH_SIZE", 4)
        raws = letters(17, "batches")
        deliver(dovecot, login, raws[:10])
        sync(mailbox)
        deliver(dovecot, login, raws[10:])
        sync(mailbox)
        assert owners(mailbox) == round_robin(17)
        assert queue.mapped("assigned_count") == [6, 6, 5]

    def test_who_writes_twice_is_one_turn(self, mailbox, queue, dovecot, login):
        twice = [compose("dos@twice.example", subject) for subject in ("uno", "dos")]
        deliver(dovecot, login, [*twice, *letters(2, "after-twice")])
        sync(mailbox)
        assert owners(mailbox) == ["ada", "ada", "ben", "cruz"]

    def test_a_customer_of_somebody_goes_to_that_one(self, env, mailbox, queue, dovecot, login):
        laura = env.ref("escala_mail_sync.user_laura")
        lead = env["crm.lead"].create(
            {"name": "antes", "email_from": "vuelve@stranger.example", "user_id": laura.id}
        )
        lead.action_set_lost()
        env.cr.commit()
        before, after = letters(2, "around")
        deliver(dovecot, login, [before, compose("vuelve@stranger.example"), after])
        sync(mailbox)
        assert owners(mailbox) == ["ada", laura.name, "ben"]
        assert queue.mapped("assigned_count") == [1, 1, 0]

    def test_pausing_leaves_the_leads_from_before(self, env, mailbox, queue, dovecot, login):
        raws = letters(6, "paused")
        deliver(dovecot, login, raws[:3])
        sync(mailbox)
        queue[1].paused = True
        env.cr.commit()
        deliver(dovecot, login, raws[3:])
        sync(mailbox)
        assert owners(mailbox) == ["ada", "ben", "cruz", "ada", "cruz", "ada"]

    def test_a_message_that_cannot_be_stored_is_nobodys_turn(
        self, env, mailbox, queue, dovecot, login, monkeypatch
    ):
        """The batch is rolled back and stored one by one: nobody's count has what came to nothing."""
        deliver(dovecot, login, letters(4, "culprit"))
        importer = type(env["escala.email.importer"])
        prepare = importer._prepare_message_values

        def refuse_the_second(self, email, content, attachments):
            if content.headers.subject == "culprit 2":
                raise ValueError(content.headers.subject)
            return prepare(self, email, content, attachments)

        monkeypatch.setattr(importer, "_prepare_message_values", refuse_the_second)
        sync(mailbox)
        assert ledger(mailbox).mapped("state") == ["linked", "failed", "linked", "linked"]
        assert owners(mailbox) == ["ada", "nobody", "ben", "cruz"]
        assert queue.mapped("assigned_count") == [1, 1, 1]

    def test_everybody_gets_the_team_that_fits(self, env, mailbox, queue, people, dovecot, login):
        team = env["crm.team"].create(
            {"name": "Los de Ben", "member_ids": [Command.set([people[1]])], "sequence": 999}
        )
        env.cr.commit()
        deliver(dovecot, login, letters(3, "teams"))
        sync(mailbox)
        leads = ledger(mailbox).email_id.lead_ids
        assert leads.filtered(lambda lead: lead.user_id.id == people[1]).team_id == team
        assert all(team not in lead.team_id for lead in leads if lead.user_id.id != people[1])


class TestTwoAtOnce:
    def test_two_workers_on_one_mailbox(self, env, mailbox, queue, dovecot, login, sync_processes):
        """Batches of 20; whichever worker has the lock stores, the other gives up or goes on behind it."""
        deliver(dovecot, login, letters(130, "workers"))
        pids = [sync_processes.start(mailbox) for _worker in range(2)]
        assert [sync_processes.wait(pid) for pid in pids] == [0, 0]
        sync(mailbox)
        assert mailbox.state == "connected", mailbox.last_error
        assert owners(mailbox) == round_robin(130)
        env.invalidate_all()
        assert queue.mapped("assigned_count") == [44, 43, 43]

    def test_two_workers_on_two_mailboxes_with_the_same_people(
        self, env, mailbox, queue, people, dovecot, login, sync_processes
    ):
        second = make_mailbox(env, dovecot, f"second-{login}", kind="shared", user_id=False)
        env["escala.mailbox.assignee"].create(
            [{"mailbox_id": second.id, "user_id": user_id} for user_id in people]
        )
        env.cr.commit()
        deliver(dovecot, login, letters(60, "left"))
        deliver(dovecot, second.email, letters(60, "right"))
        pids = [sync_processes.start(each) for each in (mailbox, second)]
        assert [sync_processes.wait(pid) for pid in pids] == [0, 0]
        for each in (mailbox, second):
            assert owners(each) == round_robin(60)

    def test_who_has_dealt_keeps_the_mailbox_until_the_end(self, odoo_database, mailbox, queue):
        with odoo_env.environment(odoo_database) as first, odoo_env.environment(odoo_database) as second:
            mine, theirs = (each["escala.mailbox"].browse(mailbox.id) for each in (first, second))
            mine._deal_out(1)
            assert not theirs.try_lock_for_update(allow_referencing=True)
            first.cr.rollback()
            assert theirs.try_lock_for_update(allow_referencing=True) == theirs

    def test_whoever_else_deals_out_takes_turns_too(self, env, odoo_database, mailbox, queue, people):
        """Eight transactions at once, fifteen times each, without any other lock than that of the method."""
        from odoo.addons.escala_mail_sync.transactions import RACES

        dealt, failures = [], []

        def deal_as_others_do():
            with odoo_env.environment(odoo_database) as other:
                mine = other["escala.mailbox"].browse(mailbox.id)
                done = 0
                while done < 15:
                    try:
                        got = mine._deal_out(1)
                        other.cr.commit()
                    except RACES as error:
                        failures.append(error)
                        other.cr.rollback()
                    else:
                        done += 1
                        dealt.extend(got)

        threads = [threading.Thread(target=deal_as_others_do) for _number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures, "no two of them met"
        assert Counter(dealt) == dict.fromkeys(people, 40)
        env.cr.rollback()
        env.invalidate_all()
        assert queue.mapped("assigned_count") == [40] * 3
        assert mailbox._deal_out(1) == [people[0]]
