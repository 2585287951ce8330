"""Who gets the new leads of a shared mailbox."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from .common import MailboxCase

MUTED = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.sql_db")


class QueueCase(MailboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ada, cls.ben, cls.cruz = (
            new_test_user(cls.env, login, "sales_team.group_sale_salesman")
            for login in ("ada", "ben", "cruz")
        )
        cls.queue = cls.env["escala.mailbox.assignee"].create(
            [
                {"mailbox_id": cls.shared.id, "user_id": user.id, "sequence": number}
                for number, user in enumerate((cls.ada, cls.ben, cls.cruz))
            ]
        )
        cls.of_ada, cls.of_ben, cls.of_cruz = cls.queue

    def deal(self, count):
        """Return the logins of those who get the next leads."""
        users = self.env["res.users"].browse(self.shared._deal_out(count))
        return " ".join(user.login or "nobody" for user in users)


@tagged("post_install", "-at_install")
class TestTurns(QueueCase):
    def test_round_after_round_going_on_where_it_ended(self):
        self.assertEqual(self.deal(4), "ada ben cruz ada")
        self.assertEqual(self.deal(1), "ben")
        self.assertEqual(self.deal(0), "")
        self.assertEqual(self.deal(2), "cruz ada")
        self.assertEqual(self.queue.mapped("assigned_count"), [3, 2, 2])
        self.assertTrue(all(self.queue.mapped("last_assigned_on")))

    def test_who_is_paused_is_passed_over_and_gets_nothing_extra_later(self):
        self.of_ben.paused = True
        self.assertEqual(self.deal(3), "ada cruz ada")
        self.of_ben.paused = False
        self.assertEqual(self.deal(4), "ben cruz ada ben")

    def test_archived_users_are_passed_over(self):
        self.ben.active = False
        self.assertEqual(self.deal(3), "ada cruz ada")

    def test_who_is_no_longer_of_the_company_is_passed_over(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.ben.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertEqual(self.deal(2), "ada cruz")

    def test_while_nobody_is_there_nobody_gets_it_and_the_turn_stays(self):
        self.assertEqual(self.deal(1), "ada")
        self.queue.paused = True
        self.assertEqual(self.shared._deal_out(2), [False, False])
        self.queue.paused = False
        self.assertEqual(self.deal(1), "ben")

    def test_a_new_order_goes_on_after_who_had_the_last_turn(self):
        self.assertEqual(self.deal(1), "ada")
        self.of_cruz.sequence = -1
        self.assertEqual(self.deal(3), "ben cruz ada")

    def test_who_joins_waits_for_the_turn(self):
        self.assertEqual(self.deal(2), "ada ben")
        self.queue.create({"mailbox_id": self.shared.id, "user_id": self.owner.id, "sequence": 9})
        self.assertEqual(self.deal(3), "cruz owner ada")

    def test_when_who_had_the_last_turn_leaves_the_following_is_next(self):
        self.assertEqual(self.deal(2), "ada ben")
        self.of_ben.unlink()
        self.assertEqual(self.deal(2), "cruz ada")

    def test_several_leave_at_once(self):
        self.assertEqual(self.deal(3), "ada ben cruz")
        (self.of_cruz | self.of_ben).unlink()
        self.queue.create({"mailbox_id": self.shared.id, "user_id": self.owner.id, "sequence": 5})
        self.assertEqual(self.deal(2), "owner ada")
        self.shared.assignee_ids.unlink()
        self.assertEqual(self.shared._deal_out(1), [False])

    def test_the_page_says_who_is_next(self):
        self.assertEqual(self.queue.mapped("status"), ["next", "waiting", "waiting"])
        self.deal(1)
        self.of_ben.paused = True
        self.cruz.active = False
        self.assertEqual(self.queue.mapped("status"), ["next", "paused", "unavailable"])
        self.of_ben.paused = False
        self.assertEqual(self.queue.mapped("status"), ["waiting", "next", "unavailable"])

    def test_dealing_costs_the_same_for_one_and_for_many(self):
        self.deal(6)

        def count(number):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.shared._deal_out(number)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self.assertEqual(count(300), count(3))


@tagged("post_install", "-at_install")
class TestResponsibles(QueueCase):
    def users(self, *emails, mailbox=None):
        found = (mailbox or self.shared)._get_lead_users(list(emails))
        self.assertEqual(list(found), list(emails))
        return [self.env["res.users"].browse(found[email]).login for email in emails]

    def lead(self, email, user, **values):
        return self.env["crm.lead"].create({"name": email, "email_from": email, "user_id": user.id, **values})

    def test_newcomers_are_dealt_out_in_the_order_of_their_arrival(self):
        self.assertEqual(self.users("a@x.example", "b@x.example"), ["ada", "ben"])

    def test_a_customer_with_a_responsible_goes_there_without_moving_the_turn(self):
        self.lead("lost@x.example", self.owner, active=False, probability=0)
        self.assertEqual(self.users("a@x.example", "lost@x.example", "b@x.example"), ["ada", "owner", "ben"])
        self.assertEqual(self.queue.mapped("assigned_count"), [1, 1, 0])

    def test_the_latest_responsible_counts(self):
        self.lead("a@x.example", self.owner)
        self.lead("a@x.example", self.cruz).action_set_won()
        self.assertEqual(self.users("a@x.example"), ["cruz"])

    def test_a_responsible_who_is_paused_still_is_one(self):
        self.of_ben.paused = True
        self.lead("a@x.example", self.ben)
        self.assertEqual(self.users("a@x.example"), ["ben"])

    def test_a_responsible_who_is_gone_is_none(self):
        self.lead("a@x.example", self.owner)
        self.owner.active = False
        self.assertEqual(self.users("a@x.example"), ["ada"])

    def test_leads_of_another_company_tell_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.owner.company_ids = [Command.link(other.id)]
        self.lead("a@x.example", self.owner, company_id=other.id)
        self.assertEqual(self.users("a@x.example"), ["ada"])

    def test_a_personal_mailbox_gives_all_to_its_owner(self):
        self.lead("a@x.example", self.ben)
        self.assertEqual(self.users("a@x.example", mailbox=self.personal), ["owner"])

    def test_a_shared_mailbox_without_a_queue_gives_to_nobody(self):
        self.queue.unlink()
        self.assertEqual(self.shared._get_lead_users(["a@x.example"]), {"a@x.example": False})

    def test_two_queries_for_all_of_a_batch(self):
        emails = [f"{number}@x.example" for number in range(40)]
        for email in emails[::2]:
            self.lead(email, self.owner)
        self.env.flush_all()
        self.shared.mapped("company_id")
        with self.assertQueryCount(2):
            self.shared._find_responsibles(emails)

    def test_the_team_is_one_of_the_users(self):
        """In the mailbox's company, which need not be the one of the job that synchronises."""
        other = self.env["res.company"].create({"name": "Other"})
        team = self.env["crm.team"].create({"name": "Otro equipo", "company_id": other.id})
        self.ada.write({"company_ids": [Command.link(other.id)]})
        team.member_ids = self.ada
        mailbox = self.make_mailbox("otra@nordica.example", kind="shared", company_id=other.id)
        importer = self.env["escala.email.importer"].with_context(allowed_company_ids=self.env.company.ids)
        values = importer._prepare_common_lead_values(mailbox, self.ada.id)
        self.assertEqual((values["team_id"], values["user_id"]), (team.id, self.ada.id))


@tagged("post_install", "-at_install")
class TestQueueAccess(QueueCase):
    def test_members_see_it_managers_set_it_up(self):
        self.assertEqual(self.queue.with_user(self.owner).mapped("status")[0], "next")
        with Form(self.shared.with_user(self.manager)) as form:
            with form.assignee_ids.new() as line:
                line.user_id = self.owner
            with form.assignee_ids.edit(0) as line:
                line.paused = True
        self.assertEqual(self.shared.assignee_ids.mapped("status"), ["paused", "next", "waiting", "waiting"])
        self.of_ben.with_user(self.manager).unlink()

    @mute_logger(*MUTED)
    def test_nobody_else_does(self):
        for user in (self.owner, self.colleague):
            for attempt in (
                lambda mine: mine.write({"paused": True}),
                lambda mine: mine.unlink(),
                lambda mine: mine.create({"mailbox_id": mine.mailbox_id.id, "user_id": self.env.uid}),
            ):
                with self.assertRaises(AccessError):
                    attempt(self.of_ada.with_user(user))
        with self.assertRaises(AccessError):
            self.of_ada.with_user(self.colleague).read(["user_id"])

    @mute_logger(*MUTED)
    def test_counts_and_turn_are_not_written_by_hand(self):
        mine = self.of_ada.with_user(self.manager)
        for attempt in (
            lambda: mine.write({"assigned_count": 0}),
            lambda: mine.create(
                {"mailbox_id": self.shared.id, "user_id": self.owner.id, "assigned_count": 1}
            ),
            lambda: self.shared.with_user(self.manager).write({"last_assignee_id": self.of_ben.id}),
        ):
            with self.assertRaises(AccessError):
                attempt()
        with self.assertRaises(UserError):
            mine.write({"user_id": self.owner.id})

    @mute_logger(*MUTED)
    def test_whom_a_queue_takes(self):
        portal = new_test_user(self.env, "client", "base.group_portal")
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env, "stranger", "base.group_user", company_id=other.id, company_ids=other.ids
        )
        for user in (portal, stranger):
            with self.assertRaisesRegex(ValidationError, "only internal users"):
                self.queue.create({"mailbox_id": self.shared.id, "user_id": user.id})
        with self.assertRaisesRegex(Exception, "one_place_per_person"), self.env.cr.savepoint():
            self.queue.create({"mailbox_id": self.shared.id, "user_id": self.ada.id})


@tagged("post_install", "-at_install")
class TestQueueByRpc(QueueCase, HttpCase):
    def call(self, model, method, *args):
        return self.make_jsonrpc_request(
            "/web/dataset/call_kw", {"model": model, "method": method, "args": args, "kwargs": {}}
        )

    def test_only_managers_change_it(self):
        assignee, mailbox = self.of_ada._name, self.shared._name
        for login, calls in {
            "colleague": [(assignee, "read", self.of_ada.ids, ["user_id"])],
            "owner": [
                (assignee, "write", self.of_ada.ids, {"paused": True}),
                (assignee, "unlink", self.of_ada.ids),
            ],
            "manager": [
                (assignee, "write", self.of_ada.ids, {"assigned_count": 9}),
                (mailbox, "write", self.shared.ids, {"last_assignee_id": self.of_ada.id}),
                (mailbox, "read", self.shared.ids, ["last_assignee_id"]),
                (mailbox, "_deal_out", self.shared.ids, 1),
            ],
        }.items():
            self.authenticate(login, login)
            for call in calls:
                with (
                    self.subTest(call[1], login=login),
                    self.assertRaises(JsonRpcException) as caught,
                    mute_logger("odoo.http", *MUTED),
                ):
                    self.call(*call)
                self.assertIn("AccessError", str(caught.exception))
        self.call(assignee, "write", self.of_ada.ids, {"paused": True})
        self.assertTrue(self.of_ada.paused)
