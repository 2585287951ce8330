"""Registration, third step: contacts restored, updated and created, a whole batch at once."""

from odoo import api, models
from odoo.fields import Command

from .res_partner import ADDRESS_MODELS, EMAIL, PHONE

# Types of fields whose empty value says something.
TYPES_WITHOUT_EMPTY = ("boolean", "integer", "float", "monetary")


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _store_people(self, rows_by_person):
        """Store what the rows of each person say."""
        self.env["contact.address.claim"]._claim(
            address
            for person in rows_by_person
            for book in (person.emails, person.phones)
            for address in (book.new_primary, *book.new_alternatives)
            if address
        )
        restored = [p for p, rows in rows_by_person.items() if any(row.result == "restored" for row in rows)]
        self.browse(person.id for person in restored)._restore(active=True)
        self._update_people({person: rows for person, rows in rows_by_person.items() if person.id})
        self._create_people({person: rows for person, rows in rows_by_person.items() if not person.id})

    @api.model
    def _update_people(self, rows_by_person):
        contacts = self.browse(person.id for person in rows_by_person)
        lines = {model: [] for model in ADDRESS_MODELS}
        for contact, (person, rows) in zip(contacts, rows_by_person.items(), strict=True):
            values = contact._get_changes(self._merge_values(rows))
            values |= contact._get_new_primaries(person, rows)
            new_lines = contact._get_new_lines(person, rows)
            for model in ADDRESS_MODELS:
                lines[model] += [{**line, "partner_id": contact.id} for line in new_lines[model]]
            if values:
                contact._load_records_write(values)
            contact._remember_unconfirmed(person, rows)
            if not values and not any(new_lines.values()):
                for row in rows:
                    if row.result == "updated" and not row.children:
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
                    **rows[0].values,
                    **self._merge_values(rows),
                    "name": next(
                        (row.name for row in reversed(rows) if row.values.get("name")), rows[0].name
                    ),
                    **self._get_new_primaries(person, rows),
                    **{
                        ADDRESS_MODELS[model].lines: [Command.create(line) for line in lines[model]]
                        for model in lines
                        if lines[model]
                    },
                }
            )
        if vals_list:
            for person, contact in zip(rows_by_person, self._load_records_create(vals_list), strict=True):
                person.id = contact.id

    # ------------------------------------------------------------
    # VALUES
    # ------------------------------------------------------------

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
                if commands := _get_additions(value, self[name].ids):
                    changes[name] = commands
            elif contact_field.type in ("one2many", "properties") or contact_field.convert_to_cache(
                value, self
            ) != contact_field.convert_to_cache(self[name], self):
                changes[name] = value
        return changes

    def _get_new_primaries(self, person, rows):
        return {
            ADDRESS_MODELS[model].primary: self._get_spelling(model, book.new_primary, rows)
            for model, book in ((EMAIL, person.emails), (PHONE, person.phones))
            if book.new_primary
        }

    def _get_new_lines(self, person, rows):
        """Return the values of the person's new alternative addresses, by model, as far as they are known."""
        labels = {address: label for row in rows for address, label in row.labels.items()}
        lines = {}
        for model, book in ((EMAIL, person.emails), (PHONE, person.phones)):
            typed = [self._get_spelling(model, address, rows) for address in book.new_alternatives]
            raw_field = self.env[model]._raw_field
            lines[model] = [{raw_field: address, "label": labels.get(address, "work")} for address in typed]
        return lines

    def _get_spelling(self, model, normalized, rows):
        """Return an address as it was first typed, unless this contact, if there is one, would be read otherwise."""
        kind = "emails" if model == EMAIL else "phones"
        typed = next(getattr(row, kind)[normalized] for row in rows if normalized in getattr(row, kind))
        if model == PHONE and self and self._normalize_address(model, typed) != normalized:
            return normalized
        return typed

    def _remember_unconfirmed(self, person, rows):
        """Remember the e-mails that this contact, which there was before, got from who knows whom."""
        attended = {email for row in rows if row.is_attended for email in row.emails}
        new = [email for email in (person.emails.new_primary, *person.emails.new_alternatives) if email]
        if unconfirmed := [email for email in new if email not in attended]:
            self._add_unconfirmed_emails(unconfirmed)


def _get_additions(commands, ids):
    """Return those commands of a many2many that add something to the records with these ids."""
    linked, created = set(), []
    for command in commands:
        if command[0] == Command.LINK:
            linked.add(command[1])
        elif command[0] == Command.SET:
            linked.update(command[2])
        elif command[0] == Command.CREATE:
            created.append(command)
    return [*(Command.link(id_) for id_ in sorted(linked.difference(ids))), *created]
