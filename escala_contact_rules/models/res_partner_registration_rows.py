"""Registration, first step: addresses apart from the other values, normalised; what cannot be read, refused."""

from odoo import api, models
from odoo.fields import Command

from ..matching.address_list import SEPARATORS, drop_invisible, split_emails, split_phones
from .registration_row import RegistrationRow
from .res_partner import ADDRESS_MODELS, EMAIL, PHONE
from .res_partner_bin import BIN_FIELDS

# What Python raises for values of the wrong kind.
FAULTS_OF_VALUES = (AttributeError, KeyError, TypeError, ValueError)
# Where somebody of the company answers for what is registered; anybody may write anything into the others.
ATTENDED_SOURCES = ("import",)
# Nobody registers these.
INTERNAL_FIELDS = (*BIN_FIELDS, "unconfirmed_emails")
# The longest e-mail address (RFC 5321, section 4.5.3.1.3, without the brackets), and more than any phone number.
LONGEST = {EMAIL: 254, PHONE: 60}


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _prepare_registration_rows(self, vals_list, source):
        """Return a `RegistrationRow` for each of these, refused if it cannot be read."""
        rows = []
        for vals in vals_list:
            try:
                row = self._prepare_registration_row(vals)
            except FAULTS_OF_VALUES as error:
                row = RegistrationRow({})
                row.end("refused", self.env._("It cannot be read: %s", error))
            row.is_attended = source in ATTENDED_SOURCES
            rows.append(row)
        return rows

    @api.model
    def _prepare_registration_row(self, vals):
        values = {name: _clean(value) for name, value in vals.items() if name not in INTERNAL_FIELDS}
        row = RegistrationRow(values, id=values.pop("id", None))
        if unknown := values.keys() - self._fields.keys():
            row.end("refused", self.env._("There is no field “%s”.", ", ".join(sorted(unknown))))
            return row
        for email in self._pop_addresses(row, EMAIL, split_emails):
            _place(email, self._normalize_registered(EMAIL, email), row.emails, row.invalid_emails)
        row.typed_phones = self._pop_addresses(row, PHONE, split_phones)
        self._read_phones(row, self.env["res.country"].browse(values.get("country_id") or ()))
        row.children = _pop_created(values, "child_ids")
        if not (row.name or row.id):
            row.end("refused", self.env._("There is no name, no e-mail address and no phone number."))
        return row

    @api.model
    def _pop_addresses(self, row, model, split):
        """Take the addresses of a kind out of the values: the primary, the text or list of others, the lines."""
        names = ADDRESS_MODELS[model]
        primary = _as_text(row.values.pop(names.primary, None))
        is_one = not SEPARATORS.search(primary) or self._normalize_registered(model, primary)
        several = row.values.pop(names.text, None) or ""
        addresses = [
            # Odoo lets people write several addresses into the one field.
            *([primary] if is_one else split(primary)),
            *map(_as_text, split(several) if isinstance(several, str) else several),
        ]
        raw_field = self.env[model]._raw_field
        for line in _pop_created(row.values, names.lines):
            addresses.append(_as_text(line.get(raw_field)))
            row.labels[addresses[-1]] = line.get("label") or "work"
        return [address for address in addresses if address]

    @api.model
    def _read_phones(self, row, country):
        """Read the phones of a row as numbers of this country, else of the company's."""
        row.phones.clear()
        row.invalid_phones.clear()
        for phone in row.typed_phones:
            normalized = self._normalize_registered(PHONE, phone, country)
            _place(phone, normalized, row.phones, row.invalid_phones)

    @api.model
    def _normalize_registered(self, model, address, country=None):
        if not address or len(address) > LONGEST[model]:
            return False
        if model == EMAIL:
            return self._normalize_address(model, address)
        return self._phone_format_number(address, country or self.env.company.country_id)


def _place(address, normalized, valid, invalid):
    if normalized:
        valid.setdefault(normalized, address)
    else:
        invalid.append(address)


def _pop_created(values, name):
    """Take the new lines of a one2many out of the values."""
    commands = values.pop(name, None) or []
    others = [command for command in commands if command[0] != Command.CREATE]
    if others:
        values[name] = others
    return [command[2] for command in commands if command[0] == Command.CREATE]


def _clean(value):
    """Take out of a text what Postgres does not store, and the apostrophe that an export has put before it.

    Odoo writes one before =, - and +, for spreadsheets (web/controllers/export.py).
    """
    if not isinstance(value, str):
        return value
    text = value.replace("\0", "").encode(errors="ignore").decode().strip()
    return text[1:] if text.startswith(("'=", "'-", "'+")) else text


def _as_text(value):
    """Return an address as a text: a file may have a phone as a number, and quotes that a mail program has put."""
    return "" if value in (None, False) else _clean(drop_invisible(str(value))).strip("'")
