"""Granting access to the portal under an address of the contact's that need not be its primary one."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from odoo.addons.escala_contact_rules.models.res_partner import EMAIL


class PortalWizardUser(models.TransientModel):
    _inherit = "portal.wizard.user"

    def _assert_user_email_uniqueness(self):
        """Override: who is granted access, or invited again, can be given the address."""
        result = super()._assert_user_email_uniqueness()
        address = email_normalize(self.email)
        if not self.partner_id._can_take_address(EMAIL, address):
            raise UserError(
                self.env._(
                    "%(address)s cannot be added to %(contact)s: another contact has it, or there are ten other "
                    "e-mail addresses already. Choose one that %(contact)s has.",
                    contact=self.partner_id.display_name,
                    address=address,
                )
            )
        return result

    def _update_partner_email(self):
        """Override: the address is added to the contact's."""
        return super(PortalWizardUser, self.with_context(registration="form"))._update_partner_email()

    def _create_user(self):
        """Override: creating a user of a contact writes its e-mail (`_inherits`); that adds it too."""
        user = super(PortalWizardUser, self.with_context(registration="form"))._create_user()
        return user.with_env(self.env)

    def _send_email(self):
        """Override: the invitation goes to the address that was typed."""
        redirection = (self.partner_id.id, email_normalize(self.email))
        return super(PortalWizardUser, self.with_context(sign_in_address=redirection))._send_email()
