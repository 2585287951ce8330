"""What an e-mail that was deleted on the server takes along, and what it leaves."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .answer_case import AnswerCase


class DeletionCase(AnswerCase):
    def make_lead_from(self, email):
        """Make a lead as the synchronisation would."""
        lead = self.env["crm.lead"].create(
            {"name": email.subject, "email_from": email.sender_email, "user_id": self.owner.id}
        )
        email.lead_ids = [Command.link(lead.id)]
        self.env["escala.lead.origin"]._record([(lead.id, email.id)])
        self.env.flush_all()
        return lead

    def receive_from_stranger(self, mailbox=None, **values):
        """Return an e-mail that has made a lead, with the activity that asks to answer it."""
        mailbox = mailbox or self.personal
        email = self.make_email(mailbox, **{"sender_email": "vera@nueva.example", **values})
        self.make_lead_from(email)
        email._handle_received(mailbox)
        return email

    def delete_on_server(self, emails):
        emails.mailbox_message_ids.gone = True
        emails._handle_deleted()


@tagged("post_install", "-at_install")
class TestDeletions(DeletionCase):
    def test_activity_lead_and_email_go(self):
        email = self.receive_from_stranger()
        lead, activity, message = email.lead_ids, self.answers(email), email.mail_message_id
        row = email.mailbox_message_ids
        self.assertEqual(activity.res_id, lead.id)
        self.delete_on_server(email)
        self.assertFalse(email.exists() or lead.exists() or activity.exists() or message.exists())
        self.assertFalse(row.exists(), "taken out of the bin, the message comes in again")

    def test_what_was_read_and_not_answered_goes_too(self):
        email = self.receive_from_stranger()
        lead = email.lead_ids
        email.mailbox_message_ids.seen = True
        email._handle_seen()
        self.delete_on_server(email)
        self.assertFalse(lead.exists())

    def test_email_stays_on_its_contact(self):
        email = self.receive(self.personal)
        self.delete_on_server(email)
        self.assertFalse(self.answers(email, with_done=True))
        self.assertEqual(email.partner_ids, self.contact)

    def test_email_stays_on_an_archived_contact(self):
        email = self.receive(self.personal)
        self.contact.active = False
        self.delete_on_server(email)
        self.assertTrue(email.exists())

    def test_lead_that_no_email_made_stays(self):
        lead = self.make_lead()
        email = self.receive(self.personal, lead_ids=lead.ids)
        self.delete_on_server(email)
        self.assertTrue(lead.exists())
        self.assertTrue(email.exists())

    def test_done_activities_stay(self):
        email = self.receive(self.personal)
        email._handle_seen()
        self.delete_on_server(email)
        self.assertTrue(self.answers(email, with_done=True))

    def test_what_another_mailbox_holds_stays(self):
        email = self.receive_from_stranger()
        copy = self.add_copy(email, self.shared)
        (email.mailbox_message_ids - copy).gone = True
        email._handle_deleted()
        self.assertTrue(email.lead_ids and self.answers(email))
        copy.gone = True
        email._handle_deleted()
        self.assertFalse(email.exists())

    def test_what_is_answered_keeps_everything(self):
        thread = self.env["escala.email.thread"].create({})
        for why, prepare in {
            "in the mailbox": lambda email: email.mailbox_message_ids.write({"answered": True}),
            "by something sent later in the conversation": lambda email: self.make_email(
                self.personal, "sent", direction="out", thread_id=thread.id, date="2026-10-02 10:00:00"
            ),
        }.items():
            with self.subTest(why):
                email = self.receive_from_stranger(thread_id=thread.id)
                prepare(email)
                self.delete_on_server(email)
                self.assertTrue(email.lead_ids)
                self.assertTrue(self.answers(email))

    def test_what_was_sent_before_is_no_answer(self):
        thread = self.env["escala.email.thread"].create({})
        self.make_email(
            self.personal, "sent", direction="out", thread_id=thread.id, date="2026-09-30 10:00:00"
        )
        email = self.receive_from_stranger(thread_id=thread.id)
        self.delete_on_server(email)
        self.assertFalse(email.exists())

    def test_deleting_sent_mail_takes_nothing_along(self):
        email = self.receive_from_stranger(direction="out")
        self.delete_on_server(email)
        self.assertTrue(email.lead_ids)

    def test_lead_goes_with_the_last_of_its_emails(self):
        first = self.receive_from_stranger()
        second = self.make_email(
            self.personal, lead_ids=first.lead_ids.ids, sender_email="vera@nueva.example"
        )
        lead = first.lead_ids
        self.delete_on_server(first)
        self.assertTrue(lead.exists() and first.exists())
        self.delete_on_server(second)
        self.assertFalse(lead.exists() or first.exists() or second.exists())

    def test_lead_with_mail_sent_to_it_stays(self):
        email = self.receive_from_stranger()
        self.make_email(self.personal, "sent", direction="out", lead_ids=email.lead_ids.ids)
        self.delete_on_server(email)
        self.assertTrue(email.lead_ids)

    def test_lead_that_was_touched_stays(self):
        tag = self.env["crm.tag"].create({"name": "Tejado"})
        stage = self.env["crm.stage"].create({"name": "Visita"})
        self.seller.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        for why, touch in {
            "renamed": lambda lead: lead.write({"name": "Tejado de Vera"}),
            "moved": lambda lead: lead.write({"stage_id": stage.id}),
            "tagged": lambda lead: lead.write({"tag_ids": [Command.link(tag.id)]}),
            "lost": lambda lead: lead.action_set_lost(),
            "made a customer's": lambda lead: lead.write({"partner_id": self.contact.id}),
            "given to somebody": lambda lead: lead.write({"user_id": self.seller.id}),
            "valued": lambda lead: lead.write({"expected_revenue": 100}),
            "starred": lambda lead: lead.write({"priority": "1"}),
            "noted on": lambda lead: lead.message_post(body="Llamar el lunes"),
            "called for": lambda lead: lead.activity_schedule("mail.mail_activity_data_call"),
            "met for": lambda lead: self.env["calendar.event"].create(
                {
                    "name": "Visita",
                    "start": "2026-10-10 10:00:00",
                    "stop": "2026-10-10 11:00:00",
                    "opportunity_id": lead.id,
                }
            ),
            "given a file": lambda lead: self.env["ir.attachment"].create(
                {"name": "x", "res_model": "crm.lead", "res_id": lead.id}
            ),
        }.items():
            with self.subTest(why):
                email = self.receive_from_stranger()
                touch(email.lead_ids.with_user(self.seller))
                self.env.flush_all()
                self.delete_on_server(email)
                self.assertTrue(email.lead_ids.exists() or email.with_context(active_test=False).lead_ids)
                self.assertFalse(self.answers(email))

    def test_done_activity_of_a_person_is_a_touch(self):
        email = self.receive_from_stranger()
        self.answers(email).with_user(self.owner).action_feedback("Contestado por teléfono")
        self.delete_on_server(email)
        self.assertTrue(email.lead_ids)

    def test_value_by_code_is_a_touch_too(self):
        """In doubt the lead stays: what wrote it is not known."""
        email = self.receive_from_stranger()
        email.lead_ids.phone = "+34 600 000 000"
        self.env.flush_all()
        self.delete_on_server(email)
        self.assertTrue(email.lead_ids)

    def test_what_odoo_does_by_itself_is_no_touch(self):
        """It assigns leads, and reckons their chances."""
        email = self.receive_from_stranger()
        lead = email.lead_ids
        lead.user_id = self.seller
        self.env["crm.lead"]._cron_update_automated_probabilities()
        self.env.flush_all()
        self.delete_on_server(email)
        self.assertFalse(lead.exists())

    def test_lead_that_something_holds_on_to_stays(self):
        emails = self.receive_from_stranger() | self.receive_from_stranger(sender_email="b@nueva.example")
        held, other = emails[0].lead_ids, emails[1].lead_ids

        def hold(leads):
            if held in leads:
                raise ValueError("it is counted on")
            return unlink(leads)

        unlink = self.registry["crm.lead"].unlink
        self.patch(self.registry["crm.lead"], "unlink", hold)
        self.delete_on_server(emails)
        self.assertTrue(held.exists())
        self.assertFalse(other.exists())
        self.assertEqual(emails.exists(), emails[0])

    def test_nobody_reads_origins(self):
        self.receive_from_stranger()
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            self.env["escala.lead.origin"].with_user(self.manager).search([])

    def test_queries_do_not_grow_with_the_emails(self):
        self.delete_on_server(self.receive_from_stranger())
        counts = []
        for number in (3, 30):
            emails = self.env["escala.email"]
            for index in range(number):
                emails |= self.receive_from_stranger(sender_email=f"v{number}.{index}@nueva.example")
            leads = emails.lead_ids
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.delete_on_server(emails)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertFalse(leads.exists())
        self.assertLessEqual(counts[1], counts[0])
