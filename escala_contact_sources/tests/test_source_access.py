"""Administrators make sources; sales managers see what came in; the token is seen by administrators alone."""

from odoo.exceptions import AccessError
from odoo.tests.common import TransactionCase, new_test_user

from .common import ANA, SourceMixin


class TestSourceAccess(SourceMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, "mara-leads", groups="sales_team.group_sale_manager", lang="en_US"
        )

    def test_a_salesperson_sees_nothing(self):
        submission = self.take_in(**ANA)
        for record in (self.source, submission):
            with self.assertRaises(AccessError):
                record.with_user(self.seller).read(["display_name"])

    def test_a_manager_reads_but_neither_token_nor_network_address(self):
        submission = self.take_in(**ANA).with_user(self.manager)
        self.assertEqual(submission.read(["summary"])[0]["summary"], "Ana Ruiz")
        for record, name in ((self.source, "token"), (self.source, "url"), (submission, "remote_address")):
            with self.assertRaises(AccessError):
                record.with_user(self.manager).read([name])
        with self.assertRaises(AccessError):
            self.source.with_user(self.manager).action_rotate_token()
        with self.assertRaises(AccessError):
            submission.action_retry()

    def test_of_another_company_nobody_sees_anything(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        source = self.env["contact.source"].create({"name": "Theirs", "company_id": other.id})
        self.assertNotIn(source, self.env["contact.source"].with_user(self.manager).search([]))

    def test_a_replaced_token_opens_nothing(self):
        before = self.source.token
        self.source.action_rotate_token()
        self.assertFalse(self.env["contact.source"]._find_by_token(before))
        self.assertEqual(self.env["contact.source"]._find_by_token(self.source.token), self.source)
