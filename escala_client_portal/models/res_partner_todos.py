"""What waits for a client on the home page of the portal."""

from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_client_todos(self, account):
        """Return what waits for the user in this account: a list of dicts (title, url, date, icon)."""
        return []
