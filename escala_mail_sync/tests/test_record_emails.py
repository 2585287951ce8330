"""How many e-mails a contact or lead has, and how they are opened."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import MailboxCase


@tagged("post_install", "-at_install")
class TestRecordEmails(MailboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.partner"].create({"name": "Cliente", "is_company": True})
        cls.ana, cls.otto = cls.env["res.partner"].create(
            [{"name": name, "parent_id": cls.company.id} for name in ("Ana", "Otto")]
        )
        cls.lead = cls.env["crm.lead"].create({"name": "Obra", "user_id": cls.owner.id})

    def counts(self, records, user=None):
        self.env.invalidate_all()
        return records.with_user(user or self.owner).mapped("email_count")

    def test_each_counts_what_the_user_may_read(self):
        self.make_email(self.shared, partner_ids=self.ana.ids)
        self.make_email(self.personal, partner_ids=self.ana.ids, lead_ids=self.lead.ids, is_history=True)
        self.assertEqual(self.counts(self.ana), [2])
        self.assertEqual(self.counts(self.lead), [1])
        self.assertEqual(self.counts(self.ana, self.colleague), [1])
        self.assertEqual(self.counts(self.lead, self.manager), [0])
        self.ana.hide_emails = True
        self.assertEqual(self.counts(self.ana, self.colleague), [0])

    def test_what_was_counted_as_superuser_is_not_shown_to_the_user(self):
        self.make_email(self.personal, partner_ids=self.ana.ids)
        contact = self.ana.with_user(self.colleague)
        self.assertEqual(contact.sudo().email_count, 0)
        self.assertEqual(contact.email_count, 0)

    def test_a_company_counts_those_of_its_people_once_archived_people_too(self):
        self.make_email(self.shared, partner_ids=(self.ana + self.otto).ids)
        self.make_email(self.shared, partner_ids=self.otto.ids)
        self.otto.active = False
        self.assertEqual(self.counts(self.company + self.ana + self.otto), [2, 1, 2])

    def test_without_both_rights_nothing_is_counted(self):
        self.make_email(self.shared, partner_ids=self.ana.ids)
        self.assertEqual(self.counts(self.ana), [1])
        self.env["res.config.settings"].create({"group_emails_tab": False}).execute()
        self.assertEqual(self.counts(self.ana), [0])
        employee = new_test_user(self.env, "employee", "base.group_user", lang="en_US")
        self.assertEqual(self.counts(self.ana, employee), [0])

    def test_the_number_of_queries_does_not_grow_with_the_records(self):
        partners = self.env["res.partner"].create([{"name": f"P{n}"} for n in range(40)])
        for partner in partners[:5]:
            self.make_email(self.shared, partner_ids=partner.ids)
        self.counts(partners)
        numbers = []
        for some in (partners[:1], partners):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(some.with_user(self.owner).mapped("email_count"))
            numbers.append(self.env.cr.sql_log_count - before)
        self.assertEqual(numbers[0], numbers[1])

    def test_opening_a_conversation_is_for_whoever_may_read_it(self):
        email = self.make_email(self.personal, partner_ids=self.ana.ids)
        action = email.with_user(self.owner).action_open_conversation()
        self.assertEqual(action["context"], {"escala_folder": "all", "escala_open_id": email.id})
        with self.assertRaises(AccessError):
            email.with_user(self.colleague).action_open_conversation()
