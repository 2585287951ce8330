"""Invitations to fill in a form, and reminders of them."""

from odoo import models


class SurveyInvite(models.TransientModel):
    _inherit = "survey.invite"

    def _send_mail(self, answer):
        """Override: Odoo's e-mail names no document (survey/wizard/survey_invite.py), so it is sorted here."""
        mail = super()._send_mail(answer)
        mail._address_to_clients_of(answer)
        return mail
