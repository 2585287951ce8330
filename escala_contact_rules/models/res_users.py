"""Users entered by hand: a user is a contact too, and one person is one contact."""

from odoo import api, models
from odoo.tools import email_normalize

from .res_partner import EMAIL


class ResUsers(models.Model):
    """Odoo makes a contact of each new user, and offers no way to choose one. Here the contact that has the e-mail
    becomes the user's. The key `takes_known_contacts` of the context says that users are entered by hand; they may be
    imported, too.
    """

    _inherit = "res.users"

    def web_save(self, vals, specification, next_id=None):
        """Override: as for contacts, an address that another contact has is refused."""
        contacts = self.partner_id if self else self._find_contact_to_take(vals)
        before = contacts._get_addresses_of_family()
        users = self if self else self.with_context(takes_known_contacts=True)
        result = super(ResUsers, users).web_save(vals, specification, next_id=next_id)
        (self or self.browse(result[0]["id"])).partner_id._check_family_not_of_others(before)
        return result

    @api.model
    def web_create_users(self, emails):
        """Override: users invited in the settings are entered by hand."""
        users = self.with_context(takes_known_contacts=True)
        return super(ResUsers, users).web_create_users(emails)

    @api.model_create_multi
    def create(self, vals_list):
        """Override: see the class. The e-mail that was typed is added to those of the contact."""
        if not (self.env.context.get("takes_known_contacts") or self.env.context.get("import_file")):
            return super().create(vals_list)
        users = self.browse()
        for vals in vals_list:
            creating, entered = self.with_context(takes_known_contacts=False), vals
            if contact := self._find_contact_to_take(vals):
                creating = creating.with_context(registration="form")
                entered = {**vals, "partner_id": contact.id}
                if email_normalize(entered.get("name") or ""):
                    del entered["name"]  # Odoo calls by the e-mail whom it has no name of.
            users |= super(ResUsers, creating).create([entered]).with_env(self.env)
        return users

    @api.model
    def _find_contact_to_take(self, vals):
        """Return the contact that has the e-mail of a new user, if it is nobody's yet and more than a form said so."""
        contacts = self.env["res.partner"]
        email = email_normalize(vals.get("email") or vals.get("login") or "")
        if vals.get("partner_id") or not email or not contacts._refuses_duplicates(EMAIL):
            return contacts
        contacts = contacts._find_all_by_normalized([email], (), self.env.company).emails.get(email, contacts)
        # sudo: users of other companies, too, are users
        candidates = (
            contacts.sudo()
            .with_context(active_test=False)
            .filtered(
                lambda contact: (
                    not contact.user_ids
                    and not contact.is_company
                    and contact._is_contact_of_its_own()
                    and contact._is_confirmed_email(email)
                )
            )
        )
        return candidates[:1].with_env(self.env)
