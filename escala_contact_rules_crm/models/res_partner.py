"""All addresses of a contact, for comparing them with those of leads."""

from odoo import models

from .crm_lead import EMAIL, PHONE


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _has_alternative_addresses(self):
        books = [self._get_address_books(model)[self.id] for model in (EMAIL, PHONE)]
        return any(book.alternatives for book in books)

    def _get_all_addresses(self, model):
        """Return the addresses of this contact, normalised, the primary first.

        :param str model: "res.partner.email" or "res.partner.phone"
        """
        book = self._get_address_books(model)[self.id]
        return [address for address in (book.primary, *book.alternatives) if address]
