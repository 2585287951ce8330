"""Overdue invoices; the lists of invoices are limited by record rules alone."""

from odoo.http import request

from odoo.addons.account.controllers.portal import PortalAccount


class ClientInvoices(PortalAccount):
    def _get_overdue_invoices_domain(self, partner_id=None):
        """Override: those of the account, not of the person who looks at them."""
        domain = super()._get_overdue_invoices_domain(partner_id)
        user = request.env.user
        if partner_id or not user._is_client():
            return domain
        account = user._get_active_account()
        return [
            ("partner_id", "child_of", account.ids) if leaf[0] == "partner_id" else leaf for leaf in domain
        ]
