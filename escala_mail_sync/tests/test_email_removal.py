"""Removing an e-mail from Odoo: for whom, what goes and what stays, and that it stays away."""

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .common import MailboxCase

MUTED = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


class RemovalCase(MailboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create({"name": "Ana", "email": "ana@cliente.example"})


@tagged("post_install", "-at_install")
class TestRemoval(RemovalCase):
    def test_it_goes_with_body_and_files(self):
        email = self.make_email(self.personal, partner_ids=self.contact.ids)
        message, files = email.mail_message_id, email.attachment_ids
        self.assertTrue(files)
        email.with_user(self.owner).action_remove()
        self.assertFalse(email.exists() or message.exists() or files.exists())
        self.assertFalse(self.contact.with_user(self.owner).email_count)

    def test_the_ledger_remembers_which_message_it_was_and_not_what_it_said(self):
        email = self.make_email(self.personal)
        copy = email.mailbox_message_ids
        copy.write({"subject": "Oferta", "content_key": email.content_key})
        uid, key = copy.uid, email.content_key
        email.with_user(self.owner).action_remove()
        self.assertEqual((copy.state, copy.uid, copy.content_key), ("discarded", uid, key))
        self.assertFalse(copy.email_id or copy.subject)
        find = self.env["escala.mailbox.message"]._find_removed
        self.assertEqual(find(self.personal, [key, "another"]), {key})
        self.assertFalse(find(self.shared, [key]))

    def test_what_another_mailbox_has_too_stays_there(self):
        email = self.make_email(self.personal)
        theirs = self.make_mailbox("colleague@nordica.example", user_id=self.colleague.id)
        kept = self.add_copy(email, theirs)
        email.with_user(self.owner).action_remove()
        self.assertEqual(email.mailbox_message_ids.filtered("email_id"), kept)
        self.assertEqual(kept.state, "linked")
        self.env.invalidate_all()
        self.assertFalse(email.with_user(self.owner).search([("id", "=", email.id)]))
        self.assertIn("confidential", email.with_user(self.colleague).body)
        email.with_user(self.colleague).action_remove()
        self.assertFalse(email.exists())

    def test_it_goes_from_all_mailboxes_of_ones_own_at_once(self):
        email = self.make_email(self.personal)
        self.add_copy(email, self.shared)
        email.with_user(self.owner).action_remove()
        self.assertFalse(email.exists())

    def test_a_list_costs_the_same_as_one(self):
        def count(number):
            emails = self.env["escala.email"].union(
                *(self.make_email(self.personal) for _each in range(number))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            emails.with_user(self.owner).action_remove()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(1)
        self.assertEqual(count(12), count(2))

    def test_deleted_in_any_other_way_it_does_not_come_back_either(self):
        copy = self.make_email(self.personal).mailbox_message_ids
        copy.email_id.unlink()
        self.assertEqual(copy.state, "discarded")


@tagged("post_install", "-at_install")
class TestRemovalAccess(RemovalCase):
    @mute_logger(*MUTED)
    def test_only_owner_and_members_may(self):
        private = self.make_email(self.personal, partner_ids=self.contact.ids)
        shared = self.make_email(self.shared, partner_ids=self.contact.ids)
        for user in (self.colleague, self.manager):
            self.env.invalidate_all()
            self.assertTrue(shared.with_user(user).read(["subject"]), "readable on the contact")
            self.assertFalse(shared.with_user(user).can_remove)
            for email in (private, shared, private | shared):
                with self.assertRaises(AccessError):
                    email.with_user(user).action_remove()
        self.assertEqual((private | shared).exists(), private | shared)
        self.assertEqual((private | shared).with_user(self.owner).mapped("can_remove"), [True, True])
        (private | shared).with_user(self.owner).action_remove()
        self.assertFalse((private | shared).exists())

    @mute_logger(*MUTED)
    def test_one_foreign_email_among_them_and_none_is_removed(self):
        foreign = self.make_mailbox("other@nordica.example", kind="shared")
        mine = self.make_email(self.personal, subject="Mía")
        theirs = self.make_email(foreign, subject="Ajena", partner_ids=self.contact.ids)
        with self.assertRaisesRegex(AccessError, "Ajena"):
            (mine | theirs).with_user(self.owner).action_remove()
        self.assertEqual((mine | theirs).exists(), mine | theirs)

    @mute_logger(*MUTED)
    def test_there_is_no_other_door(self):
        email = self.make_email(self.personal)
        for user in (self.owner, self.colleague, self.manager, self.env.ref("base.user_admin")):
            for record in (
                email,
                email.mailbox_message_ids,
                email.mail_message_id,
                email.attachment_ids,
            ):
                with self.subTest(record._name, user=user.login):
                    self.env.invalidate_all()
                    with self.assertRaises(AccessError):
                        record.with_user(user).unlink()
        self.assertTrue(email.exists())


@tagged("post_install", "-at_install")
class TestRemovalByRpc(RemovalCase, HttpCase):
    def call(self, record, method, *args):
        return self.make_jsonrpc_request(
            "/web/dataset/call_kw",
            {"model": record._name, "method": method, "args": [record.ids, *args], "kwargs": {}},
        )

    def test_every_door(self):
        private = self.make_email(self.personal, partner_ids=self.contact.ids)
        shared = self.make_email(self.shared, partner_ids=self.contact.ids)
        copies = (private | shared).mailbox_message_ids
        for login in ("colleague", "manager", "admin"):
            self.authenticate(login, login)
            for call in (
                (private, "action_remove"),
                (shared, "action_remove"),
                (shared, "unlink"),
                (shared, "_remove_from", self.shared.ids),
                (shared, "write", {"mailbox_message_ids": [(5,)]}),
                (copies, "unlink"),
                (copies, "write", {"state": "discarded"}),
                (copies, "_discard"),
                (shared.mail_message_id, "unlink"),
                (shared.attachment_ids, "unlink"),
            ):
                with (
                    self.subTest(call[1], login=login),
                    self.assertRaises(JsonRpcException) as caught,
                    mute_logger("odoo.http", *MUTED),
                ):
                    self.call(*call)
                self.assertIn("AccessError", str(caught.exception))
        self.authenticate("owner", "owner")
        self.call(private | shared, "action_remove")
        self.assertFalse((private | shared).exists())
