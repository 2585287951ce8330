"""All alternative addresses of a contact in one text: the columns of an export and of an import."""

from odoo import api, fields, models
from odoo.fields import Command

from ..matching.address_list import split_emails, split_phones
from .res_partner import ADDRESS_MODELS


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

    @api.depends("alternative_phone_ids.phone", "alternative_phone_ids.sequence")
    def _compute_alternative_phones(self):
        for contact in self:
            contact.alternative_phones = ",".join(
                # What would not survive being split again is written in international format.
                line.phone if split_phones(line.phone) == [line.phone] else line.phone_sanitized
                for line in contact.alternative_phone_ids
            )

    def _inverse_alternative_emails(self):
        for contact in self:
            contact._set_alternatives("res.partner.email", split_emails(contact.alternative_emails or ""))

    def _inverse_alternative_phones(self):
        for contact in self:
            contact._set_alternatives("res.partner.phone", split_phones(contact.alternative_phones or ""))

    def _set_alternatives(self, model, addresses):
        """Make these the contact's alternatives; those that stay keep their label and their place."""
        lines_field, normalized_field, _primary_field = ADDRESS_MODELS[model]
        wanted = {self._normalize_address(model, address) or address: address for address in addresses}
        wanted.pop(self[normalized_field], None)
        lines = self[lines_field]
        kept = set(lines.mapped(normalized_field)) & wanted.keys()
        self[lines_field] = [
            *(Command.delete(line.id) for line in lines if line[normalized_field] not in kept),
            *(
                Command.create({self.env[model]._raw_field: address})
                for normalized, address in wanted.items()
                if normalized not in kept
            ),
        ]
