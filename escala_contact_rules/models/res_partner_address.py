"""What an alternative e-mail address and an alternative phone number have in common."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


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

    partner_id = fields.Many2one(
        "res.partner", string="Contact", required=True, index=True, ondelete="cascade"
    )
    label = fields.Selection(
        [("work", "Work"), ("home", "Home"), ("other", "Other")], default="work", required=True
    )
    sequence = fields.Integer(default=10)

    def _check_address(self):
        """Refuse what cannot be normalised, and what the contact already has."""
        for line in self:
            if not line[self._normalized_field]:
                raise ValidationError(line._not_normalized_message())
        # sudo: a duplicate is one, whether or not the user may see the other line
        contacts = self.sudo().partner_id
        contacts._lock_contacts()
        contacts._check_distinct_addresses(self._name)

    @api.model
    def _not_normalized_message(self):
        """Say which value cannot be used and what a usable one looks like."""
        raise NotImplementedError
