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

    def make_user(self, login):
        return new_test_user(
            self.env, login, f"sales_team.group_sale_salesman,{GROUP_USER}", lang="en_US", name=login
        )

    def get_offered(self, email, user):
        return [each["id"] for each in email.with_user(user).get_assignees()]

    def test_nobody_learns_that_somebody_else_has_a_private_copy(self):
        theirs = self.make_mailbox("colleague@nordica.example", user_id=self.colleague.id)
        email = self.make_email(self.personal, partner_ids=self.contact.ids)
        self.add_copy(email, theirs, "archive")
        self.assertTrue(email.with_user(self.colleague).has_access("read"))
        self.assertNotIn(self.colleague.id, self.get_offered(email, self.owner))
        with self.assertRaises(UserError):
            email.with_user(self.owner).assign(self.colleague.id)
        email.with_user(self.owner).action_share()
        self.assertIn(self.colleague.id, self.get_offered(email, self.owner))

    def test_nobody_is_offered_to_whom_it_is_not_to_say(self):
        email = self.make_email(self.personal, partner_ids=self.contact.ids)
        email.with_user(self.owner).action_share()
        with self.assertRaises(AccessError):
            email.with_user(self.colleague).get_assignees()

    def test_on_whose_leads_it_is_open_are_not_offered_to_others(self):
        lead = self.env["crm.lead"].create({"name": "Ajeno", "user_id": self.owner.id})
        email = self.make_email(self.shared, lead_ids=lead.ids)
        self.assertNotIn(self.colleague.id, self.get_offered(email, self.owner))
        lead.user_id = self.colleague
        self.assertIn(self.colleague.id, self.get_offered(email, self.owner))

    def test_who_works_in_another_company_is_not_offered(self):
        elsewhere = self.env["res.company"].create({"name": "Another"})
        stranger = self.make_user("stranger")
        email = self.make_email(self.shared, partner_ids=self.contact.ids)
        self.assertIn(stranger.id, self.get_offered(email, self.owner))
        stranger.write({"company_ids": elsewhere.ids, "company_id": elsewhere.id})
        self.assertNotIn(stranger.id, self.get_offered(email, self.owner))

    def test_many_colleagues_cost_no_more_queries(self):
        email = self.make_email(self.shared, partner_ids=self.contact.ids)

        def count_queries():
            self.get_offered(email, self.owner)  # what is computed once for a user, such as rules
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.get_offered(email, self.owner)
            return self.env.cr.sql_log_count - before

        few = count_queries()
        for number in range(10):
            self.make_user(f"user{number}")
        self.assertLessEqual(count_queries(), few + 1)

    def test_who_is_chosen_is_asked_though_a_private_mailbox_has_a_copy_too(self):
        luis = self.make_user("luis")
        email = self.make_email(self.shared, partner_ids=self.contact.ids)
        self.add_copy(email, self.personal, "archive")
        email.invalidate_recordset()
        self.assertEqual(email._get_mailboxes()[:1], self.personal)
        email.with_user(self.colleague).assign(luis.id)
        activity = self.get_answers(email)
        self.assertEqual((activity.user_id, activity.res_id), (luis, self.contact.id))

    def test_who_is_chosen_is_asked_where_several_companies_may_not_quote_it(self):
        self.env["res.company"].create({"name": "Another"})
        email = self.make_email(self.personal, partner_ids=self.contact.ids)
        email.with_user(self.owner).action_share()
        email.with_user(self.owner).assign(self.colleague.id)
        activity = self.get_answers(email)
        self.assertEqual((activity.user_id, activity.res_model), (self.colleague, False))
        email.with_user(self.owner).assign(self.owner.id)
        email.with_user(self.owner).assign(self.colleague.id)
        self.assertEqual(self.get_answers(email).user_id, self.colleague)
        email.with_user(self.owner).action_stop_sharing()
        self.assertEqual(self.get_answers(email).user_id, self.owner, "Who cannot read it answers nothing.")
