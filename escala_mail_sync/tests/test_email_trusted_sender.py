"""Images of senders that somebody trusts."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import MailboxCase

IMAGE = '<p>Hola <img src="https://images.example/logo.png"></p>'


@tagged("post_install", "-at_install")
class TestEmailTrustedSender(MailboxCase):
    def make_with_image(self, mailbox, **values):
        email = self.make_email(mailbox, **values)
        email.mail_message_id.body = IMAGE
        return email

    def read(self, email, user):
        return email.with_user(user).read_bodies()[email.id]

    def test_images_of_whom_one_trusts_are_shown_until_one_does_not(self):
        email = self.make_with_image(self.personal)
        other = self.make_with_image(self.personal, sender_email="otto@cliente.example")
        self.assertNotIn("images.example", self.read(email, self.owner)["html"])
        email.with_user(self.owner).trust_sender()
        email.with_user(self.owner).trust_sender()
        body = self.read(email, self.owner)
        self.assertIn("images.example", body["html"])
        self.assertTrue(body["is_trusted"])
        self.assertNotIn("images.example", self.read(other, self.owner)["html"])
        both = (email | other).with_user(self.owner).read_bodies()
        self.assertEqual([both[each.id]["is_trusted"] for each in (email, other)], [True, False])
        email.with_user(self.owner).distrust_sender()
        self.assertNotIn("images.example", self.read(email, self.owner)["html"])

    def test_each_trusts_for_themselves(self):
        contact = self.env["res.partner"].create({"name": "Ana"})
        email = self.make_with_image(self.shared, partner_ids=contact.ids)
        email.with_user(self.owner).trust_sender()
        self.assertFalse(self.read(email, self.colleague)["is_trusted"])
        rows = self.env["escala.email.trusted.sender"]
        for user in (self.colleague, self.manager):
            self.assertFalse(rows.with_user(user).search([]))
        with self.assertRaises(AccessError):
            rows.with_user(self.colleague).create({"user_id": self.owner.id, "address": "x@y.example"})
        email.with_user(self.colleague).distrust_sender()
        self.assertTrue(self.read(email, self.owner)["is_trusted"])

    def test_only_of_emails_that_one_may_read(self):
        email = self.make_with_image(self.personal)
        for method in ("read_bodies", "trust_sender", "distrust_sender"):
            with self.assertRaises(AccessError):
                getattr(email.with_user(self.colleague), method)()
