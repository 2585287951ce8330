"""What clients are notified of, in the words in which they choose it."""

from odoo import api, fields, models


class EscalaNotificationCategory(models.Model):
    """A kind of notification that each address of an account can have or not have.

    Add-ons add records. A new one is on for everybody, as the addresses keep those that they do not want.
    """

    _name = "escala.notification.category"
    _description = "Category of Client Notifications"
    _order = "sequence, id"

    key = fields.Char(required=True, readonly=True, help="What add-ons call it by.")
    name = fields.Char(required=True, translate=True)
    description = fields.Char(translate=True, help="What belongs to it, for whoever chooses.")
    sequence = fields.Integer(default=10)

    _one_per_key = models.UniqueIndex("(key)")

    @api.model
    def _get(self, key):
        """Return the category with this key.

        :raises ValueError: there is none
        """
        # sudo: what clients do is sorted too, and they have no access to the categories
        category = self.sudo().search([("key", "=", key)])
        if not category:
            raise ValueError(f"no category of notifications is called {key!r}")
        return category
