"""Writing a contact loses no address: it is added, kept or moved, as the case may be."""

from odoo import models
from odoo.tools import email_normalize

from ..matching.address_book import Place
from .res_partner import ADDRESS_MODELS, EMAIL, PHONE

KEEP_FLAGS = {EMAIL: "keep_previous_email", PHONE: "keep_previous_phone"}


class ResPartner(models.Model):
    """Addresses of contacts as they are written.

    The key `registration` of the context says where a contact's data comes from. With "manual" an address
    that another contact has is refused (`res_partner_duplicates`). With anything else ("form", "import", …)
    writing an e-mail or a phone adds it, and never overwrites or removes one; and a number stays the same number
    when the country changes, as it does in all that `_register_contacts` writes (the key `keeps_phones`).
    """

    _inherit = "res.partner"

    def write(self, vals):
        """Override: see the class."""
        vals = dict(vals)
        kept = {
            model: self._get_replaced(model, vals)
            for model, flag in KEEP_FLAGS.items()
            if vals.pop(flag, False)
        }
        added = self._pop_primaries(vals) if self._adds_addresses() else {}
        self._keep_phones_abroad(vals)
        for model in ADDRESS_MODELS:
            self._free_address_for_primary(model, vals)
        result = super().write(vals)
        for model, address in added.items():
            self._add_addresses(model, [address])
        for model, addresses in kept.items():
            for contact, address in addresses:
                # Kept, not entered: that another contact has it too is nothing new.
                contact.with_context(registration=None)._add_addresses(model, [address], label="other")
        return result

    def _update_address(self, vals):
        """Override: here Odoo writes the street and the country of people and their company alike, not by `write`."""
        self._keep_phones_abroad(vals)
        return super()._update_address(vals)

    def _adds_addresses(self):
        return self.env.context.get("registration") not in (None, False, "manual")

    def _get_replaced(self, model, vals):
        """Return each contact with the primary address that it is about to lose."""
        primary_field = ADDRESS_MODELS[model].primary
        if primary_field not in vals:
            return []
        return [(contact, contact[primary_field]) for contact in self if contact[primary_field]]

    def _pop_primaries(self, vals):
        """Take the primary addresses out of the values to write."""
        primaries = {
            model: vals.pop(names.primary) for model, names in ADDRESS_MODELS.items() if names.primary in vals
        }
        return {model: address for model, address in primaries.items() if address}

    def _keep_phones_abroad(self, vals):
        """Write out a number without its country prefix that would be another one in the country to be written."""
        if "country_id" not in vals or not (self._adds_addresses() or self.env.context.get("keeps_phones")):
            return
        country = self.env["res.country"].browse(vals["country_id"]) or self.env.company.country_id
        # Whose country is changed on a form sees what becomes of the phone.
        for contact in self - self.browse(self.env.context.get("contacts_on_form", ())):
            number = contact.phone_sanitized
            if number and contact._phone_format(number=contact.phone, country=country) != number:
                written_out = contact._phone_format(number=number, force_format="INTERNATIONAL")
                contact.with_context(registration=None).write({"phone": written_out or number})

    def _free_address_for_primary(self, model, vals):
        """An alternative that becomes the primary is no alternative any more."""
        names = ADDRESS_MODELS[model]
        if not vals.get(names.primary) or names.lines in vals:
            return
        normalized = self[:1]._normalize_address(model, vals[names.primary])
        if normalized:
            # Read, not searched for: those of all contacts of a batch come with one query.
            # sudo: who may write the primary address, such as a portal user their own, need not see the others
            lines = self.sudo()[names.lines]
            lines.filtered(lambda line: line[names.normalized] == normalized).unlink()

    def _normalize_address(self, model, address):
        """Return the address as contacts are found by it; a phone is read in this contact's country."""
        if model == EMAIL:
            return email_normalize(address)
        return self._phone_format(number=address)

    def _add_addresses(self, model, addresses, label="work"):
        """Give each of these contacts these addresses: as primary if it has none, else as an alternative.

        What finds no room, and an e-mail of another contact, is written to the contact's chatter instead.

        :param str model: "res.partner.email" or "res.partner.phone"
        :param list addresses: as they were typed
        :param str label: of the alternatives
        """
        primary_field = ADDRESS_MODELS[model].primary
        raw_field = self.env[model]._raw_field
        books = self._get_address_books(model)
        owners = {}
        if self._adds_addresses():
            wanted = {self[:1]._normalize_address(model, address) for address in addresses} - {False}
            self.env["contact.address.claim"]._claim(wanted)
            owners = self._find_all_by_normalized(wanted if model == EMAIL else (), ()).emails
        lines = []
        for contact in self:
            book, left_out = books[contact.id], []
            for address in addresses:
                normalized = contact._normalize_address(model, address)
                if not book.primary:
                    book.add(normalized or address)
                    contact.with_context(registration=None).write({primary_field: address})
                elif (normalized or address) in book:
                    continue
                elif not normalized or contact not in owners.get(normalized, contact):
                    left_out.append(address)
                elif (place := book.add(normalized)) is Place.ALTERNATIVE:
                    lines.append({"partner_id": contact.id, raw_field: address, "label": label})
                elif place is Place.LEFT_OUT:
                    left_out.append(address)
            contact._log_left_out(left_out)
        self.env[model].create(lines)

    def _can_take_address(self, model, normalized):
        """Tell whether this contact has the address already, or would be given it by `_add_addresses`.

        :param str model: "res.partner.email" or "res.partner.phone"
        :param str normalized: as contacts are found by it
        """
        book = self._get_address_books(model)[self.id]
        if not book.primary or normalized in book:
            return True
        is_free = model != EMAIL or not self._find_all_by_normalized([normalized], ()).emails
        return is_free and book.add(normalized) is not Place.LEFT_OUT

    def _log_left_out(self, addresses):
        if addresses:
            self._message_log(
                body=self.env._(
                    "Not added, for want of room, as another contact has it, or as it is no address: %s",
                    ", ".join(addresses),
                )
            )
