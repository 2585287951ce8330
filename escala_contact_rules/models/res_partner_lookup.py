"""The one lookup that finds contacts by any of their addresses, and what of Odoo goes through it."""

import re
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL, email_normalize

from .res_partner import ADDRESS_MODELS, EMAIL, PHONE

# The commonest addresses, as they are normalised: what looks so need not be parsed, which takes longer than to look.
PLAIN_EMAIL = re.compile(r"[a-z0-9]+([._+-][a-z0-9]+)*@[a-z0-9]+([.-][a-z0-9]+)*\.[a-z]{2,24}")


class ContactMatches(NamedTuple):
    """Contacts by normalised address; an address nobody has is not a key."""

    emails: dict[str, models.BaseModel]
    phones: dict[str, models.BaseModel]


class ResPartner(models.Model):
    _inherit = "res.partner"

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
                # Reading one of them is to read all that were found, in one query.
                {
                    address: contacts[:1].with_prefetch(contacts._prefetch_ids)
                    for address, contacts in found.items()
                }
                for found in self._find_all_by_addresses(emails, phones, company)
            )
        )

    @api.model
    def _find_all_by_addresses(self, emails=(), phones=(), company=None, with_deleted=False):
        """Find all contacts of each address, the oldest first; else as `_find_by_addresses`.

        :param with_deleted: find the contacts in the bin too
        """
        return self._find_all_by_normalized(
            self._normalize_emails(emails), self._normalize_phones(phones, company), company, with_deleted
        )

    @api.model
    def _find_all_by_normalized(self, emails, phones, company=None, with_deleted=False):
        """Find as `_find_all_by_addresses`, by addresses that are known to be normalised."""
        branches = [
            branch
            for model, values in ((EMAIL, emails), (PHONE, phones))
            for branch in self._address_lookup_queries(model, values)
        ]
        matches = ContactMatches({}, {})
        if not branches:
            return matches
        # MATERIALIZED keeps Postgres from starting parallel workers, which takes longer than the lookup.
        rows = self.env.execute_query(
            SQL(
                """
                WITH found AS MATERIALIZED (%s)
                SELECT found.model, found.address, array_agg(DISTINCT found.partner_id)
                  FROM found
                  JOIN res_partner contact ON contact.id = found.partner_id
                 WHERE %s AND %s
              GROUP BY found.model, found.address
                """,
                SQL(" UNION ALL ").join(branches),
                self._existence_condition(with_deleted),
                self._company_condition(company),
            )
        )
        prefetch_ids = tuple({partner_id for _model, _address, ids in rows for partner_id in ids})
        for model, address, ids in rows:
            found = matches.emails if model == EMAIL else matches.phones
            found[address] = self.browse(sorted(ids)).with_prefetch(prefetch_ids)
        return matches

    def _address_lookup_queries(self, model, addresses):
        """Return the queries for (model, address, partner_id): of primary and of alternative addresses.

        A join, as Postgres answers `IN` with many values by the index for parts of a text now and then (pg_trgm
        offers it for `=` too), which takes milliseconds for each of them.
        """
        if not addresses:
            return
        column = ADDRESS_MODELS[model].normalized
        for records, partner_column in ((self, "id"), (self.env[model], "partner_id")):
            records.flush_model([column, partner_column] if partner_column != "id" else [column])
            yield SQL(
                """
                SELECT %s AS model, wanted.address, owned.%s AS partner_id
                  FROM unnest(%s::varchar[]) AS wanted (address)
                  JOIN %s owned ON owned.%s = wanted.address
                """,
                model,
                SQL.identifier(partner_column),
                list(addresses),
                SQL.identifier(records._table),
                SQL.identifier(column),
            )

    def _existence_condition(self, with_deleted):
        self.flush_model(["active", "deletion_date"])
        if with_deleted:
            return SQL("(contact.active OR contact.deletion_date > %s)", self._get_start_of_bin())
        return SQL("(contact.active AND contact.deletion_date IS NULL)")

    def _company_condition(self, company):
        self.flush_model(["company_id"])
        if not company:
            return SQL("TRUE")
        # sudo: a branch's user need not have access to its parent companies
        company_ids = (company | company.sudo().parent_ids).ids
        return SQL("(contact.company_id IS NULL OR contact.company_id IN %s)", tuple(company_ids))

    @api.model
    def _normalize_emails(self, emails):
        return {
            normalized
            for email in emails
            if email and (normalized := email if PLAIN_EMAIL.fullmatch(email) else email_normalize(email))
        }

    @api.model
    def _normalize_phones(self, phones, company=None):
        if not phones:
            return set()
        # sudo: the country says how a number is read; the company itself is not shown
        country = (company or self.env.company)[:1].sudo().country_id
        return set(filter(None, (self._phone_format_number(phone, country) for phone in phones)))

    # ------------------------------------------------------------
    # ODOO'S OWN LOOKUPS
    # ------------------------------------------------------------

    @api.model
    def name_create(self, name):
        """Override: what an import of other documents names by its address is made only if nobody has that."""
        if self.env.context.get("import_file") and email_normalize(name or ""):
            contact = self.find_or_create(name)
            return contact.id, contact.display_name
        return super().name_create(name)

    @api.model
    def find_or_create(self, email, assert_valid_email=False):
        """Override: also find contacts by their alternative addresses, and of several the oldest."""
        normalized = email_normalize(email or "", strict=False)
        if normalized:
            contacts = self._find_all_by_normalized([normalized], ()).emails.get(normalized, self.browse())
            if readable := contacts._filtered_access("read")[:1]:
                return readable
            self.env["contact.address.claim"]._claim([normalized])
            if restored := self._restore_by_emails([normalized]):
                return restored[normalized]
        return super().find_or_create(email, assert_valid_email=assert_valid_email)

    @api.model
    def _find_or_create_from_emails(
        self,
        emails,
        ban_emails=None,
        filter_found=None,
        additional_values=None,
        no_create=False,
        sort_key=None,
        sort_reverse=True,
    ):
        """Override: also find contacts by their alternative addresses, all of them in one query."""
        # Read as Odoo reads them (mail/models/res_partner.py): of several addresses in one string the first.
        normalized = [email_normalize(email or "", strict=False) for email in emails]
        wanted = {email for email in normalized if email and email not in (ban_emails or [])}
        matches = self._find_all_by_normalized(wanted, ()).emails
        readable = self.browse().union(*matches.values())._filtered_access("read")
        found = {}
        for email, contacts in matches.items():
            candidates = (contacts & readable).with_prefetch(readable._ids)
            if contact := candidates._choose_recipient(filter_found, sort_key, sort_reverse):
                found[email] = contact.with_prefetch(readable._ids)
        if not no_create:
            self.env["contact.address.claim"]._claim(wanted - found.keys())
            found |= self._restore_by_emails(wanted - found.keys(), filter_found, sort_key, sort_reverse)
        others = [email for email, key in zip(emails, normalized, strict=True) if key not in found]
        stock = super()._find_or_create_from_emails(
            others,
            ban_emails=ban_emails,
            filter_found=filter_found,
            additional_values=additional_values,
            no_create=no_create,
            sort_key=sort_key,
            sort_reverse=sort_reverse,
        )
        remaining = iter(stock)
        return [found[key] if key in found else next(remaining) for key in normalized]

    @api.model
    def _restore_by_emails(self, emails, filter_found=None, sort_key=None, sort_reverse=True):
        """Restore, instead of making them again, the contacts in the bin that have one of these addresses.

        Returns the contact of each address that Odoo would write to, as far as the user may see it. One that it
        would not, such as another company's, stays where it is.
        """
        found = self._find_all_by_normalized(emails, (), with_deleted=True).emails if emails else {}
        deleted = {
            email: contact
            for email, contacts in found.items()
            if (
                contact := contacts._filtered_access("read")._choose_recipient(
                    filter_found, sort_key, sort_reverse
                )
            )
            and contact.deletion_date
        }
        # sudo: whoever writes to a contact, or is written to by it, need not be able to edit it
        self.sudo().union(*deleted.values())._restore(active=True)
        return deleted

    def _choose_recipient(self, filter_found, sort_key, sort_reverse):
        """Return the one of these contacts that Odoo would write to."""
        contacts = self.filtered(filter_found) if filter_found else self
        if sort_key:
            contacts = contacts.sorted(key=sort_key, reverse=sort_reverse)
        return contacts[:1]
