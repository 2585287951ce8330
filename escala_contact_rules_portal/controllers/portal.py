"""The address form of the portal, and of what builds on it, such as a web shop's checkout."""

from odoo.http import request

from odoo.addons.escala_contact_rules.models.res_partner import EMAIL, PHONE
from odoo.addons.portal.controllers.portal import CustomerPortal


class ContactRulesPortal(CustomerPortal):
    def _create_or_update_address(self, partner_sudo, *args, **kwargs):
        """Override: an e-mail or phone that differs is added to the contact's."""
        if not partner_sudo:
            return super()._create_or_update_address(partner_sudo, *args, **kwargs)
        had_phone = partner_sudo.phone
        adding = partner_sudo.with_context(registration="form")
        _adding, feedback = super()._create_or_update_address(adding, *args, **kwargs)
        if partner_sudo.phone and not had_phone:
            # Odoo's controller formats the number it writes, which here would be one more to add.
            partner_sudo._onchange_phone_validation()
        return partner_sudo, feedback

    def _validate_address_values(self, address_values, partner_sudo, *args, **kwargs):
        """Override: say what cannot be added."""
        invalid, missing, messages = super()._validate_address_values(
            address_values, partner_sudo, *args, **kwargs
        )
        if partner_sudo:
            for model, field in ((EMAIL, "email"), (PHONE, "phone")):
                if field not in invalid and (
                    message := self._get_address_refusal(model, field, address_values, partner_sudo)
                ):
                    invalid.add(field)
                    messages.append(message)
        return invalid, missing, messages

    def _get_address_refusal(self, model, field, address_values, partner_sudo):
        """Return why the address cannot be added to this contact's, or None.

        Odoo takes any text for a phone number. One that is none is noted on the contact, for whoever reads it.
        """
        address = address_values.get(field)
        if not address or not partner_sudo[field] or address == partner_sudo[field]:
            return None
        normalized = self._normalize_address(model, address, address_values, partner_sudo)
        if normalized and not partner_sudo._can_take_address(model, normalized):
            # Whose it is, if it is somebody else's, is nobody's business.
            return request.env._(
                "“%s” cannot be added to yours. You may have ten other ones already: ask us to remove one that you "
                "no longer use.",
                address,
            )
        return None

    def _normalize_address(self, model, address, address_values, partner_sudo):
        """Return the address as it will be once the contact is in the country of the form."""
        if model == EMAIL or not address_values.get("country_id"):
            return partner_sudo._normalize_address(model, address)
        # sudo: a country's phone prefix is no secret
        country = request.env["res.country"].sudo().browse(address_values["country_id"])
        return partner_sudo._phone_format(number=address, country=country)
