"""The alternative phone numbers of a contact."""

from odoo import api, fields, models

from .trigram import trigram_index


class ResPartnerPhone(models.Model):
    """An alternative phone number.

    The normalised number is made when the number is entered, with the country the contact has then. It
    does not follow a later change of the contact's country: the number that rings stays the same.
    """

    _name = "res.partner.phone"
    _inherit = ["res.partner.address.mixin"]
    _description = "Alternative Phone Number"
    _rec_name = "phone"
    _raw_field = "phone"
    _normalized_field = "phone_sanitized"
    _blacklist = ("phone.blacklist", "number")

    phone = fields.Char(required=True)
    phone_sanitized = fields.Char(
        string="Sanitized Number",
        compute="_compute_phone_sanitized",
        store=True,
        help="The number in international format (E.164): what the contact is found by.",
    )

    _phone_sanitized_trigram_idx = models.Index(trigram_index("phone_sanitized"))
    _phone_sanitized_idx = models.Index("(phone_sanitized) WHERE phone_sanitized IS NOT NULL")

    @api.constrains("phone", "partner_id")
    def _check_phone(self):
        self._check_address()

    @api.depends("phone", "partner_id")
    def _compute_phone_sanitized(self):
        for line in self:
            line.phone_sanitized = line._phone_format(number=line.phone)

    @api.onchange("phone")
    def _onchange_phone(self):
        self.phone = self._phone_format(number=self.phone, force_format="INTERNATIONAL") or self.phone

    def _phone_get_country(self):
        """Override: the contact's country, else that of the company the contact belongs to."""
        contacts = {line.id: line.partner_id for line in self}
        return {
            line_id: country
            for line_id, contact in contacts.items()
            if (country := contact.country_id or contact.company_id.country_id)
        }

    def _not_normalized_message(self):
        country = self._phone_get_country().get(self.id) or self.env.company.country_id
        if not country:
            return self.env._(
                "“%(phone)s” cannot be used as a phone number. Write it with its country prefix, such as "
                "+34 600 12 34 56, or enter the contact's country first.",
                phone=self.phone,
            )
        return self.env._(
            "“%(phone)s” is not a phone number in %(country)s. Correct it, or write it with its country "
            "prefix, such as +34 600 12 34 56.",
            phone=self.phone,
            country=country.name,
        )
