"""A contact with many addresses of each kind, and what keeps them whole when they are written."""

from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.sql import column_exists

from ..matching.address_book import LIMIT, AddressBook

EMAIL, PHONE = "res.partner.email", "res.partner.phone"


class AddressFields(NamedTuple):
    """The fields of a contact with its addresses of one kind: names, but for the normalised one also of the lines."""

    primary: str
    normalized: str
    lines: str
    text: str


ADDRESS_MODELS = {
    EMAIL: AddressFields("email", "email_normalized", "alternative_email_ids", "alternative_emails"),
    PHONE: AddressFields("phone", "phone_sanitized", "alternative_phone_ids", "alternative_phones"),
}


class ResPartner(models.Model):
    """A contact: one primary e-mail and phone (Odoo's own fields) and up to ten alternatives of each.

    The limit holds in the database. The number of alternatives is stored on the contact under a CHECK
    and is written in the transaction that adds a line. Two transactions that add one at once both write
    the contact's row, so the second one to do so fails with a serialization error (Odoo's cursors are
    REPEATABLE READ), is retried by Odoo, and then counts the line of the first.

    What happens to addresses when a contact is written stands in `res_partner_addresses`; the lookup, the
    search, the refusal of duplicates, the registration, the import and the bin have files of their own.
    """

    _inherit = "res.partner"

    alternative_email_ids = fields.One2many(
        EMAIL,
        "partner_id",
        string="Other E-mail Addresses",
        groups="base.group_user",
        help="Further e-mail addresses of this contact. Mail from or to any of them belongs to it.",
    )
    alternative_phone_ids = fields.One2many(
        PHONE,
        "partner_id",
        string="Other Phone Numbers",
        groups="base.group_user",
        help="Further phone numbers of this contact.",
    )
    alternative_email_count = fields.Integer(
        string="Number of Other E-mails",
        compute="_compute_alternative_email_count",
        store=True,
        groups="base.group_user",
    )
    alternative_phone_count = fields.Integer(
        string="Number of Other Phones",
        compute="_compute_alternative_phone_count",
        store=True,
        groups="base.group_user",
    )
    previous_email = fields.Char(
        compute="_compute_previous_email",
        exportable=False,
        groups="base.group_user",
        help="The main e-mail address as it was before it was changed on the form.",
    )
    keep_previous_email = fields.Boolean(
        compute="_compute_previous_email",
        readonly=False,
        exportable=False,
        groups="base.group_user",
        help="Keep the address that is no longer the main one among the other ones.",
    )
    previous_phone = fields.Char(
        compute="_compute_previous_phone",
        exportable=False,
        groups="base.group_user",
        help="The main phone number as it was before it was changed on the form.",
    )
    keep_previous_phone = fields.Boolean(
        compute="_compute_previous_phone",
        readonly=False,
        exportable=False,
        groups="base.group_user",
        help="Keep the number that is no longer the main one among the other ones.",
    )

    _alternative_email_limit = models.Constraint(
        "CHECK (alternative_email_count <= 10)",
        "A contact can have at most 10 other e-mail addresses. Remove one that is no longer used.",
    )
    _alternative_phone_limit = models.Constraint(
        "CHECK (alternative_phone_count <= 10)",
        "A contact can have at most 10 other phone numbers. Remove one that is no longer used.",
    )
    _email_normalized_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")
    _phone_sanitized_idx = models.Index("(phone_sanitized) WHERE phone_sanitized IS NOT NULL")

    @api.constrains("email")
    def _check_primary_email(self):
        self._check_distinct_addresses(EMAIL)

    @api.constrains("phone", "country_id")
    def _check_primary_phone(self):
        self._check_distinct_addresses(PHONE)

    @api.depends("alternative_email_ids")
    def _compute_alternative_email_count(self):
        for partner in self:
            partner.alternative_email_count = len(partner.alternative_email_ids)

    @api.depends("alternative_phone_ids")
    def _compute_alternative_phone_count(self):
        for partner in self:
            partner.alternative_phone_count = len(partner.alternative_phone_ids)

    @api.depends("email")
    def _compute_previous_email(self):
        self._compute_previous(EMAIL, "previous_email", "keep_previous_email")

    @api.depends("phone")
    def _compute_previous_phone(self):
        self._compute_previous(PHONE, "previous_phone", "keep_previous_phone")

    def _compute_previous(self, model, previous_field, keep_field):
        """Offer to keep a primary address that is being replaced, if it is worth it and there is room."""
        names = ADDRESS_MODELS[model]
        for partner in self:
            before = partner._origin
            replaced = (
                partner[names.primary]
                and before[names.normalized]
                and before[names.normalized] != partner[names.normalized]
                and len(before[names.lines]) < LIMIT
            )
            partner[previous_field] = before[names.primary] if replaced else False
            partner[keep_field] = bool(replaced)

    def _auto_init(self):
        """Give the counts to all existing contacts at once: nobody has alternatives before this add-on."""
        for column in ("alternative_email_count", "alternative_phone_count"):
            if not column_exists(self.env.cr, self._table, column):
                self.env.cr.execute(
                    SQL("ALTER TABLE res_partner ADD %s integer DEFAULT 0", SQL.identifier(column))
                )
        return super()._auto_init()

    # ------------------------------------------------------------
    # ADDRESSES
    # ------------------------------------------------------------

    def _get_address_books(self, model):
        """Return the `AddressBook` of each of these contacts, by id.

        An address that cannot be normalised stands there as it was typed.
        """
        names = ADDRESS_MODELS[model]
        # sudo: an address takes its place, and is a duplicate, whether or not the user may see its line
        return {
            contact.id: AddressBook(
                contact[names.normalized] or contact[names.primary] or None,
                contact[names.lines].mapped(names.normalized),
            )
            for contact in self.sudo()
        }

    def _lock_contacts(self):
        """Make whoever else adds something to these contacts at the same time fail and try again.

        A lock alone would let the other one go on in the end, with a snapshot that lacks our lines; a new
        version of the row does not.
        """
        if self.ids:
            self.env.cr.execute(
                SQL("UPDATE res_partner SET write_date = write_date WHERE id IN %s", self._ids)
            )

    def _check_distinct_addresses(self, model):
        """Refuse contacts with the same address twice, alternative or primary."""
        names = ADDRESS_MODELS[model]
        # sudo: a duplicate is one, whether or not the user may see the other line
        for contact in self.sudo():
            seen = {contact[names.normalized]}
            for line in contact[names.lines]:
                if line[names.normalized] in seen:
                    raise ValidationError(
                        self.env._(
                            "%(contact)s already has %(address)s. Each address is listed once: as the main "
                            "one or among the others.",
                            contact=contact.display_name,
                            address=line[line._raw_field],
                        )
                    )
                seen.add(line[names.normalized])
