"""All addresses of a contact, for comparing them with those of leads."""

from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _has_alternative_addresses(self):
        # sudo: leads are compared by whoever may see the contact
        contact = self.sudo()
        return bool(contact.alternative_email_count or contact.alternative_phone_count)

    def _get_all_addresses(self, model):
        """Return the addresses of this contact, normalised, the primary first.

        :param str model: "res.partner.email" or "res.partner.phone"
        """
        book = self._get_address_books(model)[self.id]
        return [address for address in (book.primary, *book.alternatives) if address]
