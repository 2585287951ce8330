"""Clients who delete their login in the portal: the firm's contact stays, with what else it logs in with."""

from odoo import api, models
from odoo.exceptions import UserError

# The key of the context under which a login is deleted by whoever has it.
LEAVING = "escala_client_leaves"


class ResUsers(models.Model):
    _inherit = "res.users"

    def _deactivate_portal_user(self, **post):
        """Override: see the module. Odoo archives the contact, says so there, and deletes it by and by."""
        logins = self._get_portal_logins()
        result = super(ResUsers, self.with_context(**{LEAVING: True}))._deactivate_portal_user(**post)
        # Odoo deletes the users within a day: whoever is let in again gets others.
        logins.exists().unlink()
        for contact in self.partner_id._filter_on_accounts():
            contact._message_log(
                body=self.env._(
                    "The contact was not archived: it is on client accounts. Only the login is gone."
                )
            )
        return result


class ResUsersDeletion(models.Model):
    _inherit = "res.users.deletion"

    @api.model
    def _gc_portal_users(self, batch_size=50):
        """Override: delete the users without the contacts that are on accounts; Odoo goes on if one is refused."""
        return super(ResUsersDeletion, self.with_context(**{LEAVING: True}))._gc_portal_users(batch_size)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_archive(self):
        """Override: see the module."""
        kept = self._filter_on_accounts() if LEAVING in self.env.context else self.browse()
        return super(ResPartner, self - kept).action_archive()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_left_login(self):
        if LEAVING in self.env.context and self._filter_on_accounts():
            raise UserError(self.env._("The contact stays when a client deletes its login."))

    def _filter_on_accounts(self):
        """Return those of these contacts that are on client accounts."""
        # sudo: whoever leaves, and whoever may see the accounts
        rows = self.env["escala.account.contact"].sudo()
        return self & rows.search([("contact_id", "in", self.ids)]).contact_id
