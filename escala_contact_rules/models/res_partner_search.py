"""Finding a contact in the web client by part of any of its addresses."""

import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

from .res_partner import EMAIL, PHONE
from .trigram import trigram_index

# What a phone number is written with, and the fewest digits that are worth a search for one.
PHONE_CHARACTERS = re.compile(r"[\d\s+()./\-]+")
MINIMUM_DIGITS = 3


class ResPartner(models.Model):
    """Searches over a contact's primary and alternative addresses.

    An OR over several tables makes Postgres read all of the contacts; a UNION of what each table finds by its
    own index does not. So the searches below are `id IN (… UNION …)`.
    """

    _inherit = "res.partner"

    email_search = fields.Char(
        string="Any E-mail",
        compute="_compute_search_only",
        search="_search_email_search",
        exportable=False,
        groups="base.group_user",
        help="Finds contacts by any of their e-mail addresses.",
    )
    phone_mobile_search = fields.Char(exportable=False)

    _complete_name_trigram_idx = models.Index(trigram_index("complete_name"))
    _email_trigram_idx = models.Index(trigram_index("email"))
    _ref_trigram_idx = models.Index(trigram_index("ref"))
    _vat_trigram_idx = models.Index(trigram_index("vat"))
    _company_registry_trigram_idx = models.Index(trigram_index("company_registry"))
    _phone_sanitized_trigram_idx = models.Index(trigram_index("phone_sanitized"))

    def _compute_search_only(self):
        self.email_search = False

    def _search_display_name(self, operator, value):
        """Override: many2one fields and the search box find a contact by its alternative addresses too."""
        domain = super()._search_display_name(operator, value)
        if not (self.env.su or self.env.user._is_internal()):
            return domain  # As they may not read the other addresses.
        if operator == "in":
            return self._search_whole_names(domain, value)
        if operator in Domain.NEGATIVE_OPERATORS or not isinstance(value, str) or not value.strip():
            return domain
        branches = [self._search_contacts(domain), self._search_lines(EMAIL, operator, value)]
        if phones := self._get_phone_domain(operator, value):
            branches += self._search_phones(phones)
        return self._union(branches)

    @api.model
    def _search_whole_names(self, domain, names):
        """Return the domain of the contacts that imports and scripts name in full: also by any of their e-mails.

        :param domain: what Odoo searches for
        :param names: what was asked for: names, or addresses with or without a name before them
        """
        emails = self._normalize_emails(name for name in names if isinstance(name, str) and "@" in name)
        if not emails:
            return domain
        branches = [domain, Domain("email_normalized", "in", emails)]
        return self._union(
            [*map(self._search_contacts, branches), self._search_lines(EMAIL, "in", list(emails))]
        )

    @api.model
    def _search_email_search(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        if operator == "in":
            if not all(value):
                return Domain("email", "in", value) & Domain("alternative_email_ids", "=", False)
            value = [self._normalize_address(EMAIL, email) or email for email in value]
        primary = "email_normalized" if operator == "in" else "email"
        return self._union(
            [
                self._search_contacts(Domain(primary, operator, value)),
                self._search_lines(EMAIL, operator, value),
            ]
        )

    def _search_phone_mobile_search(self, operator, value):
        """Override: find contacts by any of their phones, in any spelling, by an index."""
        if operator == "in":
            return Domain.OR(self._search_phone_mobile_search("=", one) for one in value)
        if not (self.env.su or self.env.user._is_internal()):
            return super()._search_phone_mobile_search(operator, value)
        domain = super()._search_phone_mobile_search(operator, value)
        phones = isinstance(value, str) and self._get_phone_domain(operator, value)
        if not phones:
            return domain
        if operator in Domain.NEGATIVE_OPERATORS:
            return domain & ~self._union(self._search_phones(phones))
        return self._union([self._search_contacts(domain), *self._search_phones(phones)])

    # ------------------------------------------------------------
    # BRANCHES
    # ------------------------------------------------------------

    @api.model
    def _union(self, branches):
        """Return the domain of all contacts that any of the queries for their ids finds."""
        found = SQL("(SELECT id FROM (%s) AS branch (id))", SQL(" UNION ").join(branches))
        return Domain("id", "in", Query(self.env, "found", found))

    @api.model
    def _search_contacts(self, domain):
        # sudo: only ids of candidates; the search that this is part of applies the rules
        contacts = self.sudo().with_context(active_test=False)
        return contacts._search(domain, bypass_access=True).subselect()

    @api.model
    def _search_lines(self, model, operator, value):
        lines = self.env[model].sudo()  # sudo: as in `_search_contacts`
        domain = Domain(lines._normalized_field, operator, value)
        return lines._search(domain, bypass_access=True).subselect("partner_id")

    @api.model
    def _search_phones(self, domain):
        lines = self.env[PHONE].sudo()  # sudo: as in `_search_contacts`
        return [
            self._search_contacts(domain),
            lines._search(domain, bypass_access=True).subselect("partner_id"),
        ]

    @api.model
    def _get_phone_domain(self, operator, value):
        """Return the domain on `phone_sanitized` of a number, or part of one, as somebody writes it, if it is one.

        The part may begin with what only the dialling knows: an international prefix or a trunk zero.
        """
        if not PHONE_CHARACTERS.fullmatch(value):
            return None
        digits = re.sub(r"\D", "", value)
        if len(digits) < MINIMUM_DIGITS:
            return None
        # sudo: the country says how a number is read; the company itself is not shown
        exact = self._phone_format_number(value, self.env.company.sudo().country_id)
        domain = Domain("phone_sanitized", "=", exact) if exact else Domain.FALSE
        if operator.endswith("like"):
            domain |= Domain.OR(
                Domain("phone_sanitized", "ilike", part) for part in {digits, digits.lstrip("0") or digits}
            )
        return domain
