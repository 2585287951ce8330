"""Links with contacts and leads that people make and take away."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import MailboxCase


@tagged("post_install", "-at_install")
class TestEmailLinking(MailboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create({"name": "Ana", "email": "ana@cliente.example"})
        cls.other = cls.env["res.partner"].create({"name": "Otto"})
        cls.lead = cls.env["crm.lead"].create({"name": "Tejas", "user_id": cls.owner.id})
        cls.thread = cls.env["escala.email.thread"].create({})

    def link(self, email, user, record):
        return email.with_user(user).action_link(record._name, record.id)

    def take_away(self, email, user, record):
        return email.with_user(user).action_unlink(record._name, record.id)

    def test_the_conversation_is_linked_and_unlinked(self):
        first = self.make_email(self.shared, thread_id=self.thread.id)
        second = self.make_email(self.shared, thread_id=self.thread.id)
        self.link(first, self.owner, self.contact)
        self.link(first, self.owner, self.lead)
        self.assertEqual((first | second).mapped("partner_ids"), self.contact)
        self.assertEqual(second.lead_ids, self.lead)
        self.take_away(second, self.owner, self.contact)
        self.assertFalse((first | second).partner_ids)
        self.assertEqual(first.lead_ids, self.lead)

    def test_who_may_link(self):
        """The people of the mailbox; and of a shared one whoever reads the e-mail, but not managers as such."""
        shared = self.make_email(self.shared, partner_ids=self.contact.ids)
        private = self.make_email(self.personal, partner_ids=self.contact.ids)
        self.link(shared, self.colleague, self.other)
        self.link(private, self.owner, self.other)
        for user in (self.colleague, self.manager):
            with self.assertRaises(AccessError):
                self.link(private, user, self.lead)
            with self.assertRaises(AccessError):
                self.take_away(private, user, self.other)
        self.assertEqual(private.partner_ids, self.contact | self.other)

    def test_what_is_shared_on_purpose_is_shared_with_nobody_else(self):
        email = self.make_email(self.personal, partner_ids=self.contact.ids)
        email.with_user(self.owner).action_share()
        self.assertTrue(email.with_user(self.colleague).has_access("read"))
        with self.assertRaises(AccessError):
            self.link(email, self.colleague, self.other)

    def test_a_mailbox_that_is_not_linked_to_the_crm_lets_nobody_in(self):
        email = self.make_email(self.personal, partner_ids=self.contact.ids)
        email.with_user(self.owner).action_share()
        staff = self.make_mailbox(
            "rrhh@nordica.example", kind="shared", member_ids=self.manager.ids, link_to_crm=False
        )
        self.add_copy(email, staff, "archive")
        for call in (
            lambda: self.link(email, self.colleague, self.other),
            lambda: email.with_user(self.colleague).assign(self.colleague.id),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_private_emails_of_a_conversation_stay_as_they_are(self):
        shared = self.make_email(self.shared, thread_id=self.thread.id, partner_ids=self.contact.ids)
        private = self.make_email(self.personal, thread_id=self.thread.id)
        self.link(shared, self.colleague, self.other)
        self.assertIn(self.other, shared.partner_ids)
        self.assertFalse(private.partner_ids)

    def test_nobody_links_with_what_they_may_not_change(self):
        email = self.make_email(self.shared, partner_ids=self.contact.ids)
        lead = self.env["crm.lead"].create({"name": "Ajeno", "user_id": self.manager.id})
        with self.assertRaises(AccessError):
            self.link(email, self.colleague, lead)
        with self.assertRaises(UserError):
            email.with_user(self.owner).action_link("res.users", self.owner.id)

    def test_what_was_unlinked_is_not_linked_by_its_address_again(self):
        email = self.make_email(self.shared, partner_ids=self.contact.ids)
        self.take_away(email, self.owner, self.contact)
        email._link_by_matching({self.contact.id, self.other.id}, {self.lead.id})
        self.assertEqual(email.partner_ids, self.other)
        self.assertEqual(email.lead_ids, self.lead)
        self.link(email, self.owner, self.contact)
        self.assertFalse(email.sudo().unlinked_partner_ids)

    def test_who_reads_it_by_the_link_alone_is_warned_and_can_take_it_back(self):
        email = self.make_email(self.shared, partner_ids=self.contact.ids)
        theirs = email.with_user(self.colleague)
        mine = email.with_user(self.owner)
        self.assertTrue(theirs.is_read_by_link_alone("res.partner", self.contact.id))
        self.assertFalse(mine.is_read_by_link_alone("res.partner", self.contact.id))
        email.partner_ids |= self.other
        self.assertFalse(theirs.is_read_by_link_alone("res.partner", self.contact.id))
        email.partner_ids -= self.other
        result = self.take_away(email, self.colleague, self.contact)
        self.assertFalse(result["is_readable"])
        undo = result["undo"]
        for user in (self.owner, self.manager):
            with self.assertRaises(AccessError):
                email.browse(undo["ids"]).with_user(user).undo_unlink(*undo["args"])
        with self.assertRaises(AccessError):
            theirs.browse(undo["ids"]).undo_unlink("no token")
        theirs.browse(undo["ids"]).undo_unlink(*undo["args"])
        self.assertEqual(email.partner_ids, self.contact)
        self.assertFalse(email.sudo().unlinked_partner_ids)
        self.assertTrue(self.take_away(email, self.owner, self.contact)["is_readable"])

    def test_what_is_not_shared_any_more_stays_unlinked(self):
        email = self.make_email(self.shared, partner_ids=self.contact.ids)
        undo = self.take_away(email, self.colleague, self.contact)["undo"]
        self.shared.link_to_crm = False
        email.with_user(self.colleague).undo_unlink(*undo["args"])
        self.assertFalse(email.partner_ids)

    def test_merging_leads_links_nothing_that_was_taken_away(self):
        """Neither what was taken away from the lead that stays, nor what was from the one that goes."""
        going = self.env["crm.lead"].create({"name": "Otra", "user_id": self.owner.id})
        kept_away = self.make_email(self.shared, lead_ids=(going | self.lead).ids)
        self.take_away(kept_away, self.owner, self.lead)
        forgotten = self.make_email(self.shared, lead_ids=going.ids)
        self.take_away(forgotten, self.owner, going)
        both = self.make_email(self.shared, lead_ids=(going | self.lead).ids)
        self.take_away(both, self.owner, going)
        moved = self.make_email(self.shared, lead_ids=going.ids)
        self.lead._merge_dependences(going)
        self.assertNotIn(self.lead, kept_away.lead_ids)
        self.assertIn(self.lead, forgotten.sudo().unlinked_lead_ids)
        self.assertIn(self.lead, both.lead_ids)
        self.assertIn(self.lead, moved.lead_ids)

    def test_the_answer_is_asked_for_where_the_email_is(self):
        self.contact.user_id = self.owner
        email = self.make_email(self.shared, partner_ids=self.contact.ids)
        email._ask_for_answers(self.shared)
        activity = self.env["mail.activity"].search([("escala_email_id", "=", email.id)])
        self.link(email, self.owner, self.other)
        self.take_away(email, self.owner, self.contact)
        self.assertEqual((activity.res_model, activity.res_id), ("res.partner", self.other.id))
        undo = self.take_away(email, self.owner, self.other)["undo"]
        self.assertFalse(activity.res_model)
        self.assertEqual(activity.user_id, self.owner)
        self.assertTrue(email.with_user(self.owner)._filter_to_be_answered())
        email.with_user(self.owner).undo_unlink(*undo["args"])
        self.assertEqual((activity.res_model, activity.res_id), ("res.partner", self.other.id))

    def test_new_contacts_and_leads_begin_with_what_the_email_says(self):
        received = self.make_email(self.personal).with_user(self.owner)
        contact = received.prepare_new_record("res.partner")
        self.assertEqual((contact["default_name"], contact["default_email"]), ("Ana", "ana@cliente.example"))
        lead = received.prepare_new_record("crm.lead")
        self.assertEqual(lead["default_name"], "Oferta")
        self.assertEqual(lead["default_email_from"], "ana@cliente.example")
        self.assertIn("confidential", lead["default_description"])
        sent = self.make_email(
            self.personal, direction="out", recipients="Otto <otto@cliente.example>, eva@cliente.example"
        )
        contact = sent.with_user(self.owner).prepare_new_record("res.partner")
        self.assertEqual(
            (contact["default_name"], contact["default_email"]), ("Otto", "otto@cliente.example")
        )
        for user in (self.colleague, self.manager):
            with self.assertRaises(AccessError):
                received.with_user(user).prepare_new_record("crm.lead")

    def test_a_lead_is_of_the_contact_that_the_email_is_linked_with(self):
        email = self.make_email(self.personal, partner_ids=[Command.link(self.contact.id)])
        values = email.with_user(self.owner).prepare_new_record("crm.lead")
        self.assertEqual(values["default_partner_id"], self.contact.id)
