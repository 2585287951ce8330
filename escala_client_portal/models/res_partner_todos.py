"""What waits for the client on the home page of its account."""

from odoo import api, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _get_client_todos(self, account) -> list[dict]:
        """Return what waits for the client in an account; add-ons extend it with `super() + […]`.

        :param account: res.partner, the active account
        :return: one dict each: title, url, date (a date, a datetime or False), icon (a class of Font Awesome)
        """
        return []
