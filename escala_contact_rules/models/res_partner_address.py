"""What an alternative e-mail address and an alternative phone number have in common."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from .res_partner import ADDRESS_MODELS


class ResPartnerAddressMixin(models.AbstractModel):
    """An alternative address of a contact: what was typed, and what it is found by.

    A concrete model names its two fields: the raw value and the normalised one. No UNIQUE constraint
    guards against duplicates: when two contacts are merged, Odoo would delete all the lines of one of
    them on the first conflict. `res.partner._check_distinct_addresses` guards instead, on a contact that
    `res.partner._lock_contacts` has locked.
    """

    _name = "res.partner.address.mixin"
    _inherit = ["contact.access.mixin"]
    _description = "Alternative Address of a Contact"
    _order = "sequence, id"
    _raw_field = ""
    _normalized_field = ""
    # Odoo's model of addresses that mass mailings leave out, and its field with the normalised address.
    _blacklist = ("", "")

    partner_id = fields.Many2one(
        "res.partner", string="Contact", required=True, index=True, ondelete="cascade"
    )
    label = fields.Selection(
        [("work", "Work"), ("home", "Home"), ("other", "Other")], default="work", required=True
    )
    sequence = fields.Integer(default=10)
    is_blacklisted = fields.Boolean(
        string="Blacklisted",
        compute="_compute_is_blacklisted",
        compute_sudo=True,
        help="Mass mailings leave this address out.",
    )

    @api.depends(lambda self: [self._normalized_field] if self._normalized_field else [])
    def _compute_is_blacklisted(self):
        model, address_field = self._blacklist
        entries = self.env[model].search([(address_field, "in", self.mapped(self._normalized_field))])
        blacklisted = set(entries.mapped(address_field))
        for line in self:
            line.is_blacklisted = line[self._normalized_field] in blacklisted

    def _check_address(self):
        """Refuse what cannot be normalised, what the contact already has, and by hand what another one has."""
        for line in self:
            if not line[self._normalized_field]:
                raise ValidationError(line._not_normalized_message())
        # sudo: a duplicate is one, whether or not the user may see the other line
        contacts = self.sudo().partner_id
        contacts._lock_contacts()
        contacts._check_distinct_addresses(self._name)
        if self.env.context.get("registration") == "manual":
            contacts._check_not_of_others(self._name, self.mapped(self._normalized_field))

    @api.model
    def _not_normalized_message(self):
        """Say which value cannot be used and what a usable one looks like."""
        raise NotImplementedError

    def action_make_primary(self):
        """Make this address the contact's primary one; the one that gives way takes its place here."""
        self.ensure_one()
        primary_field = ADDRESS_MODELS[self._name].primary
        contact, address = self.partner_id, self[self._raw_field]
        previous = contact[primary_field]
        if previous and contact._normalize_address(self._name, previous):
            line = Command.update(self.id, {self._raw_field: previous, "label": "other"})
        else:
            line = Command.delete(self.id)
            contact._log_left_out([previous] if previous else [])
        contact.write({primary_field: address, ADDRESS_MODELS[self._name].lines: [line]})
        return True
