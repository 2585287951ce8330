"""Saving files of e-mails to contacts."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import MailboxCase


@tagged("post_install", "-at_install")
class TestEmailFiles(MailboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create({"name": "Ana"})

    def save(self, email, user, attachment=None):
        attachment = attachment or email.attachment_ids
        return email.with_user(user).save_file_to_contact(attachment.id, self.contact.id)

    def test_a_file_is_copied_once(self):
        email = self.make_email(self.personal)
        first, second = self.save(email, self.owner), self.save(email, self.owner)
        self.assertEqual((first["is_new"], second["is_new"]), (True, False))
        self.assertEqual(first["id"], second["id"])
        copied = self.env["ir.attachment"].browse(first["id"])
        self.assertEqual((copied.name, copied.raw), ("plano.txt", b"secret plan"))
        self.assertEqual((copied.res_model, copied.res_id), ("res.partner", self.contact.id))
        self.assertEqual(email.attachment_ids.res_model, "escala.email", "The e-mail keeps its own.")

    def test_who_saves_it_may_take_it_back(self):
        email = self.make_email(self.personal)
        saved = self.save(email, self.owner)["id"]
        self.env["ir.attachment"].with_user(self.owner).browse(saved).unlink()
        self.assertTrue(email.attachment_ids.exists())

    def test_nobody_gets_at_files_that_way(self):
        email, other = self.make_email(self.personal), self.make_email(self.shared)
        for user in (self.colleague, self.manager):
            with self.assertRaises(AccessError):
                self.save(email, user)
        with self.assertRaises(AccessError):
            self.save(other, self.owner, self.env["ir.attachment"].create({"name": "x", "raw": b"x"}))

    def test_only_who_may_change_the_contact(self):
        email = self.make_email(self.shared, partner_ids=self.contact.ids)
        reader = new_test_user(self.env, "reader", "base.group_user", lang="en_US")
        self.assertTrue(email.with_user(reader).has_access("read"))
        with self.assertRaises(AccessError):
            self.save(email, reader)
