"""All alternative addresses of a contact in one text: the columns of an export and of an import."""

from odoo import api, fields, models
from odoo.fields import Command

from ..matching.address_list import split_emails, split_phones
from .res_partner import ADDRESS_MODELS, EMAIL, PHONE


class ResPartner(models.Model):
    _inherit = "res.partner"

    alternative_emails = fields.Char(
        string="Other E-mails",
        compute="_compute_alternative_emails",
        inverse="_inverse_alternative_emails",
        groups="base.group_user",
        help="All other e-mail addresses, separated by commas.",
    )
    alternative_phones = fields.Char(
        string="Other Phones",
        compute="_compute_alternative_phones",
        inverse="_inverse_alternative_phones",
        groups="base.group_user",
        help="All other phone numbers, separated by commas.",
    )

    @api.depends("alternative_email_ids.email_normalized", "alternative_email_ids.sequence")
    def _compute_alternative_emails(self):
        for contact in self:
            contact.alternative_emails = ",".join(contact.alternative_email_ids.mapped("email_normalized"))

    @api.depends("alternative_phone_ids.phone_sanitized", "alternative_phone_ids.sequence")
    def _compute_alternative_phones(self):
        for contact in self:
            # In international format: who reads the column again need not know the contact's country.
            contact.alternative_phones = ",".join(contact.alternative_phone_ids.mapped("phone_sanitized"))

    def _inverse_alternative_emails(self):
        for contact in self:
            contact._set_alternatives(EMAIL, split_emails(contact.alternative_emails or ""))

    def _inverse_alternative_phones(self):
        for contact in self:
            contact._set_alternatives(PHONE, split_phones(contact.alternative_phones or ""))

    def _set_alternatives(self, model, addresses):
        """Make these the contact's alternatives; those that stay keep their label and their place."""
        if self._adds_addresses():
            self._add_addresses(model, addresses)
            return
        names = ADDRESS_MODELS[model]
        wanted = {self._normalize_address(model, address) or address: address for address in addresses}
        wanted.pop(self[names.normalized], None)
        lines = self[names.lines]
        kept = set(lines.mapped(names.normalized)) & wanted.keys()
        self[names.lines] = [
            *(Command.delete(line.id) for line in lines if line[names.normalized] not in kept),
            *(
                Command.create({self.env[model]._raw_field: address})
                for normalized, address in wanted.items()
                if normalized not in kept
            ),
        ]
