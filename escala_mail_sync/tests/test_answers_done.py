"""When the activity to answer an e-mail is done: in the mailbox, and in Odoo."""

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from ..imap.errors import MailboxError
from .answer_case import AnswerCase


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
