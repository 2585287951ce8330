"""What waits for a client, on the home page of the portal."""

from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_client_todos(self, account):
        """Return what waits for the clients of an account: dictionaries with title, url, date and icon."""
        return []
