"""What is sent to addresses that may log in to the client portal."""

from odoo import fields, models
from odoo.exceptions import UserError


class EscalaPortalInvitation(models.TransientModel):
    _name = "escala.portal.invitation"
    _description = "Invitation to the Client Portal"

    row_ids = fields.Many2many(
        "escala.account.contact",
        string="Addresses",
        required=True,
        help="Who is invited. Each gets one e-mail, with all accounts that this address may enter.",
    )
    message = fields.Html(
        help="Added to the e-mail, which itself is in the language of the contact.",
        sanitize_style=True,
    )

    def action_send(self):
        """Send the invitations.

        :raises UserError: nobody is left to invite, or Login was switched off meanwhile
        """
        self.ensure_one()
        self.row_ids.check_access("write")
        if not self.row_ids:
            raise UserError(self.env._("Choose whom to invite."))
        # sudo: who may edit the account may invite its contacts
        logins = self.row_ids.sudo().login_id
        logins._send_invitation(self.message)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("On their way: %s", ", ".join(logins.mapped("email_normalized"))),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
