"""Salespeople decide who has access; colleagues see it; nobody sees what hangs on hidden contacts."""

from odoo.exceptions import AccessError
from odoo.tests.common import new_test_user

from .common import ClientPortalCase


class TestAccess(ClientPortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = new_test_user(cls.env, "p_sales", groups="sales_team.group_sale_salesman")
        cls.colleague = new_test_user(cls.env, "p_colleague", groups="base.group_user")
        cls.portal = new_test_user(cls.env, "p_portal", groups="base.group_portal")
        cls.public = new_test_user(cls.env, "p_public", groups="base.group_public")
        cls.row = cls.give_access(cls.vineyard, cls.ana)

    def hide(self, partner):
        self.env["ir.rule"].create(
            {
                "name": "Hidden",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {partner.id})]",
            }
        )

    def test_a_salesperson_gives_changes_and_takes_access(self):
        rows = self.env["escala.account.contact"].with_user(self.salesperson)
        row = rows.create({"account_id": self.vineyard.id, "contact_id": self.otto.id})
        row.login = True
        row.unlink()
        self.assertFalse(row.exists())

    def test_a_colleague_reads_and_changes_nothing(self):
        row = self.row.with_user(self.colleague)
        self.assertEqual(row.search_read([("id", "=", row.id)], ["email"])[0]["email"], "ana@vinedo.example")
        with self.assertRaises(AccessError):
            row.login = True
        with self.assertRaises(AccessError):
            row.create({"account_id": self.vineyard.id, "contact_id": self.otto.id})
        with self.assertRaises(AccessError):
            row.unlink()

    def test_portal_and_public_users_read_nothing(self):
        self.row.contact_id.parent_id = self.portal.partner_id
        for user in (self.portal, self.public):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self.row.with_user(user).search_read([], ["email"])
                with self.assertRaises(AccessError):
                    self.row.with_user(user).read(["email"])
                with self.assertRaises(AccessError):
                    self.portal.partner_id.with_user(user).read(["account_contact_ids"])

    def test_a_row_of_a_hidden_account_or_contact_is_hidden(self):
        for name in ("account_id", "contact_id"):
            row = self.give_access(self.garage, self.otto)
            self.hide(row[name])
            row = row.with_user(self.salesperson)
            with self.subTest(name):
                self.assertFalse(row.search_read([("id", "=", row.id)], ["email"]))
                self.assertFalse(row.search_count([("id", "=", row.id)]))
                with self.assertRaises(AccessError):
                    row.read(["email"])
                with self.assertRaises(AccessError):
                    row.login = True
            self.env["ir.rule"].search([("name", "=", "Hidden")]).unlink()
            row.sudo().unlink()

    def test_no_access_is_given_to_a_hidden_account(self):
        self.hide(self.garage)
        with self.assertRaises(AccessError):
            self.row.with_user(self.salesperson).create(
                {"account_id": self.garage.id, "contact_id": self.otto.id}
            )
        with self.assertRaises(AccessError):
            self.row.with_user(self.salesperson).account_id = self.garage
