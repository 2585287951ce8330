"""Quotations and orders are proposals; all who want those are sent what customers are to see."""

from odoo.tests.common import tagged

from odoo.addons.escala_client_portal.tests.common import ClientPortalCase


@tagged("post_install", "-at_install")
class TestOrderCategory(ClientPortalCase):
    def test_messages_go_to_all_and_changes_to_followers(self):
        order = self.env["sale.order"].create({"partner_id": self.vineyard.id})
        rules = self.env["escala.notification.rule"]
        message = rules._find(order, self.env.ref("mail.mt_comment").id)
        change = rules._find(order, self.env.ref("sale.mt_order_confirmed").id)
        self.assertEqual((message | change).category_id.key, "proposals")
        self.assertEqual((message.notifies_all, change.notifies_all), (True, False))
