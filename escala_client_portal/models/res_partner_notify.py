"""Client accounts that are notified."""

from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_notified_addresses(self, category):
        """Return the rows of these accounts that are notified of a category."""
        return (
            self.env["escala.account.contact"]
            .sudo()
            .search([("account_id", "in", self.ids), ("notify", "=", True)])
        )

    def _notify_client(self, category, subject, body=None, record=None):
        """Send an e-mail to each address of the account that wants it."""
        return (
            self.env["mail.mail"]
            .sudo()
            .create(
                [
                    {"subject": subject, "body_html": body, "email_to": row.email}
                    for row in self._get_notified_addresses(category)
                ]
            )
        )
