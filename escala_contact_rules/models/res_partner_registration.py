"""The one way in for contacts that forms, imports, vCards and mail bring: none twice, no address lost."""

from collections import defaultdict

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Command

from ..matching.address_list import split_emails, split_phones
from ..matching.matcher import Matcher, Person
from .registration_row import RegistrationRow
from .res_partner import ADDRESS_MODELS
from .res_partner_duplicates import ADDRESS_TYPES

EMAIL, PHONE = ADDRESS_MODELS
# Whose fault it is that a row cannot be stored: the row's. Lost races and a full disk go up to the caller.
FAULTS_OF_A_ROW = (UserError, RedirectWarning, ValueError, psycopg2.IntegrityError, psycopg2.DataError)
# Where somebody of the company answers for what is registered; anybody may write anything into the others.
ATTENDED_SOURCES = ("import",)
# Types of fields whose empty value says something.
TYPES_WITHOUT_EMPTY = ("boolean", "integer", "float", "monetary")


class ResPartner(models.Model):
    _inherit = "res.partner"

    unconfirmed_emails = fields.Char(
        string="Unconfirmed E-mails",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="E-mail addresses that a form or a message gave to this contact when it existed already, separated "
        "by commas. That they are this contact's is only what somebody said.",
    )

    def _is_confirmed_email(self, email):
        """Tell whether an address of this contact is more than what somebody typed into a form.

        :param str email: normalised
        """
        # sudo: asked on behalf of visitors, who may not see it
        return email not in (self.sudo().unconfirmed_emails or "").split(",")

    @api.model
    def _register_contacts(self, vals_list, source, policy="update"):
        """Create, update or restore the contact that each row of data belongs to.

        A row is matched by e-mail, else by phone, against primary and alternative addresses; of several
        contacts the oldest is it. All its values but e-mail and phone overwrite those of the contact, empty
        ones excepted. Its addresses are added: as primary if the contact has none, else as an alternative,
        up to ten. A contact that was deleted is restored. The rows of a batch count as coming one after the
        other.

        The batch is one transaction; the number of queries does not depend on its size, but for what Odoo
        asks about each contact whose e-mail or street changes: its leads, its letters. A row that cannot
        be stored is refused on its own. The access rights of the user apply: a public form passes `sudo()`.

        >>> env["res.partner"]._register_contacts([{"name": "Ana", "email": "ana@x.example"}], "form").result
        'created'

        :param list vals_list: values as for `create`. `alternative_emails` and `alternative_phones` are
            texts with several addresses, or lists. `id` names the contact.
        :param str source: a value of the field `source` of `contact.registration`
        :param str policy: "update" contacts that exist, or "skip" them
        :return: a `contact.registration` per row, in their order
        :raises psycopg2.errors.SerializationFailure: if another transaction registers the same address at
            the same time; Odoo's request handling then starts over, other callers have to
        """
        contacts = self.with_context(registration=None)
        rows = [contacts._prepare_registration_row(vals) for vals in vals_list]
        for row in rows:
            row.is_attended = source in ATTENDED_SOURCES
        contacts._register_rows([row for row in rows if not row.result], policy)
        return contacts._log_registrations(rows, source)

    @api.model
    def _register_rows(self, rows, policy):
        """Register rows at once; if that fails, each half of them, so that only the culprit is left out."""
        if not rows:
            return
        try:
            with self.env.cr.savepoint():
                self._register_batch(rows, policy)
        except FAULTS_OF_A_ROW as error:
            for row in rows:
                row.start_over()
            if len(rows) == 1:
                rows[0].end("refused", self._get_refusal_reason(error))
                return
            middle = len(rows) // 2
            self._register_rows(rows[:middle], policy)
            self._register_rows(rows[middle:], policy)

    @api.model
    def _register_batch(self, rows, policy):
        self._match_rows(rows, policy)
        rows_by_person = defaultdict(list)
        for row in rows:
            if row.result in ("created", "updated", "restored"):
                rows_by_person[row.person].append(row)
        self._claim_new_addresses(rows_by_person)
        self._restore_people(rows_by_person)
        self._update_people({person: rows for person, rows in rows_by_person.items() if person.id})
        self._create_people({person: rows for person, rows in rows_by_person.items() if not person.id})

    @api.model
    def _get_refusal_reason(self, error):
        if isinstance(error, psycopg2.Error):
            return self._sql_error_to_message(error)
        return str(error.args[0])

    # ------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------

    @api.model
    def _prepare_registration_row(self, vals):
        """Take the addresses out of the values, and refuse what cannot be a contact."""
        values = {name: value.strip() if isinstance(value, str) else value for name, value in vals.items()}
        row = RegistrationRow(values, id=values.pop("id", None))
        country = self.env["res.country"].browse(values.get("country_id") or self.env.company.country_id.id)
        for model, split, addresses, invalid in (
            (EMAIL, split_emails, row.emails, row.invalid_emails),
            (PHONE, split_phones, row.phones, row.invalid_phones),
        ):
            for address in self._pop_addresses(row, model, split):
                if normalized := self._normalize_registered(model, address, country):
                    addresses.setdefault(normalized, address)
                else:
                    invalid.append(address)
        if not (row.name or row.id):
            row.end("refused", self.env._("There is no name, no e-mail address and no phone number."))
        return row

    @api.model
    def _pop_addresses(self, row, model, split):
        """Take the addresses of a kind out of the values: the primary, the text or list of others, the lines."""
        lines_field, _normalized_field, primary_field = ADDRESS_MODELS[model]
        raw_field = self.env[model]._raw_field
        several = row.values.pop(lines_field.replace("_ids", "s"), None) or ""
        addresses = [
            row.values.pop(primary_field, None),
            *(split(several) if isinstance(several, str) else several),
        ]
        for command in row.values.pop(lines_field, None) or ():
            if command[0] == Command.CREATE and command[2].get(raw_field):
                addresses.append(command[2][raw_field].strip())
                row.labels[addresses[-1]] = command[2].get("label") or "work"
        return filter(None, addresses)

    @api.model
    def _normalize_registered(self, model, address, country):
        if model == EMAIL:
            return self._normalize_address(model, address)
        return self._phone_format_number(address, country)

    # ------------------------------------------------------------
    # MATCHING
    # ------------------------------------------------------------

    @api.model
    def _match_rows(self, rows, policy):
        """Decide for each row which person it belongs to, and give that person its addresses."""
        people = self._find_people(rows)
        contacts = self.browse(person.id for person in people)
        writable = set(contacts._filtered_access("write").ids)
        matcher = Matcher(people)
        for row in rows:
            match = None if self._is_address_row(row) else matcher.find([*row.emails], [*row.phones], row.id)
            person = match.person if match else Person()
            if refusal := self._get_row_refusal(row, match, writable):
                row.end("refused", refusal)
                continue
            row.person, row.matched_by = person, match.by if match else None
            if match and policy == "skip" and not person.is_deleted:
                row.end("skipped", self.env._("The contact exists already."))
                continue
            row.end("restored" if person.is_deleted else "updated" if match else "created")
            person.is_deleted = False
            left_out = matcher.add(person, [*row.emails], [*row.phones])
            if left_out.no_room:
                addresses = ", ".join(left_out.no_room)
                row.reasons.append(self.env._("Left out, as the contact is full: %s.", addresses))
            if left_out.of_others:
                addresses = ", ".join(left_out.of_others)
                row.reasons.append(self.env._("Left out, as another contact has it: %s.", addresses))

    @api.model
    def _find_people(self, rows):
        """Return every contact, deleted ones too, that any of the rows may belong to."""
        matches = self._find_all_by_normalized(
            {email for row in rows for email in row.emails},
            {phone for row in rows for phone in row.phones},
            company=self.env.company,
            with_deleted=True,
        )
        ids = {row.id for row in rows if row.id}
        # sudo: a contact that the user may not see is found, so that it is not made a second time
        found = self.sudo().browse(
            {id_ for by_kind in matches for found in by_kind.values() for id_ in found.ids}
        )
        contacts = (
            found.filtered(lambda contact: contact._is_contact_of_its_own())
            | self.sudo().browse(ids).exists()
        )
        emails, phones = contacts._get_address_books(EMAIL), contacts._get_address_books(PHONE)
        return [
            Person(contact.id, emails[contact.id], phones[contact.id], bool(contact.deletion_date))
            for contact in contacts
        ]

    @api.model
    def _is_address_row(self, row):
        """Tell an invoice or delivery address of a contact, which is no contact of its own, without an id."""
        return not row.id and row.values.get("parent_id") and row.values.get("type") in ADDRESS_TYPES

    @api.model
    def _get_row_refusal(self, row, match, writable):
        if row.id and not match:
            return self.env._("There is no contact with the id %s.", row.id)
        if match and match.person.id and match.person.id not in writable:
            return self.env._("It belongs to a contact that you may not edit.")
        person = match.person if match else Person()
        # What cannot be read is no fault of a row that only repeats what the contact has.
        if emails := [email for email in row.invalid_emails if email not in person.emails]:
            return self.env._("“%s” is not an e-mail address.", ", ".join(emails))
        if phones := [phone for phone in row.invalid_phones if phone not in person.phones]:
            return self.env._(
                "“%s” is not a phone number. Write it with its country prefix, such as +34 600 12 34 56.",
                ", ".join(phones),
            )
        return None

    @api.model
    def _claim_new_addresses(self, people):
        self.env["contact.address.claim"]._claim(
            address
            for person in people
            for book in (person.emails, person.phones)
            for address in (book.new_primary, *book.new_alternatives)
            if address
        )

    # ------------------------------------------------------------
    # STORING
    # ------------------------------------------------------------

    @api.model
    def _restore_people(self, rows_by_person):
        restored = [p for p, rows in rows_by_person.items() if any(row.result == "restored" for row in rows)]
        if restored:
            self.browse(person.id for person in restored)._restore()

    @api.model
    def _update_people(self, rows_by_person):
        contacts = self.browse(person.id for person in rows_by_person)
        lines = {model: [] for model in ADDRESS_MODELS}
        for contact, (person, rows) in zip(contacts, rows_by_person.items(), strict=True):
            values = contact._get_changes(self._merge_values(rows))
            values |= self._get_new_primaries(person, rows) | contact._get_unconfirmed(person, rows)
            new_lines = self._get_new_lines(person, rows)
            for model in ADDRESS_MODELS:
                lines[model] += [{**line, "partner_id": contact.id} for line in new_lines[model]]
            if values:
                contact._load_records_write(values)
            elif not any(new_lines.values()):
                for row in rows:
                    if row.result == "updated":
                        row.end("skipped", self.env._("There is nothing new in it."))
        for model, vals_list in lines.items():
            self.env[model].create(vals_list)

    @api.model
    def _create_people(self, rows_by_person):
        vals_list = []
        for person, rows in rows_by_person.items():
            lines = self._get_new_lines(person, rows)
            vals_list.append(
                {
                    **self._merge_values(rows),
                    "name": next(
                        (row.name for row in reversed(rows) if row.values.get("name")), rows[0].name
                    ),
                    **self._get_new_primaries(person, rows),
                    **{
                        ADDRESS_MODELS[model][0]: [Command.create(line) for line in lines[model]]
                        for model in lines
                        if lines[model]
                    },
                }
            )
        if vals_list:
            for person, contact in zip(rows_by_person, self._load_records_create(vals_list), strict=True):
                person.id = contact.id

    @api.model
    def _merge_values(self, rows):
        """Return the values of several rows of one person; a later one overwrites, an empty one does not."""
        merged = {}
        for row in rows:
            merged |= {
                name: value
                for name, value in row.values.items()
                if value or self._fields[name].type in TYPES_WITHOUT_EMPTY
            }
        return merged

    def _get_changes(self, values):
        """Return those values that differ from this contact's. Tags are added, never removed."""
        changes = {}
        for name, value in values.items():
            contact_field = self._fields[name]
            if contact_field.type == "many2many":
                if missing := _get_linked_ids(value) - set(self[name].ids):
                    changes[name] = [Command.link(id_) for id_ in sorted(missing)]
            elif contact_field.type in ("one2many", "properties") or contact_field.convert_to_cache(
                value, self
            ) != contact_field.convert_to_cache(self[name], self):
                changes[name] = value
        return changes

    @api.model
    def _get_new_primaries(self, person, rows):
        primaries = {}
        for book, kind, primary_field in (
            (person.emails, "emails", "email"),
            (person.phones, "phones", "phone"),
        ):
            if book.new_primary:
                primaries[primary_field] = _get_typed(rows, kind)[book.new_primary]
        return primaries

    def _get_unconfirmed(self, person, rows):
        """Return the value of `unconfirmed_emails`, if this contact gets e-mails that nobody answers for."""
        attended = {email for row in rows if row.is_attended for email in row.emails}
        emails = [email for email in (person.emails.new_primary, *person.emails.new_alternatives) if email]
        unconfirmed = [email for email in emails if email not in attended]
        if not unconfirmed:
            return {}
        # sudo: who registers need not be able to read it
        return {"unconfirmed_emails": ",".join(filter(None, [self.sudo().unconfirmed_emails, *unconfirmed]))}

    @api.model
    def _get_new_lines(self, person, rows):
        """Return the values of the person's new alternative addresses, by model, as far as they are known."""
        labels = {address: label for row in rows for address, label in row.labels.items()}
        lines = {}
        for model, book, kind in ((EMAIL, person.emails, "emails"), (PHONE, person.phones, "phones")):
            typed = [_get_typed(rows, kind)[address] for address in book.new_alternatives]
            raw_field = self.env[model]._raw_field
            lines[model] = [{raw_field: address, "label": labels.get(address, "work")} for address in typed]
        return lines

    @api.model
    def _log_registrations(self, rows, source):
        # sudo: nobody writes here by hand, and whoever registers need not be able to read it
        registrations = self.env["contact.registration"].sudo()
        return registrations.create(
            [
                {
                    "source": source,
                    "result": row.result,
                    "reason": " ".join(row.reasons),
                    "matched_by": row.matched_by,
                    "partner_id": row.person.id if row.person else False,
                    "name": row.name,
                    "email": next(iter(row.emails.values()), False),
                    "phone": next(iter(row.phones.values()), False),
                    "company_id": self.env.company.id,
                }
                for row in rows
            ]
        ).with_env(self.env)


def _get_typed(rows, kind):
    """Return each address as it was first typed."""
    return {normalized: typed for row in reversed(rows) for normalized, typed in getattr(row, kind).items()}


def _get_linked_ids(commands):
    ids = set()
    for command in commands:
        if command[0] == Command.LINK:
            ids.add(command[1])
        elif command[0] == Command.SET:
            ids.update(command[2])
    return ids
