"""What asks to answer an e-mail, and whom. When it is done: test_answers_done.py."""

import itertools
import json
from email.message import EmailMessage

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..imap.folder_sync import FetchedHeader
from ..mime import parse_email, parse_headers
from ..models.escala_email_item import Item
from ..models.escala_mailbox_news import NEWS
from .answer_case import AnswerCase


@tagged("post_install", "-at_install")
class TestAskingForAnswers(AnswerCase):
    def test_on_the_contact(self):
        activity = self.answers(self.receive(self.personal))
        self.assertEqual((activity.res_model, activity.res_id), ("res.partner", self.contact.id))
        self.assertEqual(
            activity.activity_type_id, self.env.ref("escala_mail_sync.mail_activity_type_answer")
        )
        self.assertEqual(activity.state, "today")

    def test_customers_of_nobody_are_shared_by_the_queue_and_no_turn_for_leads_is_moved(self):
        queue = self.env["escala.mailbox.assignee"].create(
            [{"mailbox_id": self.shared.id, "user_id": user.id} for user in (self.owner, self.seller)]
        )
        contacts = self.env["res.partner"].create([{"name": f"Cliente {n}"} for n in range(4)])
        asked = {}
        for contact in contacts + contacts:
            user = self.answers(self.receive(self.shared, partner_ids=contact.ids)).user_id
            self.assertEqual(asked.setdefault(contact, user), user, "the same person each time")
        self.assertEqual({*asked.values()}, {self.owner, self.seller})
        self.assertEqual(queue.mapped("assigned_count"), [0, 0])
        self.assertFalse(self.shared.last_assignee_id)

    def test_on_the_newest_open_lead(self):
        older, newer, lost = self.make_lead(), self.make_lead(), self.make_lead()
        lost.action_set_lost()
        email = self.receive(self.personal, lead_ids=(older | newer | lost).ids)
        self.assertEqual((self.answers(email).res_model, self.answers(email).res_id), ("crm.lead", newer.id))

    def test_on_the_senders_lead_rather_than_that_of_somebody_in_copy(self):
        own, other = self.make_lead(), self.make_lead(partner_id=False, email_from="otto@cliente.example")
        email = self.receive(self.personal, lead_ids=(own | other).ids)
        self.assertEqual(self.answers(email).res_id, own.id)

    def test_on_the_sender_rather_than_somebody_in_copy(self):
        first = self.company
        email = self.receive(self.personal, partner_ids=(first | self.contact).ids)
        self.assertEqual(self.answers(email).res_id, self.contact.id)

    def test_who_is_asked(self):
        """The salesperson of the lead, else of the contact, else of the company, else the mailbox's owner."""
        lead = self.make_lead()
        users = [new_test_user(self.env, f"user{n}", "sales_team.group_sale_salesman") for n in range(2)]
        self.contact.user_id, self.company.user_id = users
        for taken_away, expected in (
            (None, self.seller),
            (lead, users[0]),
            (self.contact, users[1]),
            (self.company, self.owner),
        ):
            if taken_away:
                taken_away.user_id = False
            with self.subTest(expected.login):
                email = self.receive(self.personal, lead_ids=lead.ids)
                self.assertEqual(self.answers(email).user_id, expected)

    def test_who_has_left_is_not_asked(self):
        self.contact.user_id = self.seller
        self.seller.active = False
        self.assertEqual(self.answers(self.receive(self.personal)).user_id, self.owner)

    def test_nobody_is_asked_when_nobody_is_responsible(self):
        self.assertFalse(self.answers(self.receive(self.shared)))

    def test_nothing_is_asked_of(self):
        for why, values in (
            ("a machine wrote it", {"is_automatic": True}),
            ("it was there before the mailbox was connected", {"is_history": True}),
            ("it was read elsewhere before", {"copy": {"seen": True}}),
            ("it was answered elsewhere before", {"copy": {"answered": True}}),
            ("nobody knows who wrote", {"partner_ids": []}),
            ("it was sent", {"direction": "out"}),
        ):
            with self.subTest(why):
                self.assertFalse(self.answers(self.receive(self.personal, **values)))
        self.personal.link_to_crm = False
        self.assertFalse(self.answers(self.receive(self.personal)))

    def test_every_email_of_a_conversation_has_its_own(self):
        thread = self.env["escala.email.thread"].create({})
        first, second = (self.receive(self.personal, thread_id=thread.id) for _number in range(2))
        first._handle_seen()
        self.assertFalse(self.answers(first))
        self.assertTrue(self.answers(second))

    def test_due_today_where_the_user_is(self):
        for tz, today in (("Pacific/Auckland", "2026-10-02"), ("America/Los_Angeles", "2026-10-01")):
            self.owner.tz = tz
            with self.subTest(tz), freeze_time("2026-10-01 18:00:00"):
                activity = self.answers(self.receive(self.personal))
                self.assertEqual(fields.Date.to_string(activity.date_deadline), today)

    def test_counter_in_the_top_bar_and_no_mail(self):
        messages = self.env["mail.message"].search_count([("model", "!=", "escala.email")])
        self.env.cr.precommit.run()
        before = self.env["bus.bus"].search([]).ids
        self.receive(self.personal)
        self.env.cr.precommit.run()
        sent = self.env["bus.bus"].search([("id", "not in", before), ("message", "not like", f'"{NEWS}"')])
        self.assertEqual(json.loads(sent.channel)[1:], ["res.partner", self.owner.partner_id.id])
        self.assertEqual(
            json.loads(sent.message),
            {"type": "mail.activity/updated", "payload": {"activity_created": True, "count_diff": 1}},
        )
        self.assertEqual(self.env["mail.message"].search_count([("model", "!=", "escala.email")]), messages)

    def test_the_type_cannot_be_deleted(self):
        with self.assertRaises(UserError):
            self.env.ref("escala_mail_sync.mail_activity_type_answer").unlink()

    def test_what_another_addon_objects_to_does_not_stop_the_mailbox(self):
        def object_to(_self, _vals_list):
            raise ValueError("not on my documents")

        self.patch(self.registry["mail.activity"], "create", object_to)
        with mute_logger("odoo.addons.escala_mail_sync.models.escala_email_events"):
            email = self.receive(self.personal)
        self.assertTrue(email.exists())
        self.assertFalse(self.answers(email))


@tagged("post_install", "-at_install")
class TestCost(AnswerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = cls.env["escala.mailbox.folder"].create(
            {"mailbox_id": cls.shared.id, "path": "INBOX", "role": "inbox"}
        )
        cls.uids = itertools.count(1)

    def items(self, count, prefix):
        """Return that many messages as the importer reads them: of contacts, of people with leads, of strangers."""
        addresses = [f"{prefix}{number}@cliente.example" for number in range(count)]
        known, with_lead = addresses[::3], addresses[1::3]
        self.env["res.partner"].create(
            [{"name": address, "email": address, "user_id": self.owner.id} for address in known]
        )
        self.env["crm.lead"].create(
            [{"name": a, "email_from": a, "user_id": self.seller.id} for a in with_lead]
        )
        return [self.item(address) for address in addresses]

    def item(self, address):
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = address, "team@nordica.example", "Consulta"
        message["Date"], message["Message-ID"] = "Mon, 05 Oct 2026 10:00:00 +0200", f"<1.{address}>"
        message.set_content("Buenos días")
        raw = message.as_bytes()
        fetched = FetchedHeader(next(self.uids), (), None, len(raw), raw)
        return Item(fetched, parse_headers(raw), raw=raw, parsed=parse_email(raw))

    def count_queries(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_batch(self):
        """Storing messages with leads and activities, and completing the activities."""
        self.shared.user_id = self.owner
        importer = self.env["escala.email.importer"]
        importer._store(self.folder, 1, self.items(6, "warm"))
        few, many = self.items(5, "few"), self.items(50, "many")
        counts = [self.count_queries(lambda i=i: importer._store(self.folder, 1, i)) for i in (few, many)]
        self.assertLessEqual(counts[1], counts[0], counts)
        emails = self.env["escala.email"].search([("sender_email", "like", "@cliente.example")])
        self.assertEqual(len(self.answers(emails)), 61)
        emails = [emails.filtered(lambda e, p=p: e.sender_email.startswith(p)) for p in ("few", "many")]
        counts = [self.count_queries(lambda e=e: e._handle_seen()) for e in emails]
        self.assertLessEqual(counts[1], counts[0], counts)
        self.assertEqual(len(self.answers(emails[1], with_done=True)), 50)
