"""Taking in: what a request says is checked and kept, nothing more, so that it is answered at once."""

import json
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import email_normalize
from odoo.tools.translate import LazyTranslate

from ..intake import Fault, Intake, PayloadError, flatten, map_fields
from ..intake.payload import MAX_FIELDS, MAX_LENGTH

_lt = LazyTranslate(__name__)

FAULTS = {
    Fault.TOO_MANY: _lt("more than %s values", MAX_FIELDS),
    Fault.TOO_LONG: _lt("a value of more than %s characters", MAX_LENGTH),
    Fault.TOO_DEEP: _lt("nested too deep"),
    Fault.NO_OBJECT: _lt("no JSON object"),
    Fault.FILES: _lt("it has files"),
}
HONEYPOT = "escala_nickname"
KEY = "idempotency_key"
OWN_FIELDS = {HONEYPOT, KEY, "csrf_token"}
# What the hosted page has fields for, besides the message.
TARGETS_ON_PAGE = {"name", "first_name", "last_name", "email", "phone", "consent"}
LONGEST_EMAIL = 254  # RFC 5321, section 4.5.3.1.3, without the brackets
# Of a person and of a company: both go into one index (base/models/res_partner.py, `complete_name`), whose rows have
# 2,704 bytes at most, and a letter has up to four.
LONGEST_NAME = 250


class KeyTaken(Exception):
    """An idempotency key came with something else before."""


class ContactSource(models.Model):
    _inherit = "contact.source"

    @api.model
    def _find_by_token(self, token: str):
        """Return the source of this token with superuser rights, or none."""
        # sudo: the token is what a visitor shows in place of a login
        return self.sudo().search([("token", "=", token)], limit=1) if token else self.sudo()

    def _read_intake(self, payload: dict[str, list[str]]) -> Intake:
        return map_fields(payload, {line.field_name: line.target for line in self.mapping_ids})

    def _get_words_of_fault(self, error: Exception) -> str:
        """Return why a payload cannot be taken in."""
        return self.env._(FAULTS[error.fault]) if isinstance(error, PayloadError) else str(error)

    def _check_intake(self, intake: Intake) -> dict[str, str]:
        """Return what is wrong with a submission, by field, such as email or consent; nothing if it is right."""
        errors = {}
        for name in ("name", "company_name"):
            if len(intake.contact.get(name, "")) > LONGEST_NAME:
                errors[name] = self.env._("That is too long: %s characters at most.", LONGEST_NAME)
        for email in _find_no_emails(intake):
            errors["email"] = self.env._("“%s” is not an e-mail address.", email)
        for phone in self._find_no_phones(intake):
            errors["phone"] = self.env._(
                "“%s” is not a phone number. Write it with its country prefix, such as +34 600 12 34 56.",
                phone,
            )
        if not (intake.emails or intake.phones):
            errors.setdefault("email", self.env._("Write an e-mail address or a phone number."))
        if self.asks_consent and not intake.consent:
            errors["consent"] = self.env._("Please tick this box.")
        return errors

    def _prepare_correction(
        self, payload: dict[str, list[str]], errors: dict[str, str]
    ) -> tuple[dict, list[tuple[str, str]]]:
        """Return what the hosted page shows of a submission that is wrong, and which fields it sends along unseen.

        A form of another page has fields that this one has not; nothing of them is lost when somebody corrects it here.

        :param errors: see `_check_intake`; what is wrong is shown
        """
        payload = {name: texts for name, texts in payload.items() if name not in OWN_FIELDS}
        intake = self._read_intake(payload)
        shown = {
            "name": intake.contact.get("name"),
            "company_name": intake.contact.get("company_name"),
            "message": "\n".join(payload.get("message", [])),
            "consent": intake.consent,
        }
        unseen = [
            (name, text)
            for name, texts in payload.items()
            if name != "message" and intake.targets[name] not in TARGETS_ON_PAGE | errors.keys()
            for text in texts
        ]
        for name, addresses, wrong in (
            ("email", intake.emails, _find_no_emails(intake)),
            ("phone", intake.phones, self._find_no_phones(intake)),
        ):
            shown[name] = next(iter([*wrong, *addresses]), None)
            unseen += [(name, each) for each in addresses if each not in [*wrong, shown[name]]]
        return shown, unseen

    def _find_no_phones(self, intake: Intake) -> list[str]:
        """Return those of the phones that registering would not take, either."""
        if not intake.phones:
            return []
        text = intake.contact.get("country")
        country = self._find_countries([text]).get(text) or self.company_id.country_id
        contacts = self.env["res.partner"]
        return [phone for phone in intake.phones if not contacts._phone_format_number(phone, country)]

    @api.model
    def _find_countries(self, texts) -> dict:
        """Map each text to the country that it names: by code, or by name in any language of the database."""
        wanted = {text: text.strip().casefold() for text in texts if text}
        if not wanted:
            return {}
        countries = self.env["res.country"].search([])
        by_name = {country.code.casefold(): country for country in countries if country.code}
        for lang, _name in self.env["res.lang"].get_installed():
            by_name |= {country.name.casefold(): country for country in countries.with_context(lang=lang)}
        return {text: by_name[folded] for text, folded in wanted.items() if folded in by_name}

    def _is_over_limit(self, remote_address: str) -> bool:
        """Tell whether too much has come from this network address within a minute."""
        if not self.rate_limit:
            return False
        since = fields.Datetime.now() - timedelta(minutes=1)
        submissions = self.env["contact.source.submission"].sudo()  # sudo: nobody may read network addresses
        found = submissions.search_count(
            [
                ("source_id", "=", self.id),
                ("remote_address", "=", remote_address),
                ("received_on", ">", since),
            ],
            limit=self.rate_limit,
        )
        return found >= self.rate_limit

    def _take_in(self, payload: dict[str, list[str]], remote_address: str, key: str | None = None):
        """Keep a submission that was found right, and have it registered soon.

        :param key: of a client that may send the same thing twice: the second time, the first one is returned
        :raises KeyTaken: something else came with this key
        """
        self.ensure_one()
        # sudo: a visitor may write nothing by himself
        submissions = self.env["contact.source.submission"].sudo()
        kept = {name: texts for name, texts in payload.items() if name not in OWN_FIELDS - {HONEYPOT}}
        if key and (
            known := submissions.search([("source_id", "=", self.id), ("idempotency_key", "=", key)])
        ):
            if known.payload != kept:
                raise KeyTaken
            return known
        intake = self._read_intake(payload)
        is_spam = HONEYPOT in payload
        submission = submissions._create_once(
            {
                "source_id": self.id,
                "company_id": self.company_id.id,  # else it is written afterwards
                "payload": kept,
                "summary": intake.summary,
                "remote_address": remote_address,
                "idempotency_key": key,
                "state": "spam" if is_spam else "queued",
                "error": self.env._("The field that people do not see was filled in.") if is_spam else False,
            }
        )
        if not is_spam:
            submission._trigger_registering()
        return submission

    @api.depends("sample", "mapping_ids.field_name", "mapping_ids.target")
    def _compute_sample_result(self):
        for source in self:
            source.sample_result = source._try_sample() if source.sample else False

    def _try_sample(self) -> str:
        try:
            payload = flatten(dict(json.loads(self.sample)).items())
        except (ValueError, TypeError, RecursionError) as error:
            return self.env._("This cannot be read: %s", self._get_words_of_fault(error))
        intake = self._read_intake(payload)
        labels = dict(self.env["contact.source.mapping"]._fields["target"]._description_selection(self.env))
        lines = [f"{name} → {labels[target]}" for name, target in intake.targets.items()]
        return "\n".join([*lines, *self._check_intake(intake).values()])


def _find_no_emails(intake: Intake) -> list[str]:
    return [email for email in intake.emails if len(email) > LONGEST_EMAIL or not email_normalize(email)]


class ContactSourceSubmission(models.Model):
    _inherit = "contact.source.submission"

    @api.model
    def _create_once(self, vals_list):
        """Create submissions; when another request has just stored one with the same key, have this one start over.

        :raises ConcurrencyError: Odoo repeats the request, which finds the other's (odoo/service/model.py, retrying)
        """
        try:
            return self.create(vals_list)
        except UniqueViolation as error:
            raise ConcurrencyError("the same key was stored by another request") from error
