"""Contacts from vCards, wherever the cards come from: whose each is, and what of it goes to the registration."""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from odoo import Command, api, models
from odoo.fields import Domain
from odoo.tools import plaintext2html
from odoo.tools.image import ImageProcess
from odoo.tools.sql import escape_psql

from ..mime import VCard
from ..mime.countries import country_code, fold
from ..mime.photo import count_pixels
from ..private_log import kind
from ..transactions import is_of_the_machine

_logger = logging.getLogger(__name__)

EMAIL, PHONE = "res.partner.email", "res.partner.phone"
PHOTO_SIZE = (1920, 1920)  # that of image_1920
PHOTO_PIXELS = 25_000_000  # some 75 MB while it is read
# Odoo names provinces in two languages: "València (Valencia)", "Araba/Álava"
STATE_NAMES = re.compile(r"[()/]")


@dataclass
class Candidate:
    """One card on its way to the registration. `contact` is whose it is, as far as that is known before."""

    position: int  # among the cards that were given
    card: VCard
    country: models.BaseModel
    state: models.BaseModel
    emails: dict[str, str]  # normalised -> label
    phones: dict[str, tuple[str, str]] = field(default_factory=dict)  # normalised -> as written, label
    contact: models.BaseModel | None = None
    # Whether only what it shares with somebody else says so.
    is_named: bool = False
    # On the card of a person, a company that has one of the addresses, or is called as the card says.
    employer: models.BaseModel | None = None
    left_out: list[str] = field(default_factory=list)


class EscalaVcards(models.AbstractModel):
    _name = "escala.vcards"
    _description = "Contacts from vCards"

    @api.model
    def _register_cards(
        self,
        cards: list[VCard],
        source: str,
        keep: Callable[[list[Candidate]], list[Candidate]] | None = None,
    ) -> dict:
        """Register the contacts of cards, the companies first, so that their people find them.

        The rules are those of `res.partner._register_contacts`; a card completes and corrects, and a note or a photo
        that is there stays. The number of queries does not depend on that of the cards.

        :param source: a value of the field `source` of `contact.registration`
        :param keep: leaves out candidates that are not to be registered; by default none is
        :return: the `contact.registration` of each card by its position; a card that was left out, or has nothing
            that is not somebody else's, has none
        """
        candidates = self._prepare_candidates(cards)
        registrations = {}
        for are_companies in (True, False):
            group = [each for each in candidates if each.card.is_company == are_companies]
            if group:
                registrations |= self._register_group(group, source, keep)
        return registrations

    def _register_group(self, candidates: list[Candidate], source: str, keep) -> dict:
        self._find_contacts(candidates)
        self._find_employers(candidates)
        kept = [
            each
            for each in (keep(candidates) if keep else candidates)
            if each.card.name or each.emails or each.phones
        ]
        registrations = self.env["res.partner"]._register_contacts(
            [self._prepare_contact_values(each) for each in kept], source
        )
        for each, registration in zip(kept, registrations, strict=True):
            if each.left_out:
                # sudo: nobody writes the registrations by hand
                registration.sudo().reason = " ".join(
                    filter(None, [registration.sudo().reason, *each.left_out])
                )
        return {each.position: registration for each, registration in zip(kept, registrations, strict=True)}

    # ------------------------------------------------------------
    # READING
    # ------------------------------------------------------------

    def _prepare_candidates(self, cards: list[VCard]) -> list[Candidate]:
        places = self._find_places(cards)
        partners = self.env["res.partner"]
        candidates = []
        for position, (card, (country, state)) in enumerate(zip(cards, places, strict=True)):
            emails = {}
            for address, label in card.emails:
                if normalized := partners._normalize_registered(EMAIL, address):
                    emails.setdefault(normalized, label)
            candidates.append(Candidate(position, card, country, state, emails))
        return candidates

    def _find_places(self, cards: list[VCard]) -> list[tuple]:
        """Return the country and the state of each card, empty ones where it names none that is known."""
        codes = [country_code(card.country) or card.country_code for card in cards]
        countries = self.env["res.country"].search([("code", "in", list({*codes} - {""}))])
        by_code = {country.code: country for country in countries}
        with_state = {code for card, code in zip(cards, codes, strict=True) if card.state}
        states = self.env["res.country.state"]
        if with_state:
            states = states.search([("country_id.code", "in", list(with_state))])
        by_name = {}
        for state in states:
            for name in (state.code, state.name, *STATE_NAMES.split(state.name)):
                by_name.setdefault((state.country_id.code, fold(name)), state)
        return [
            (by_code.get(code, countries.browse()), by_name.get((code, fold(card.state)), states.browse()))
            for card, code in zip(cards, codes, strict=True)
        ]

    def _read_phones(self, candidate: Candidate, contact) -> None:
        """Read the phones in the country of the card, else of the contact, else of the company."""
        own = self.env.company.country_id
        country = candidate.country or contact.country_id or own
        unreadable = []
        for number, label in candidate.card.phones:
            normalized = self.env["res.partner"]._normalize_registered(PHONE, number, country)
            if normalized:
                # Where the contact ends up the number may be read as one of another country.
                candidate.phones.setdefault(normalized, (number if country == own else normalized, label))
            else:
                unreadable.append(number)
        if unreadable:
            numbers = ", ".join(unreadable)
            candidate.left_out.append(self.env._("Left out, as it is no phone number: %s.", numbers))

    # ------------------------------------------------------------
    # WHOSE THEY ARE
    # ------------------------------------------------------------

    def _find_contacts(self, candidates: list[Candidate]) -> None:
        """Find whose cards they are, by e-mail, else by phone, as the registration will.

        A card is that of a person or of a company. What it shares with a contact of the other kind who is called
        otherwise, such as the address of the office, is left to that one.
        """
        # sudo: whether a card is of a contact that the user may not see is for the registration to refuse
        partners = self.env["res.partner"].sudo()
        emails = {email for each in candidates for email in each.emails}
        by_email = self._find_by_normalized(emails, ()).emails
        together = partners.union(*by_email.values()).ids
        for each in candidates:
            owners = partners.union(*(by_email.get(email, partners) for email in each.emails))
            self._read_phones(each, _oldest(owners.with_prefetch(together)))
        phones = {phone for each in candidates for phone in each.phones}
        by_phone = self._find_by_normalized((), phones).phones
        together = partners.union(*by_email.values(), *by_phone.values()).ids
        for each in candidates:
            others, given_up = partners, []
            for addresses, found in ((each.emails, by_email), (each.phones, by_phone)):
                owners = partners.union(*(found.get(address, partners) for address in addresses))
                owners = owners.with_prefetch(together)
                own = owners.filtered(lambda contact, card=each.card: _is_of_kind(contact, card))
                own = own.with_prefetch(together)
                others |= owners - own
                each.contact = each.contact or _oldest(own)
                for address in [*addresses]:
                    if found.get(address, partners) - own:
                        del addresses[address]
                        given_up.append(address)
            self._tell_what_is_given_up(each, given_up, by_email | by_phone)
            companies = others.filtered("is_company").with_env(self.env)
            each.employer = _oldest(companies._filtered_access("read").with_prefetch(together))
            left = [by_email.get(email, partners) for email in each.emails]
            left += [by_phone.get(phone, partners) for phone in each.phones]
            each.is_named = bool(each.contact) and each.contact not in partners.union(*left)

    def _tell_what_is_given_up(self, candidate: Candidate, addresses: list[str], owners: dict) -> None:
        """Note which addresses are left to somebody else; those that the contact has as well are not lost."""
        others = [address for address in addresses if candidate.contact not in owners[address]]
        if others:
            candidate.left_out.append(
                self.env._("Left out, as another contact has it: %s.", ", ".join(others))
            )

    def _find_by_normalized(self, emails: Iterable[str], phones: Iterable[str]):
        return self.env["res.partner"]._find_all_by_normalized(
            emails, phones, company=self.env.company, with_deleted=True
        )

    def _find_employers(self, candidates: list[Candidate]) -> None:
        """Find, for the cards of people that share nothing with their company, the company by its name."""
        by_name = self._find_companies_by_name(candidates)
        for each in candidates:
            if not each.employer:
                each.employer = by_name.get(_fold_name(each.card.company), self.env["res.partner"])

    def _find_companies_by_name(self, candidates: list[Candidate]) -> dict:
        """Map the names of companies, as `_fold_name` returns them, to the oldest contact of each."""
        names = {each.card.company for each in candidates if each.card.company and not each.card.is_company}
        if not names:
            return {}
        # sudo: a branch's user need not have access to its parent companies
        company_ids = [False, *(self.env.company | self.env.company.sudo().parent_ids).ids]
        # The complete name is the one with an index for ILIKE (escala_contact_rules); without a parent they are equal.
        companies = self.env["res.partner"].search(
            Domain("is_company", "=", True)
            & Domain("parent_id", "=", False)
            & Domain("company_id", "in", company_ids)
            & Domain.OR(Domain("complete_name", "=ilike", escape_psql(name)) for name in names),
            order="id desc",
        )
        return {_fold_name(company.name): company for company in companies}

    # ------------------------------------------------------------
    # VALUES
    # ------------------------------------------------------------

    def _prepare_contact_values(self, candidate: Candidate) -> dict:
        """Return the row to register. Nobody is moved from one company to another by a card."""
        card, contact, employer = candidate.card, candidate.contact, candidate.employer
        values = {
            **({"id": contact.id} if candidate.is_named else {}),
            "name": card.name,
            "function": card.job,
            "website": card.website,
            "alternative_email_ids": [
                Command.create({"email": email, "label": label}) for email, label in candidate.emails.items()
            ],
            "alternative_phone_ids": [
                Command.create({"phone": phone, "label": label}) for phone, label in candidate.phones.values()
            ],
        }
        if card.is_company:
            values["is_company"] = True
        elif not contact.parent_id and not contact.is_company:
            # Odoo gives people the address of their company, over their own.
            if employer and not any(contact[name] for name in ("street", "street2", "zip", "city")):
                values["parent_id"] = employer.id
            elif _fold_name(card.company) != _fold_name(card.name):
                values["company_name"] = card.company
        # What somebody noted, and the photo that is there, could not be had back.
        if card.note and not contact.comment:
            values["comment"] = plaintext2html(card.note)
        if card.photo and not contact.with_context(bin_size=True).image_128:
            values["image_1920"] = self._get_photo(candidate)
        return values | self._prepare_postal_values(candidate, contact.parent_id or employer)

    def _prepare_postal_values(self, candidate: Candidate, employer) -> dict:
        """Return the postal address of a card, to replace a whole one or nothing.

        Odoo writes the address of a person to the person's company as well (base/models/res_partner.py,
        `_fields_sync`); a card may give it one if it has none, but not change it.
        """
        card, contact = candidate.card, candidate.contact
        values = {
            "street": card.street,
            "street2": card.street2,
            "zip": card.zip,
            "city": card.city,
            "state_id": candidate.state.id,
            "country_id": candidate.country.id,
        }
        if employer and (card.is_home or any(employer[name] for name in values)):
            return {}
        return {} if any(contact[name] and not value for name, value in values.items()) else values

    def _get_photo(self, candidate: Candidate) -> bytes | bool:
        """Return a photo that is known to be one, since whether it is shows only when it is read to its end."""
        try:
            # Before Odoo reads it, which turns it upright at once
            if count_pixels(candidate.card.photo) > PHOTO_PIXELS:
                raise ValueError("It has too many pixels.")
            process = ImageProcess(candidate.card.photo, verify_resolution=False)
            if not process.image:
                raise ValueError("It is SVG or WebP, which Odoo does not scale.")
            process.image.load()
            process.resize(*PHOTO_SIZE)
            return base64.b64encode(process.image_quality())
        except Exception as error:
            if is_of_the_machine(error):
                raise
            _logger.info("A photo of a vCard is left out: %s", kind(error))
            candidate.left_out.append(
                self.env._("Its photo was left out: it cannot be read, or is too large.")
            )
            return False


def _fold_name(name: str | bool) -> str:
    return " ".join((name or "").split()).casefold()


def _oldest(contacts):
    """Return the contact that the registration would choose: the oldest, a deleted one last.

    Reading it reads what these are prefetched with.
    """
    oldest = contacts.sorted(lambda contact: (bool(contact.deletion_date), contact.id))[:1]
    return oldest.with_prefetch(contacts._prefetch_ids)


def _is_of_kind(contact, card: VCard) -> bool:
    """Tell whether a contact may be the one of a card: both a person, both a company, or called the same."""
    return contact.is_company == card.is_company or _fold_name(contact.name) == _fold_name(card.name)
