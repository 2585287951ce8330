"""Which e-mail addresses of a contact are only what somebody typed into a form."""

from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    unconfirmed_emails = fields.Char(
        string="Unconfirmed E-mails",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="E-mail addresses that a form or a message gave to this contact when it existed already, separated "
        "by commas. That they are this contact's is only what somebody said.",
    )

    def _is_confirmed_email(self, email):
        """Tell whether an address of this contact is more than what somebody typed into a form.

        :param str email: normalised
        """
        return email not in self._get_unconfirmed_emails()

    def _get_unconfirmed_emails(self):
        # sudo: asked on behalf of visitors, who may not see it
        return list(filter(None, (self.sudo().unconfirmed_emails or "").split(",")))

    def _add_unconfirmed_emails(self, emails):
        """Remember that nobody answers for these normalised addresses."""
        # sudo: who registers a contact need not be able to read it
        self.sudo().unconfirmed_emails = ",".join(dict.fromkeys([*self._get_unconfirmed_emails(), *emails]))

    def _share_unconfirmed_emails(self):
        """Have what is unconfirmed of one of these contacts, about to become one, be unconfirmed of all."""
        emails = [email for contact in self for email in contact._get_unconfirmed_emails()]
        if emails:
            for contact in self:
                contact._add_unconfirmed_emails(emails)
