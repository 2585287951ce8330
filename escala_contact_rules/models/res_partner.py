"""A contact with many addresses, and the one lookup that finds contacts by any of them."""

from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, email_normalize
from odoo.tools.sql import column_exists

ADDRESS_MODELS = {
    "res.partner.email": ("alternative_email_ids", "email_normalized"),
    "res.partner.phone": ("alternative_phone_ids", "phone_sanitized"),
}


class ContactMatches(NamedTuple):
    """Contacts by normalised address; an address nobody has is not a key."""

    emails: dict[str, models.BaseModel]
    phones: dict[str, models.BaseModel]


class ResPartner(models.Model):
    """A contact: one primary e-mail and phone (Odoo's own fields) and up to ten alternatives of each.

    The limit holds in the database. The number of alternatives is stored on the contact under a CHECK
    and is written in the transaction that adds a line. Two transactions that add one at once both write
    the contact's row, so the second one to do so fails with a serialization error (Odoo's cursors are
    REPEATABLE READ), is retried by Odoo, and then counts the line of the first.
    """

    _inherit = "res.partner"

    alternative_email_ids = fields.One2many(
        "res.partner.email",
        "partner_id",
        string="Other E-mails",
        groups="base.group_user",
        help="Further e-mail addresses of this contact. Mail from or to any of them belongs to it.",
    )
    alternative_phone_ids = fields.One2many(
        "res.partner.phone",
        "partner_id",
        string="Other Phones",
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
        self._check_distinct_addresses("res.partner.email")

    @api.constrains("phone", "country_id")
    def _check_primary_phone(self):
        self._check_distinct_addresses("res.partner.phone")

    @api.depends("alternative_email_ids")
    def _compute_alternative_email_count(self):
        for partner in self:
            partner.alternative_email_count = len(partner.alternative_email_ids)

    @api.depends("alternative_phone_ids")
    def _compute_alternative_phone_count(self):
        for partner in self:
            partner.alternative_phone_count = len(partner.alternative_phone_ids)

    def _auto_init(self):
        """Give the counts to all existing contacts at once: nobody has alternatives before this add-on."""
        for column in ("alternative_email_count", "alternative_phone_count"):
            if not column_exists(self.env.cr, self._table, column):
                self.env.cr.execute(
                    SQL("ALTER TABLE res_partner ADD %s integer DEFAULT 0", SQL.identifier(column))
                )
        return super()._auto_init()

    # ------------------------------------------------------------
    # LOOKUP
    # ------------------------------------------------------------

    @api.model
    def _find_by_addresses(self, emails=(), phones=(), company=None):
        """Find the contact of each address, be it the contact's primary or an alternative one.

        Of several contacts with an address the oldest wins. Archived contacts are not found. This is
        one SQL query whatever the number of addresses, and it applies no record rules: private, so that
        it cannot be called by RPC; what is shown to a user must be filtered by access afterwards.

        >>> matches = env["res.partner"]._find_by_addresses(["Ana <ANA@llamazares.example>"])
        >>> matches.emails
        {'ana@llamazares.example': res.partner(42,)}

        :param emails: e-mail addresses in any spelling, one in each string
        :param phones: phone numbers in any spelling; one without a country prefix is taken to be of the
            country of `company`, else of the current company
        :param company: `res.company` records; then only contacts of these or of no company are found, as
            well as those of their parent companies. None finds the contacts of all companies.
        :rtype: ContactMatches
        """
        return ContactMatches(
            *(
                {address: contacts[:1] for address, contacts in found.items()}
                for found in self._find_all_by_addresses(emails, phones, company)
            )
        )

    @api.model
    def _find_all_by_addresses(self, emails=(), phones=(), company=None):
        """Find all contacts of each address, the oldest first; else as `_find_by_addresses`."""
        branches = [
            branch
            for model, values in (
                ("res.partner.email", self._normalize_emails(emails)),
                ("res.partner.phone", self._normalize_phones(phones, company)),
            )
            for branch in self._address_lookup_queries(model, values)
        ]
        matches = ContactMatches({}, {})
        if not branches:
            return matches
        rows = self.env.execute_query(
            SQL(
                """
                SELECT found.model, found.address, array_agg(DISTINCT found.partner_id)
                  FROM (%s) AS found
                  JOIN res_partner contact ON contact.id = found.partner_id
                 WHERE contact.active AND %s
              GROUP BY found.model, found.address
                """,
                SQL(" UNION ALL ").join(branches),
                self._company_condition(company),
            )
        )
        prefetch_ids = tuple({partner_id for _model, _address, ids in rows for partner_id in ids})
        for model, address, ids in rows:
            found = matches.emails if model == "res.partner.email" else matches.phones
            found[address] = self.browse(sorted(ids)).with_prefetch(prefetch_ids)
        return matches

    def _address_lookup_queries(self, model, addresses):
        """Return the queries for (model, address, partner_id): of primary and of alternative addresses."""
        if not addresses:
            return
        column = ADDRESS_MODELS[model][1]
        for records, partner_column in ((self, "id"), (self.env[model], "partner_id")):
            records.flush_model([column, partner_column] if partner_column != "id" else [column])
            yield SQL(
                "SELECT %s AS model, %s AS address, %s AS partner_id FROM %s WHERE %s IN %s",
                model,
                SQL.identifier(column),
                SQL.identifier(partner_column),
                SQL.identifier(records._table),
                SQL.identifier(column),
                tuple(addresses),
            )

    def _company_condition(self, company):
        self.flush_model(["active", "company_id"])
        if not company:
            return SQL("TRUE")
        # sudo: a branch's user need not have access to its parent companies
        company_ids = (company | company.sudo().parent_ids).ids
        return SQL("(contact.company_id IS NULL OR contact.company_id IN %s)", tuple(company_ids))

    @api.model
    def _normalize_emails(self, emails):
        return {normalized for email in emails if (normalized := email_normalize(email or ""))}

    @api.model
    def _normalize_phones(self, phones, company=None):
        if not phones:
            return set()
        # sudo: the country says how a number is read; the company itself is not shown
        country = (company or self.env.company)[:1].sudo().country_id
        return set(filter(None, (self._phone_format_number(phone, country) for phone in phones)))

    # ------------------------------------------------------------
    # ADDRESSES
    # ------------------------------------------------------------

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
        lines_field, normalized_field = ADDRESS_MODELS[model]
        # sudo: a duplicate is one, whether or not the user may see the other line
        for contact in self.sudo():
            seen = {contact[normalized_field]}
            for line in contact[lines_field]:
                if line[normalized_field] in seen:
                    raise ValidationError(
                        self.env._(
                            "%(contact)s already has %(address)s. Each address is listed once: as the main "
                            "one or among the others.",
                            contact=contact.display_name,
                            address=line[line._raw_field],
                        )
                    )
                seen.add(line[normalized_field])
