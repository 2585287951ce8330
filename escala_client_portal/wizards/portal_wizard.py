"""Odoo's wizard of portal users: who is a client is invited to the client portal."""

from odoo import models


class PortalWizardUser(models.TransientModel):
    _inherit = "portal.wizard.user"

    def _send_email(self):
        """Override: a client's user has an address of its own, and a link of its own goes there.

        Odoo's link goes to the address that was typed, and is for the first user of the contact.
        """
        logins = self.user_id._get_portal_logins()
        if not logins:
            return super()._send_email()
        logins._send_invitation(self.wizard_id.welcome_message)
        return True
