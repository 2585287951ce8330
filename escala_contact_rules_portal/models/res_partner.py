"""What the portal asks a contact's addresses."""

from werkzeug.urls import url_encode

from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _has_address(self, model, normalized):
        """Tell whether this contact has the address, primary or alternative.

        :param str model: "res.partner.email" or "res.partner.phone"
        """
        return normalized in self._get_address_books(model)[self.id]

    def _send_signup_link(self, address):
        """Invite this contact, who has no user, to sign up with this address, one of its own.

        The mail hangs on no document: who reads the contact's messages must not read the link.
        """
        self.signup_prepare()
        url = f"{self._get_signup_url()}&{url_encode({'login': address})}"
        template = self.env.ref("escala_contact_rules_portal.mail_template_signup_link")
        template.with_context(signup_url=url).send_mail(
            self.id,
            force_send=True,
            email_values={
                "email_to": address,
                "email_cc": False,
                "recipient_ids": [],
                "model": False,
                "res_id": False,
                "message_type": "user_notification",
            },
        )
