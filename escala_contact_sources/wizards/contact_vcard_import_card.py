"""One card of an import of vCards: what is on it, and what becomes of it."""

import base64
from collections import defaultdict
from itertools import product
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.escala_mail_sync.mime import CardReading, Problem, read_cards

_lt = LazyTranslate(__name__)

PROBLEMS = {
    Problem.CUT_OFF: _lt("The card is cut off."),
    Problem.TOO_LONG: _lt("The card is too long."),
    Problem.GROUP: _lt("It is a group, not a contact."),
    Problem.LOCATION: _lt("It is a place, not a contact."),
    Problem.EMPTY: _lt("There is no name, no e-mail address and no phone number."),
    Problem.UNREADABLE: _lt("The card cannot be read."),
    Problem.LARGE_PHOTO: _lt("Its photo is larger than 2 MB and is left out."),
}


class Outcome(NamedTuple):
    """What becomes of a card: a value of the field `outcome`, why, and the id of the contact that it is in."""

    result: str
    reason: str = ""
    contact_id: int = 0


class ContactVcardImportCard(models.TransientModel):
    _name = "contact.vcard.import.card"
    _description = "Card of an Import of vCards"
    _order = "number, id"

    import_id = fields.Many2one("contact.vcard.import", required=True, ondelete="cascade", index=True)
    number = fields.Integer(string="No.", readonly=True, aggregator=None)
    file_name = fields.Char(string="File", readonly=True)
    source = fields.Binary(attachment=False, readonly=True, help="The card as it stands in the file.")
    name = fields.Char(readonly=True)
    company_name = fields.Char(string="Company", readonly=True)
    emails = fields.Char(string="E-mails", readonly=True)
    phones = fields.Char(readonly=True)
    outcome = fields.Selection(
        [
            ("created", "New"),
            ("updated", "Update"),
            ("restored", "Restore"),
            ("skipped", "Skip"),
        ],
        string="What Happens",
        readonly=True,
    )
    contact_id = fields.Many2one("res.partner", readonly=True, ondelete="set null")
    reason = fields.Char(string="Note", readonly=True)
    skip = fields.Boolean(help="Leave this card out.")

    def _register_contacts(self) -> dict:
        """Register the contacts of these cards, and return the `Outcome` of each."""
        readings = {card: card._read_source() for card in self}
        readable = self.filtered(lambda card: readings[card].card)
        repeated = readable._find_repeated(readings)
        new = readable.filtered(lambda card: card not in repeated)
        registered = self.env["escala.vcards"]._register_cards(
            [readings[card].card for card in new], "import"
        )
        # sudo: the person importing need not be able to read the log
        registrations = {new[position]: each.sudo() for position, each in registered.items()}
        makers = {each.partner_id: card for card, each in registrations.items() if each.result == "created"}
        outcomes = {}
        for card in self:
            words = [self._get_words(readings[card].problem)]
            registration = registrations.get(card)
            if card in repeated:
                words.append(self.env._("Card %s says the same.", repeated[card].number))
            elif registration:
                maker = makers.get(registration.partner_id, card)
                if maker != card:
                    words.append(self.env._("It is added to the contact of card %s.", maker.number))
            elif card in readable:
                words.append(self.env._("What is on it belongs to a contact of another name."))
            outcomes[card] = _get_outcome(registration, words)
        return outcomes

    def _read_source(self) -> CardReading:
        self.ensure_one()
        source = base64.b64decode(self.source or b"")
        return next(read_cards(source), CardReading(source, None, Problem.UNREADABLE))

    def _find_repeated(self, readings: dict) -> dict:
        """Map each card that says nothing new to the one before it that says the same."""
        known = defaultdict(list)  # by name, or none, and address
        repeated = {}
        for each in self:
            card = readings[each].card
            addresses = card.addresses or {""}
            # in any of them is who has all that the card has; in that of a switchboard are many others
            fewest = min((known[card.name, address] for address in addresses), key=len)
            if same := next((other for other in fewest if card.repeats(readings[other].card)), None):
                repeated[each] = same
                continue
            for name, address in product({card.name, ""}, addresses):
                known[name, address].append(each)
        return repeated

    @api.model
    def _get_words(self, problem: Problem | None) -> str:
        return self.env._(PROBLEMS[problem]) if problem else ""

    def _note(self, outcomes: dict) -> None:
        """Store what a preview found. A contact that it made is not there any more."""
        found = self.env["res.partner"].browse({each.contact_id for each in outcomes.values()} - {0})
        there = {*found.exists().ids}
        for card, (result, reason, contact_id) in outcomes.items():
            card.write(
                {
                    "outcome": result,
                    "reason": reason,
                    "contact_id": contact_id if contact_id in there else False,
                }
            )


def _get_outcome(registration, words: list[str]) -> Outcome:
    if not registration:
        return Outcome("skipped", " ".join(filter(None, words)))
    is_refused = registration.result == "refused"
    return Outcome(
        "skipped" if is_refused else registration.result,
        " ".join(filter(None, [registration.reason, *words])),
        # Whose it is may be none of the user's business.
        0 if is_refused else registration.partner_id.id,
    )
