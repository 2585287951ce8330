"""Contacts from the vCards that are attached to e-mails, a batch of messages at once."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace

from odoo import api, models

from ..mime import ParsedEmail, VCard, VCardError, is_vcard, parse_vcards
from ..mime.photo import count_pixels
from ..private_log import outline
from ..transactions import is_of_the_machine
from .escala_vcards import Candidate

_logger = logging.getLogger(__name__)

CARDS_OF_A_MESSAGE = 500
# Of all photos of a batch of messages; a file of 80 kB can have a quarter of that, which takes a second to scale.
PIXELS_OF_A_BATCH = 100_000_000


class EscalaEmailVcards(models.AbstractModel):
    _name = "escala.email.vcards"
    _inherit = "escala.vcards"
    _description = "vCards of E-mails"

    @api.model
    def _register_attached(self, mailbox, parsed_emails: Iterable[ParsedEmail]):
        """Register the contacts of all vCards among the attachments of a batch, if the mailbox is to.

        Cards of colleagues and of the companies of this database are left alone. Phones are read, and duplicates
        looked for, in the mailbox's company. A card that cannot be read, or a photo, stops nobody else's, and no
        message; what became of each contact is in `contact.registration`, which is returned.

        :raises Exception: only what the machine is to blame for, such as a lost race (`transactions`)
        """
        registrations = self.env["contact.registration"]
        if not mailbox.vcard_contacts:
            return registrations
        try:
            cards = list(self._leave_out_photos(self._read_cards(parsed_emails)))
            if not cards:
                return registrations
            with self.env.cr.savepoint():
                found = self.with_company(mailbox.company_id)._register_cards(
                    cards, "vcard", lambda candidates: self._leave_own_out(mailbox, candidates)
                )
                return registrations.union(*found.values())
        except Exception as error:
            if is_of_the_machine(error):
                raise
            _logger.warning("Mailbox %s: its vCards cannot be registered\n%s", mailbox.id, outline(error))
            return registrations

    def _read_cards(self, parsed_emails: Iterable[ParsedEmail]) -> Iterator[VCard]:
        for parsed in parsed_emails:
            left = CARDS_OF_A_MESSAGE
            for attachment in parsed.attachments:
                if not is_vcard(attachment.filename, attachment.mimetype):
                    continue
                try:
                    cards, reasons = parse_vcards(attachment.content, attachment.charset)
                except VCardError as error:
                    cards, reasons = (), (str(error),)
                yield from cards[:left]
                left = max(left - len(cards), 0)
                for reason in reasons:
                    _logger.info("vCard of %s: %s", parsed.headers.message_id, reason)

    def _leave_out_photos(self, cards: Iterable[VCard]) -> Iterator[VCard]:
        """Return the cards, without those photos that would hold the mailbox up."""
        room = PIXELS_OF_A_BATCH
        for card in cards:
            pixels = self._count_pixels(card.photo) if card.photo else 0
            if pixels > room:
                _logger.info("A photo of a vCard is left out: the others of its batch are large")
                yield replace(card, photo=b"")
                continue
            room -= pixels
            yield card

    def _count_pixels(self, photo: bytes) -> int:
        """Return what the file says of its size; one that cannot be read has none, and is left out later."""
        try:
            return count_pixels(photo)
        except Exception as error:
            if is_of_the_machine(error):
                raise
            return 0

    def _leave_own_out(self, mailbox, candidates: list[Candidate]) -> list[Candidate]:
        """Leave out the cards of colleagues, of the companies of this database and of their people."""
        colleagues = self.env["escala.email.classifier"]._get_addresses_to_leave_out(mailbox)
        contacts = self.env["res.partner"].union(*(each.contact for each in candidates))
        own = contacts._filter_own()
        return [
            each
            for each in candidates
            if each.contact not in own
            and not each.employer.own_company_ids
            and colleagues.isdisjoint(address for address, _label in each.card.emails)
        ]
