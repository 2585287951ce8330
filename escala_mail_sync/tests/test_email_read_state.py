"""Marking as read and unread in Odoo."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import MailboxCase


@tagged("post_install", "-at_install")
class TestEmailReadState(MailboxCase):
    def get_copy(self, email, mailbox):
        return email.sudo().mailbox_message_ids.filtered(lambda row: row.mailbox_id == mailbox)

    def test_read_and_unread_again(self):
        email = self.make_email(self.personal).with_user(self.owner)
        self.assertTrue(email.is_unread)
        email.mark_read()
        email.invalidate_recordset()
        self.assertFalse(email.is_unread)
        email.mark_unread()
        email.invalidate_recordset()
        self.assertTrue(email.is_unread)
        copy = self.get_copy(email, self.personal)
        self.assertTrue(copy.pending_unseen)
        self.assertFalse(copy.pending_seen)
        email.mark_read()
        self.assertFalse(copy.pending_unseen)
        self.assertTrue(copy.pending_seen)

    def test_what_was_read_in_a_mail_program(self):
        email = self.make_email(self.personal).with_user(self.owner)
        self.get_copy(email, self.personal).seen = True
        email.mark_unread()
        email.invalidate_recordset()
        self.assertTrue(email.is_unread)

    def test_in_mailboxes_of_others_nothing_changes(self):
        """Neither for who reads it on a contact, nor where both have a copy."""
        contact = self.env["res.partner"].create({"name": "Ana"})
        theirs = self.make_mailbox("colleague@nordica.example", user_id=self.colleague.id)
        email = self.make_email(self.shared, partner_ids=contact.ids)
        self.add_copy(email, theirs, "archive")
        email.with_user(self.colleague).mark_read()
        self.assertTrue(self.get_copy(email, theirs).pending_seen)
        self.assertFalse(self.get_copy(email, self.shared).pending_seen)
        email.with_user(self.owner).mark_unread()
        self.assertTrue(self.get_copy(email, theirs).pending_seen)

    def test_reading_answers_nothing(self):
        contact = self.env["res.partner"].create({"name": "Ana", "user_id": self.owner.id})
        email = self.make_email(self.shared, partner_ids=contact.ids)
        email._ask_for_answers(self.shared)
        email.with_user(self.owner).mark_read()
        self.assertTrue(email.with_user(self.owner)._filter_to_be_answered())

    def test_who_may_not_read_it_marks_nothing(self):
        email = self.make_email(self.personal)
        for user in (self.colleague, self.manager):
            for method in ("mark_read", "mark_unread"):
                with self.assertRaises(AccessError):
                    getattr(email.with_user(user), method)()
