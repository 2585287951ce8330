"""Inviting an address to choose its password."""

from odoo import fields, models


class EscalaPortalLogin(models.Model):
    _inherit = "escala.portal.login"

    def _send_invitation(self, message=None):
        """Note that these addresses are invited.

        :param message: a text of the sender's own for the invitation
        """
        # sudo: who may edit the account may invite its contacts; logins are written by nobody
        self.sudo().invited_on = fields.Datetime.now()
