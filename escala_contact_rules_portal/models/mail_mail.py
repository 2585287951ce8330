"""The address that a mail about signing in goes to."""

from odoo import api, models
from odoo.fields import Command
from odoo.tools import email_normalize


class MailMail(models.Model):
    """Odoo sends invitations and links for a new password to the user's contact or to its primary address: the
    templates say so, and `res.users._action_reset_password` (auth_signup/models/res_users.py), with no hook in
    between. The key `sign_in_address` of the context names the id of a contact and where its mail goes instead.
    """

    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: see the class."""
        if redirection := self.env.context.get("sign_in_address"):
            contact_id, address = redirection
            # sudo: mail is created for people whom the sender may not see
            contact = self.env["res.partner"].sudo().browse(contact_id)
            vals_list = [self._redirect(vals, contact, address) for vals in vals_list]
        return super().create(vals_list)

    @api.model
    def _redirect(self, vals, contact, address):
        recipients = vals.get("recipient_ids") or []
        others = [command for command in recipients if tuple(command[:2]) != (Command.LINK, contact.id)]
        typed = email_normalize(vals.get("email_to") or "", strict=False)
        if len(others) < len(recipients) or (typed and typed == contact.email_normalized):
            return {**vals, "email_to": address, "recipient_ids": others}
        return vals
