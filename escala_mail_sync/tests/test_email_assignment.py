"""Asking a colleague to answer."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import GROUP_USER, MailboxCase


@tagged("post_install", "-at_install")
class TestEmailAssignment(MailboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create({"name": "Ana", "user_id": cls.owner.id})

    def get_answers(self, email):
        return self.env["mail.activity"].search([("escala_email_id", "=", email.id)])

    def test_the_activity_moves(self):
        email = self.make_email(self.shared, partner_ids=self.contact.ids)
        email._ask_for_answers(self.shared)
        email.with_user(self.owner).assign(self.colleague.id)
        self.assertEqual(self.get_answers(email).user_id, self.colleague)
        self.assertTrue(email.with_user(self.colleague)._filter_to_be_answered())
        self.assertFalse(email.with_user(self.owner)._filter_to_be_answered())

    def test_an_email_that_nobody_was_asked_for(self):
        email = self.make_email(self.shared, partner_ids=self.contact.ids)
        email.with_user(self.colleague).assign(self.owner.id)
        activity = self.get_answers(email)
        self.assertEqual((activity.user_id, activity.res_id), (self.owner, self.contact.id))

    def test_the_assignee_must_be_able_to_read_it(self):
        email = self.make_email(self.personal, partner_ids=self.contact.ids)
        for user in (self.colleague, self.manager, self.env.ref("base.public_user")):
            with self.assertRaises(UserError):
                email.with_user(self.owner).assign(user.id)
        self.assertFalse(self.get_answers(email))
        email.with_user(self.owner).assign(self.owner.id)
        self.assertFalse(self.get_answers(email).res_model, "A private e-mail is asked for in private.")

    def test_who_may_assign(self):
        email = self.make_email(self.personal, partner_ids=self.contact.ids)
        for user in (self.colleague, self.manager):
            with self.assertRaises(AccessError):
                email.with_user(user).assign(user.id)
        email.with_user(self.owner).action_share()
        with self.assertRaises(AccessError):
            email.with_user(self.colleague).assign(self.colleague.id)

    def test_on_no_document_that_the_assignee_may_not_see(self):
        salesman = self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.owner.group_ids += salesman
        lead = self.env["crm.lead"].create({"name": "Ajeno", "user_id": self.owner.id})
        self.shared.member_ids += self.colleague
        email = self.make_email(self.shared, lead_ids=lead.ids)
        email._ask_for_answers(self.shared)
        self.assertEqual(self.get_answers(email).res_id, lead.id)
        email.with_user(self.owner).assign(self.colleague.id)
        self.assertFalse(self.get_answers(email).res_model)

    def test_a_private_email_costs_no_query_for_each_colleague(self):
        email = self.make_email(self.personal).with_user(self.owner)

        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            email.get_assignees()
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for number in range(5):
            new_test_user(self.env, f"more{number}", GROUP_USER, lang="en_US")
        count()
        self.assertEqual(count(), few)

    def test_only_who_may_read_it_is_offered(self):
        private, shared = self.make_email(self.personal), self.make_email(self.shared)
        for email, users in ((private, self.owner), (shared, self.owner)):
            offered = {each["id"] for each in email.with_user(self.owner).get_assignees()}
            self.assertEqual(offered & {*(self.owner | self.colleague | self.manager).ids}, {*users.ids})
        shared.partner_ids = self.contact
        self.assertIn(
            self.colleague.id, [each["id"] for each in shared.with_user(self.owner).get_assignees()]
        )
        with self.assertRaises(AccessError):
            private.with_user(self.colleague).get_assignees()
