"""Invoices and payments of customers have a category; what vendors send has none."""

from odoo.tests.common import tagged

from odoo.addons.escala_client_portal.tests.common import ClientPortalCase


@tagged("post_install", "-at_install")
class TestInvoiceCategory(ClientPortalCase):
    def category_of(self, record):
        return self.env["escala.notification.rule"]._find(record).category_id.key

    def test_what_customers_owe_and_pay(self):
        for move_type in ("out_invoice", "out_refund"):
            move = self.env["account.move"].create({"move_type": move_type, "partner_id": self.vineyard.id})
            self.assertEqual(self.category_of(move), "invoices")
        payment = self.env["account.payment"].create(
            {"partner_type": "customer", "partner_id": self.vineyard.id}
        )
        self.assertEqual(self.category_of(payment), "invoices")

    def test_what_vendors_are_owed_and_paid(self):
        bill = self.env["account.move"].create({"move_type": "in_invoice", "partner_id": self.vineyard.id})
        payment = self.env["account.payment"].create(
            {"partner_type": "supplier", "partner_id": self.vineyard.id}
        )
        self.assertFalse(self.category_of(bill) or self.category_of(payment))
