"""Lists and counters of quotations and orders."""

from odoo.http import request

from odoo.addons.sale.controllers.portal import CustomerPortal


class ClientSales(CustomerPortal):
    """Odoo lists what is of the user's own company; here it is the account's. Record rules limit it once more."""

    def _prepare_quotations_domain(self, partner):
        return super()._prepare_quotations_domain(self._get_customer(partner))

    def _prepare_orders_domain(self, partner):
        return super()._prepare_orders_domain(self._get_customer(partner))

    @staticmethod
    def _get_customer(partner):
        """Return the partner whose documents are listed."""
        user = request.env.user
        return user._get_active_account() if user._is_client() else partner
