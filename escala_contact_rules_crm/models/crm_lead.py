"""The addresses of a lead and of its customer: what is written on the lead is added to the customer."""

from odoo import api, models
from odoo.tools import email_normalize_all, email_split

from odoo.addons.escala_contact_rules.models.res_partner import EMAIL, PHONE
from odoo.addons.escala_contact_rules.remote_call import is_remote_call


class CrmLead(models.Model):
    """Odoo keeps one e-mail and one phone of lead and customer alike, both ways (crm/models/crm_lead.py,
    `_compute_email_from` and `_inverse_email_from`). Here a lead may have any address of its customer, and an
    address that the customer has not is added to the customer's.
    """

    _inherit = "crm.lead"

    @api.depends("partner_id.alternative_email_ids.email_normalized")
    def _compute_partner_email_update(self):
        """Override: the form warns, and saves the address again, only where it can be added."""
        result = super()._compute_partner_email_update()
        for lead in self.filtered("partner_email_update"):
            lead.partner_email_update = lead._can_be_added_to_customer(EMAIL)
        return result

    @api.depends("partner_id.alternative_phone_ids.phone_sanitized")
    def _compute_partner_phone_update(self):
        """Override: as for the e-mail."""
        result = super()._compute_partner_phone_update()
        for lead in self.filtered("partner_phone_update"):
            lead.partner_phone_update = lead._can_be_added_to_customer(PHONE)
        return result

    def _inverse_email_from(self):
        """Override: add each address, without the name that may stand before it."""
        # Not by merging leads: what another one has may be of a form
        is_typed = is_remote_call(self._name, "web_save") and self.env.user._is_internal()
        for lead in self:
            if lead._get_partner_email_update(force_void=False):
                lead._add_email_to(lead.partner_id, is_confirmed=is_typed)

    def _inverse_phone(self):
        """Override: add the number as it was typed if it is read in the customer's country as in the lead's."""
        for lead in self:
            if lead._get_partner_phone_update(force_void=False):
                number, customer = lead.phone, lead.partner_id
                if customer._phone_format(number=number) != lead._phone_format(fname="phone"):
                    number = lead._phone_format(fname="phone", force_format="INTERNATIONAL") or number
                customer.with_context(registration="form").phone = number

    def _get_partner_email_update(self, force_void=True):
        """Override: an address of the customer's own, alternative or not, is in step with the customer."""
        return super()._get_partner_email_update(force_void=force_void) and not self._is_of_customer(EMAIL)

    def _get_partner_phone_update(self, force_void=True):
        """Override: as for the e-mail."""
        return super()._get_partner_phone_update(force_void=force_void) and not self._is_of_customer(PHONE)

    # ------------------------------------------------------------
    # ADDRESSES
    # ------------------------------------------------------------

    def _add_email_to(self, contact, is_confirmed=False):
        """Add what stands as e-mail on this lead to the contact's.

        Unless a colleague confirms it, nobody signs up as the contact with it: it may come from a form or a mail.
        """
        known = contact._get_all_addresses(EMAIL)
        for address in email_split(self.email_from) or [self.email_from]:
            contact.with_context(registration="form").email = address
        added = [email for email in contact._get_all_addresses(EMAIL) if email not in known]
        if added and not is_confirmed:
            contact._add_unconfirmed_emails(added)

    def _is_of_customer(self, model):
        """Tell whether every address of this lead, at least one, is one of its customer's.

        :param str model: "res.partner.email" or "res.partner.phone"
        """
        addresses, book = self._get_normalized_addresses(model), self._get_customer_book(model)
        return bool(addresses) and all(address in book for address in addresses)

    def _can_be_added_to_customer(self, model):
        """Tell whether the customer can be given an address of this lead.

        What is not an address becomes the customer's at most where there is none yet.
        """
        addresses, book = self._get_normalized_addresses(model), self._get_customer_book(model)
        if not addresses:
            return not book.primary
        return any(
            address not in book and self.partner_id._can_take_address(model, address) for address in addresses
        )

    def _get_normalized_addresses(self, model):
        if model == EMAIL:
            return email_normalize_all(self.email_from or "")
        number = self._phone_format(fname="phone")
        return [number] if number else []

    def _get_customer_book(self, model):
        return self.partner_id._get_address_books(model)[self.partner_id.id]
