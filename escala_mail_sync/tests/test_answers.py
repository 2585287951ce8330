"""What asks to answer an e-mail, whom, and when it is done."""

import itertools
import json
from datetime import timedelta
from email.message import EmailMessage

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..imap.errors import MailboxError
from ..imap.folder_sync import FetchedHeader
from ..mime import parse_email, parse_headers
from ..models.escala_email_item import Item
from .common import MailboxCase


class AnswerCase(MailboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.partner"].create({"name": "Cliente", "is_company": True})
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ana", "email": "ana@cliente.example", "parent_id": cls.company.id}
        )
        cls.seller = new_test_user(cls.env, "seller", "sales_team.group_sale_salesman", lang="en_US")
        cls.personal.visibility = "shared"

    def receive(self, mailbox, copy=None, **values):
        """Have an e-mail come in, linked with the contact unless told otherwise; return it."""
        email = self.make_email(mailbox, **{"partner_ids": self.contact.ids, **values})
        email.mailbox_message_ids.write(copy or {})
        email._handle_received(mailbox)
        return email

    def answers(self, email, with_done=False):
        return (
            self.env["mail.activity"]
            .with_context(active_test=not with_done)
            .search([("escala_email_id", "in", email.ids)])
        )

    def make_lead(self, **values):
        return self.env["crm.lead"].create(
            {"name": "Obra", "partner_id": self.contact.id, "user_id": self.seller.id, **values}
        )


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
        [sent] = self.env["bus.bus"].search([("id", "not in", before)])
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
class TestWhatAnswersShow(AnswerCase):
    words = {"subject": "Oferta <b>secreta</b>", "snippet": "precio <script>alert(1)</script>"}

    def seen_by(self, user, activity):
        """Return all that a user can get out of an activity, and of the chatter once it is done."""
        activity = activity.with_user(user)
        names = [
            name for name in activity._fields if activity._has_field_access(activity._fields[name], "read")
        ]
        shown = str(activity.read(names))
        shown += str(activity.activity_format())
        shown += str(self.contact.with_user(user).read(["activity_summary"]))
        activity.sudo().escala_email_id._handle_seen()
        return shown + str(self.contact.with_user(user).message_ids.mapped("body"))

    def test_subject_sender_and_beginning_of_an_email_in_a_shared_mailbox(self):
        self.contact.user_id = self.seller
        activity = self.answers(self.receive(self.shared, **self.words)).with_user(self.seller)
        self.assertEqual(activity.summary, "Oferta <b>secreta</b>")
        self.assertIn("ana@cliente.example", activity.note)
        self.assertIn("precio", activity.note)

    def test_words_of_strangers_are_text(self):
        self.contact.user_id = self.seller
        activity = self.answers(self.receive(self.shared, **self.words))
        self.assertNotIn("<script", activity.note)
        self.assertIn("&lt;script", activity.note)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.models")
    def test_private_email_is_asked_for_in_private(self):
        self.personal.visibility = "private"
        self.contact.user_id = self.seller
        activity = self.answers(self.receive(self.personal, **self.words))
        self.assertEqual((activity.user_id, activity.res_model, activity.res_id), (self.owner, False, 0))
        self.assertIn("secreta", activity.with_user(self.owner).summary)
        for user in (self.seller, self.colleague, self.manager):
            self.assertFalse(self.env["mail.activity"].with_user(user).search([("id", "=", activity.id)]))
            with self.assertRaises(AccessError):
                activity.with_user(user).read(["summary"])
        self.assertFalse(self.contact.activity_ids)
        activity.with_user(self.owner).user_id = self.seller
        self.assertEqual(activity.with_user(self.seller).summary, "Answer an e-mail")
        self.assertNotIn("precio", activity.with_user(self.seller).note)

    def test_private_email_is_done_in_private(self):
        self.personal.visibility = "private"
        email = self.receive(self.personal, **self.words)
        before = len(self.contact.message_ids)
        email._handle_seen()
        self.assertEqual(self.answers(email, with_done=True).state, "done")
        self.assertEqual(len(self.contact.message_ids), before)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.models")
    def test_which_email_it_is_is_told_to_who_may_read_it(self):
        activity = self.answers(self.receive(self.personal))
        activity.escala_email_id.partner_ids = False
        action = activity.with_user(self.owner).action_open_email()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("escala.email", activity.escala_email_id.id)
        )
        with self.assertRaises(AccessError):
            activity.with_user(self.colleague).action_open_email()
        with self.assertRaises(AccessError):
            activity.with_user(self.colleague).read(["escala_email_id"])
        with self.assertRaises(AccessError):
            self.env["mail.activity"].with_user(self.colleague).search(
                [("escala_email_id.subject", "like", "O")]
            )

    def test_note_leads_to_the_email(self):
        email = self.receive(self.personal)
        self.assertIn(f'href="/odoo/emails/{email.id}"', self.answers(email).note)

    def test_who_sees_the_contact_but_not_the_mailboxs_company_learns_nothing(self):
        self.env["res.company"].create({"name": "Other"})
        self.contact.user_id = self.seller
        activity = self.answers(self.receive(self.shared, **self.words))
        self.assertEqual(activity.summary, "Answer an e-mail")
        self.contact.company_id = self.shared.company_id
        activity = self.answers(self.receive(self.shared, **self.words))
        self.assertEqual(activity.summary, "Oferta <b>secreta</b>")

    def test_mailbox_that_becomes_private_takes_the_words_back(self):
        self.contact.user_id = self.seller
        email = self.receive(self.shared, **self.words)
        self.assertIn("secreta", self.answers(email).summary)
        self.shared.visibility = "private"
        activity = self.answers(email)
        self.assertEqual((activity.res_model, activity.user_id), (False, self.shared.member_ids[:1]))
        self.assertFalse(self.contact.activity_ids)


@tagged("post_install", "-at_install")
class TestAnsweredInTheMailbox(AnswerCase):
    def test_done_when_it_is_read_or_answered(self):
        email = self.receive(self.personal)
        email._handle_seen()
        self.assertFalse(self.answers(email))
        activity = self.answers(email, with_done=True)
        self.assertEqual(activity.state, "done")
        self.assertEqual(activity.feedback, "Read or answered in the mailbox.")
        note = self.contact.message_ids[0]
        self.assertEqual(note.mail_activity_type_id, activity.activity_type_id)
        self.assertEqual(note.author_id, self.env.ref("base.partner_root"))
        self.assertIn("Read or answered in the mailbox.", note.body)

    def test_nothing_goes_back_to_the_server(self):
        email = self.receive(self.personal)
        other = self.add_copy(email, self.shared)
        email._handle_seen()
        self.assertFalse(other.pending_seen)
        self.assertFalse(any(email.mailbox_message_ids.mapped("pending_seen")))

    def test_what_odoo_does_beyond_noting_is_done(self):
        """A next activity of the type, and files that somebody put on this one."""
        activity_type = self.env.ref("escala_mail_sync.mail_activity_type_answer")
        activity_type.triggered_next_type_id = self.env.ref("mail.mail_activity_data_call")
        email = self.receive(self.personal)
        activity = self.answers(email)
        file = self.env["ir.attachment"].create(
            {"name": "x", "res_model": "mail.activity", "res_id": activity.id}
        )
        email._handle_seen()
        self.assertFalse(activity.active)
        self.assertEqual(
            self.contact.activity_ids.activity_type_id, self.env.ref("mail.mail_activity_data_call")
        )
        self.assertEqual(file.res_model, "mail.message")

    def test_done_when_a_reply_lies_in_sent_mail(self):
        email = self.receive(self.personal, message_id="<a@cliente.example>")
        self.reply(self.personal, "sent")
        self.assertFalse(self.answers(email))

    def test_done_when_the_reply_went_out_from_another_mailbox_of_the_same_people(self):
        self.contact.user_id = self.owner
        email = self.receive(self.shared, message_id="<a@cliente.example>")
        self.reply(self.personal, "sent")
        self.assertFalse(self.answers(email))

    def test_not_asked_for_when_the_reply_was_there_first(self):
        self.reply(self.personal, "sent")
        self.assertFalse(self.answers(self.receive(self.personal, message_id="<a@cliente.example>")))

    def test_what_answers_nothing_answers_no_email_without_a_message_id(self):
        self.reply(self.personal, "sent", in_reply_to=False)
        email = self.receive(self.personal, message_id=False)
        self.assertTrue(self.answers(email))
        self.reply(self.personal, "sent", in_reply_to=False)
        self.assertTrue(self.answers(email))

    def test_not_done_by_a_forged_reply(self):
        """Anybody can write the owner's address as From, and anything as In-Reply-To."""
        email = self.receive(self.personal, message_id="<a@cliente.example>")
        self.reply(self.personal, "inbox")
        self.reply(self.personal, "inbox", direction="in")
        self.assertTrue(self.answers(email))

    def test_not_done_by_a_reply_in_a_mailbox_of_others(self):
        other = self.make_mailbox("colleague@nordica.example", user_id=self.colleague.id)
        email = self.receive(self.personal, message_id="<a@cliente.example>")
        self.reply(other, "sent")
        self.assertTrue(self.answers(email))

    def test_reply_finishes_none_with_the_same_forged_message_id(self):
        genuine = self.receive(self.personal, message_id="<a@cliente.example>")
        forged = self.receive(
            self.personal, message_id="<a@cliente.example>", sender_email="thief@evil.example"
        )
        self.reply(self.personal, "sent", recipients="Ana <ana@cliente.example>")
        self.assertFalse(self.answers(genuine))
        self.assertTrue(self.answers(forged))

    def reply(self, mailbox, role, **values):
        email = self.make_email(
            mailbox, role, **{"direction": "out", "in_reply_to": "<a@cliente.example>", **values}
        )
        email._handle_received(mailbox)


@tagged("post_install", "-at_install")
class TestDoneInOdoo(AnswerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.others = cls.make_mailbox("colleague@nordica.example", user_id=cls.colleague.id)
        (cls.personal | cls.shared | cls.others).state = "connected"

    def receive_everywhere(self):
        email = self.receive(self.personal)
        return self.answers(email), {
            mailbox: self.add_copy(email, mailbox) if mailbox != self.personal else email.mailbox_message_ids
            for mailbox in self.personal | self.shared | self.others
        }

    def test_marked_as_read_by_whatever_door(self):
        for door, done in {
            "chatter": lambda activity: activity.action_feedback("Llamada hecha"),
            "list": lambda activity: activity.action_done(),
            "schedule next": lambda activity: activity.action_feedback_schedule_next(),
            "archive": lambda activity: activity.action_archive(),
            "write": lambda activity: activity.write({"active": False}),
        }.items():
            with self.subTest(door):
                activity, rows = self.receive_everywhere()
                done(activity.with_user(self.owner))
                self.assertTrue(rows[self.personal].pending_seen)
                self.assertTrue(rows[self.shared].pending_seen)
                self.assertFalse(rows[self.others].pending_seen)

    def test_by_a_colleague_it_is_not_marked_in_the_owners_mailbox(self):
        activity, rows = self.receive_everywhere()
        activity.with_user(self.colleague).action_feedback()
        self.assertFalse(rows[self.personal].pending_seen)
        self.assertTrue(rows[self.others].pending_seen)

    def test_what_is_read_already_or_gone_is_left_alone(self):
        activity, rows = self.receive_everywhere()
        rows[self.personal].seen = True
        rows[self.shared].gone = True
        activity.with_user(self.owner).action_done()
        self.assertFalse(rows[self.personal].pending_seen or rows[self.shared].pending_seen)

    def test_cancelling_leaves_the_mailbox_alone(self):
        activity, rows = self.receive_everywhere()
        activity.with_user(self.owner).action_cancel()
        self.assertFalse(any(row.pending_seen for row in rows.values()))

    def test_other_changes_leave_the_mailbox_alone(self):
        activity, rows = self.receive_everywhere()
        activity.with_user(self.owner).date_deadline += timedelta(days=1)
        self.assertFalse(any(row.pending_seen for row in rows.values()))

    def test_deleting_the_email_takes_what_is_open_along(self):
        email, done = self.receive(self.personal), self.receive(self.personal)
        done._handle_seen()
        open_activity, done_activity = self.answers(email), self.answers(done, with_done=True)
        (email | done).unlink()
        self.assertFalse(open_activity.exists())
        self.assertTrue(done_activity.exists())

    def test_mailbox_is_checked_soon(self):
        cron = self.env.ref("escala_mail_sync.ir_cron_sync")
        self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()
        activity, rows = self.receive_everywhere()
        mailboxes = self.env["escala.mailbox"].union(*(row.mailbox_id for row in rows.values()))
        mailboxes.next_check = "2026-12-01"
        activity.with_user(self.owner).action_done()
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))

    def test_mailbox_whose_password_is_refused_is_not_tried_again(self):
        activity, rows = self.receive_everywhere()
        mailboxes = self.env["escala.mailbox"].union(*(row.mailbox_id for row in rows.values()))
        for mailbox in mailboxes:
            mailbox._set_error(MailboxError("wrong_password"))
        activity.with_user(self.owner).action_done()
        self.assertFalse(any(mailboxes.mapped("next_check")))

    def test_linking_does_not_count(self):
        email = self.receive(self.personal)
        email.write({"partner_ids": [Command.link(self.company.id)]})
        self.assertTrue(self.answers(email))


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
