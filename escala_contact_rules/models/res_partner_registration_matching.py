"""Registration, second step: whose each row is, and which addresses that person gets."""

from odoo import api, models
from odoo.fields import Domain

from ..matching.matcher import Match, Matcher, Person
from .res_partner import EMAIL, PHONE
from .res_partner_duplicates import ADDRESS_TYPES


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _match_rows(self, rows, policy):
        """Decide for each row which person it belongs to, and give that person its addresses."""
        contacts = self._find_candidates(rows)
        people = self._prepare_people(contacts)
        by_name = self._find_by_name(rows, people)
        contacts = contacts.browse(people)
        matcher = Matcher(people.values())
        writable = set(contacts.with_env(self.env)._filtered_access("write").ids)
        own = set(contacts._filter_own().ids)
        for row in rows:
            match = self._match_row(row, matcher, by_name)
            if match and match.by != "phone":
                self._read_phones_as_of(row, match.person)
            if refusal := self._get_row_refusal(row, match, writable):
                row.end("refused", refusal)
                continue
            self._decide_row(row, match, policy, own)
            if row.is_stored:
                if key := self._get_name_key(row):
                    by_name.setdefault(key, row.person)
                self._give_addresses(row, matcher)

    @api.model
    def _match_row(self, row, matcher, by_name):
        if row.id is None and (person := by_name.get(self._get_name_key(row))):
            return Match(person, "name")
        if row.id is None and self._is_address_row(row):
            return None
        # sudo: a branch's user need not have access to its parent companies
        company = (self.env["res.company"].browse(row.values.get("company_id")) or self.env.company).sudo()
        company_ids = {None, *company.parent_ids.ids, company.id}

        def is_eligible(person, by):
            """The phone of the company that a row puts somebody into is not that somebody."""
            is_parent = by == "phone" and person.id and person.id == row.values.get("parent_id")
            return person.company_id in company_ids and not is_parent

        return matcher.find([*row.emails], [*row.phones], row.id, is_eligible)

    @api.model
    def _decide_row(self, row, match, policy, own):
        if not match:
            row.person = Person(company_id=row.values.get("company_id") or None)
            row.end("created")
            return
        row.person, row.matched_by = match.person, match.by
        if row.person.id in own and not row.is_attended:
            row.end(
                "skipped",
                self.env._(
                    "It is a colleague or one of our companies, which only people and imports change."
                ),
            )
        elif row.person.is_deleted:
            row.end("restored")
            row.person.is_deleted = False
        elif policy == "skip" and row.person.id:
            row.end("skipped", self.env._("The contact exists already."))
        else:
            row.end("updated")

    @api.model
    def _give_addresses(self, row, matcher):
        left_out = matcher.add(row.person, [*row.emails], [*row.phones])
        if left_out.no_room:
            addresses = ", ".join(left_out.no_room)
            row.reasons.append(self.env._("Left out, as the contact is full: %s.", addresses))
        if left_out.of_others:
            addresses = ", ".join(left_out.of_others)
            row.reasons.append(self.env._("Left out, as another contact has it: %s.", addresses))

    @api.model
    def _find_candidates(self, rows):
        """Return every contact, deleted ones too, that any of the rows may belong to."""
        company_ids = {row.values["company_id"] for row in rows if row.values.get("company_id")}
        matches = self._find_all_by_normalized(
            {email for row in rows for email in row.emails},
            {phone for row in rows for phone in row.phones},
            company=self.env.company | self.env["res.company"].browse(company_ids),
            with_deleted=True,
        )
        # sudo: a contact that the user may not see is found, so that it is not made a second time
        found = (
            self.sudo().browse().union(*(contacts for by_kind in matches for contacts in by_kind.values()))
        )
        named = self.sudo().browse({row.id for row in rows if row.id}).exists()
        return found.filtered(lambda contact: contact._is_contact_of_its_own()) | named

    @api.model
    def _prepare_people(self, contacts):
        """Return each of these contacts as a person of the batch, by id."""
        emails, phones = contacts._get_address_books(EMAIL), contacts._get_address_books(PHONE)
        return {
            contact.id: Person(
                contact.id,
                emails[contact.id],
                phones[contact.id],
                bool(contact.deletion_date),
                contact.company_id.id or None,
            )
            for contact in contacts
        }

    # ------------------------------------------------------------
    # WITHOUT AN ADDRESS
    # ------------------------------------------------------------

    @api.model
    def _find_by_name(self, rows, people):
        """Return the people whom rows without addresses name, by `_get_name_key`; new ones join `people`."""
        wanted = {key for row in rows if (key := self._get_name_key(row))}
        if not wanted:
            return {}
        under_company = Domain("parent_id", "in", [key[0] for key in wanted if key[0]])
        on_their_own = (
            Domain("parent_id", "=", False) & Domain("email", "=", False) & Domain("phone", "=", False)
        )
        names = [row.values.get("name") for row in rows if self._get_name_key(row)]
        on_their_own &= Domain("name", "in", names)
        # sudo: as in `_find_candidates`
        found = self.sudo().search(under_company | on_their_own, order="id desc")
        keys = {
            contact: (contact.parent_id.id, contact.type, _fold(contact.name or contact.street))
            for contact in found
        }
        named = found.filtered(lambda contact: keys[contact] in wanted)
        people.update(self._prepare_people(named.filtered(lambda contact: contact.id not in people)))
        return {keys[contact]: people[contact.id] for contact in named}

    @api.model
    def _get_name_key(self, row):
        """Return what a row without an address of its own is known by: its company, type, and name or street.

        The addresses of an invoice or delivery address are not its own.
        """
        parent_id, kind = row.values.get("parent_id") or False, row.values.get("type") or "contact"
        if row.id is not None or ((kind == "contact" or not parent_id) and (row.emails or row.phones)):
            return None
        return parent_id, kind, _fold(row.values.get("name") or row.values.get("street"))

    @api.model
    def _is_address_row(self, row):
        """Tell an invoice or delivery address of a contact, which is no contact of its own."""
        return row.values.get("parent_id") and row.values.get("type") in ADDRESS_TYPES

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    @api.model
    def _read_phones_as_of(self, row, person):
        """Read the phones of a row without a country as those of the person's country."""
        country = self.sudo().browse(person.id or ()).country_id  # sudo: as in `_find_candidates`
        if country and not row.values.get("country_id") and country != self.env.company.country_id:
            self._read_phones(row, country)

    @api.model
    def _get_row_refusal(self, row, match, writable):
        if row.id is not None and not match:
            return self.env._("There is no contact with the id %s.", row.id)
        person = match.person if match else Person()
        if person.id and person.id not in writable:
            return self.env._("It belongs to a contact that you may not edit.")
        # What cannot be read is no fault of a row that only repeats what the contact has.
        refusals = []
        if emails := [email for email in row.invalid_emails if email not in person.emails]:
            refusals.append(self.env._("“%s” is not an e-mail address.", ", ".join(emails)))
        if phones := [phone for phone in row.invalid_phones if phone not in person.phones]:
            refusals.append(
                self.env._(
                    "“%s” is not a phone number. Write it with its country prefix, such as +34 600 12 34 56.",
                    ", ".join(phones),
                )
            )
        return " ".join(refusals)


def _fold(name):
    return (name or "").strip().casefold()
