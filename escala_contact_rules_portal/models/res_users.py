"""Users whose login is an alternative address of their contact."""

from odoo import api, models
from odoo.tools import email_normalize

from odoo.addons.escala_contact_rules.models.res_partner import EMAIL


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model
    def signup(self, values, token=None):
        """Override: with a token, the address is added to the contact's; a deleted contact is restored.

        Only whoever has got the link proves to read the contact's mail, so it stays in the bin until then.
        """
        users = self
        if token:
            contact = self.env["res.partner"]._signup_retrieve_partner(
                token, check_validity=True, raise_exception=True
            )
            if contact.deletion_date:
                contact._restore()
            users = self.with_context(registration="form")
        return super(ResUsers, users).signup(values, token=token)

    def _action_reset_password(self, signup_type="reset"):
        """Override: the link goes to the address that the user signs in with, if it is the contact's own."""
        elsewhere = self.filtered(lambda user: user._signs_in_with_alternative())
        if not elsewhere:
            return super()._action_reset_password(signup_type=signup_type)
        if others := self - elsewhere:
            super(ResUsers, others)._action_reset_password(signup_type=signup_type)
        for user in elsewhere:
            redirected = user.with_context(sign_in_address=(user.partner_id.id, email_normalize(user.login)))
            result = super(ResUsers, redirected)._action_reset_password(signup_type=signup_type)
        return result

    def _signs_in_with_alternative(self):
        login, contact = email_normalize(self.login), self.partner_id
        return bool(
            login
            and contact.email_normalized
            and login != contact.email_normalized
            and contact._has_address(EMAIL, login)
        )
