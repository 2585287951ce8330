import base64

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import MailboxCase


@tagged("post_install", "-at_install")
class TestMailboxAccess(MailboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create({"name": "Ana", "email": "ana@cliente.example"})

    def assert_readable(self, email, user):
        """By every way to ask: a search, its count, by id, the body, the attachment, the contact's tab."""
        email, message = email.with_user(user), email.mail_message_id.with_user(user)
        self.assertEqual(email.search([("id", "=", email.id)]), email)
        self.assertEqual(email.search_count([("id", "=", email.id)]), 1)
        self.assertTrue(email.read(["subject"]))
        self.assertIn("confidential", message.read(["body"])[0]["body"])
        self.assertEqual(message.attachment_ids.read(["raw"])[0]["raw"], b"secret plan")
        self.assertIn(email, self.find_on_contact(email))

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.models")
    def assert_hidden(self, email, user):
        email, message = email.with_user(user), email.mail_message_id.with_user(user)
        attachment = message.sudo().attachment_ids.with_user(user)
        self.env.invalidate_all()
        self.assertFalse(email.search([("id", "=", email.id)]))
        self.assertEqual(email.search_count([("subject", "=", "Oferta")]), 0)
        self.assertEqual(email._read_group([("id", "=", email.id)], [], ["__count"]), [(0,)])
        self.assertFalse(email.name_search("Oferta"))
        self.assertFalse(message.search([("id", "=", message.id)]))
        for record, field in ((email, "subject"), (email, "body"), (message, "body"), (attachment, "raw")):
            with self.subTest(field), self.assertRaises(AccessError):
                record.read([field])
        with self.assertRaises(AccessError):
            email.export_data(["subject"])
        self.assertNotIn(email, self.find_on_contact(email))

    def find_on_contact(self, emails):
        return emails.search([("partner_ids", "child_of", self.contact.id)])

    def test_a_private_mailbox_is_its_owners(self):
        email = self.make_email(self.personal, partner_ids=self.contact.ids)
        self.assert_readable(email, self.owner)
        self.assert_hidden(email, self.colleague)
        self.assert_hidden(email, self.manager)

    def test_a_shared_mailbox_is_its_members(self):
        email = self.make_email(self.shared, partner_ids=self.contact.ids)
        self.assert_readable(email, self.owner)

    def test_a_shared_mailbox_is_read_on_a_contact_by_whoever_may_read_that(self):
        email = self.make_email(self.shared, partner_ids=self.contact.ids)
        self.assert_readable(email, self.colleague)

    def test_a_shared_mailbox_is_not_read_without_access_to_the_contact(self):
        email = self.make_email(self.shared, partner_ids=self.contact.ids)
        other = self.env["res.company"].create({"name": "Other"})
        self.contact.company_id = other
        self.assert_hidden(email, self.colleague)
        self.assertTrue(email.with_user(self.owner).read(["subject"]))

    def test_a_shared_mailbox_is_read_on_a_lead_by_whoever_may_read_that(self):
        lead = self.env["crm.lead"].create({"name": "Ana", "user_id": self.colleague.id})
        email = self.make_email(self.shared, lead_ids=lead.ids)
        self.assertTrue(email.with_user(self.colleague).read(["subject"]))
        stranger = new_test_user(self.env, "stranger", "sales_team.group_sale_salesman")
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            email.with_user(stranger).read(["subject"])

    def test_nobody_can_link_an_email_to_a_record_of_their_own(self):
        email = self.make_email(self.shared)
        with self.assertRaises(AccessError):
            email.with_user(self.owner).write({"partner_ids": [(4, self.contact.id)]})
        self.env.invalidate_all()
        self.assert_hidden(email, self.colleague)

    def test_portal_users_see_nothing(self):
        portal = new_test_user(self.env, "client", "base.group_portal")
        email = self.make_email(self.shared, partner_ids=portal.partner_id.ids)
        for record in (email, email.mail_message_id, email.mail_message_id.attachment_ids):
            with self.assertRaises(AccessError):
                record.with_user(portal).read(["display_name"])

    def test_nobody_reads_a_password(self):
        for user in (self.owner, self.manager):
            mailbox = self.personal.with_user(user)
            self.assertFalse(mailbox.read(["imap_password"])[0]["imap_password"])
            self.assertTrue(mailbox.has_password)
            with self.assertRaises(AccessError):
                mailbox.read(["imap_password_encrypted"])
            with self.assertRaises(AccessError):
                mailbox.search([("imap_password_encrypted", "like", "gAAAA")])

    def test_a_mailbox_is_changed_by_its_owner_only(self):
        self.personal.with_user(self.owner).check_interval = "60"
        for user in (self.colleague, self.manager):
            with self.assertRaises(AccessError):
                self.personal.with_user(user).check_interval = "5"
            with self.assertRaises(AccessError):
                self.personal.with_user(user).action_test_connection()
        with self.assertRaises(AccessError):
            self.personal.with_user(self.colleague).action_disconnect()

    def test_a_manager_may_disconnect_any(self):
        self.personal.state = "connected"
        self.personal.with_user(self.manager).action_disconnect()
        self.assertEqual(self.personal.state, "draft")

    def test_nobody_connects_a_mailbox_in_somebodys_name(self):
        for user in (self.colleague, self.manager):
            with self.assertRaises(AccessError):
                self.env["escala.mailbox"].with_user(user).create(
                    {
                        "email": "x@nordica.example",
                        "imap_host": "h",
                        "user_id": self.env.ref("base.user_admin").id,
                    }
                )

    def test_shared_mailboxes_are_set_up_by_managers(self):
        values = {"email": "y@nordica.example", "imap_host": "h", "kind": "shared"}
        self.env["escala.mailbox"].with_user(self.manager).create(values)
        with self.assertRaises(AccessError):
            self.env["escala.mailbox"].with_user(self.colleague).create(
                {**values, "email": "z@nordica.example"}
            )

    def test_the_ledger_is_its_peoples_and_managers_see_what_is_in_quarantine_without_its_bytes(self):
        private = self.make_email(self.personal).mailbox_message_ids
        shared = self.make_email(self.shared).mailbox_message_ids
        broken = self.make_email(self.shared).mailbox_message_ids
        broken.write({"state": "quarantined", "raw": base64.b64encode(b"as received")})
        Message = self.env["escala.mailbox.message"]
        rows = private | shared | broken
        self.assertEqual(Message.with_user(self.owner).search([("id", "in", rows.ids)]), rows)
        self.assertEqual(Message.with_user(self.manager).search([("id", "in", rows.ids)]), broken)
        self.assertFalse(Message.with_user(self.colleague).search([("id", "in", rows.ids)]))
        self.assertEqual(base64.b64decode(broken.with_user(self.owner).raw_for_members), b"as received")
        self.env.invalidate_all()
        self.assertFalse(broken.with_user(self.manager).raw_for_members)
        with self.assertRaises(AccessError):
            broken.with_user(self.manager).read(["raw"])
        broken.with_user(self.manager).action_discard()
        self.assertEqual(broken.state, "discarded")
