"""Somebody signs up freely with an address that a contact has already."""

import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

_logger = logging.getLogger(__name__)


class ResUsers(models.Model):
    """Odoo makes a second contact. To link whoever types an address to its contact would give that contact's
    documents away. So a link is sent to the address: who can read the mail there is the contact.
    """

    _inherit = "res.users"

    @api.model
    def _send_link_to_known_contact(self, address):
        """Send a link to the contact that has this address, if there is one, and tell whether there is.

        A contact without a user is invited. One with a user gets a link for a new password, at the address
        that it signs in with. One whose access was revoked gets nothing.

        :param str address: as it was typed
        """
        contact, user = self._find_known_contact(address)
        if not contact:
            return False
        users = contact.with_context(active_test=False).user_ids
        active = users.filtered("active")
        if active:
            try:
                (user & active or active[0]).action_reset_password()
            except UserError:
                # What the visitor reads is the same whatever becomes of the mail.
                _logger.warning("No link could be sent to user %s", active.ids, exc_info=True)
        elif not users:
            contact._send_signup_link(email_normalize(address))
        return True

    @api.model
    def _find_known_contact(self, address):
        """Return the contact that has the address, and the user that has it as login.

        Of several contacts the one of that user, else the oldest that is not in the bin. An invoice or delivery
        address is nobody who signs in, and an address that a form has added proves nothing.
        """
        # sudo: the visitor may see neither; all that is told is that the address is known
        user = self.sudo().with_context(active_test=False)
        user = user.search(self._get_login_domain(address), order=self._get_login_order(), limit=1)
        contacts = self.env["res.partner"].sudo()
        found = contacts._find_all_by_addresses([address], company=self.env.company, with_deleted=True).emails
        for contact in found.values():
            contacts |= contact
        contacts = contacts.filtered(
            lambda contact: (
                (contact.active or contact.was_active)
                and contact._is_contact_of_its_own()
                and contact._is_confirmed_email(email_normalize(address))
            )
        ).sorted(lambda contact: (contact != user.partner_id, bool(contact.deletion_date), contact.id))
        return contacts[:1], user
