"""What to do with the switches of many accounts: asked by a wizard, carried out by a change in the background."""

from odoo import api, fields, models

from .res_partner_client_access import SWITCHES

CHOICES = [("keep", "Do nothing"), ("on", "On for all contacts"), ("off", "Off for all contacts")]


class EscalaAccountSwitchesMixin(models.AbstractModel):
    _name = "escala.account.switches.mixin"
    _description = "Switches for Many Client Accounts"

    login = fields.Selection(CHOICES, required=True, default="keep")
    notify = fields.Selection(CHOICES, required=True, default="keep")
    email_sync = fields.Selection(CHOICES, string="E-mail sync", required=True, default="keep")
    send_invitations = fields.Boolean(
        string="Send invitations",
        default=True,
        help="Tell by e-mail whoever is let in, and whoever never was invited.",
    )
    message = fields.Text(help="Added to the invitations.")
    custom_preferences = fields.Boolean(
        string="Custom preferences", help="Also choose what they are notified of."
    )
    category_ids = fields.Many2many(
        "escala.notification.category",
        string="Notify of",
        default=lambda self: self.env["escala.notification.category"].search([]),
    )

    @api.model
    def _get_switch_fields(self):
        """Return the names of the fields that say what to do."""
        return [*SWITCHES, "send_invitations", "message", "custom_preferences", "category_ids"]
