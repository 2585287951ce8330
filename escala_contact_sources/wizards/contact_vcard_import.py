"""Import of vCard files: what would become of each card is shown before anything is stored."""

import base64
import binascii
from collections import Counter
from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.escala_mail_sync.mime import read_cards

from .undone import undone

MAX_BYTES = 10_000_000  # of all files together
MAX_CARDS = 2000  # in all files together


class ContactVcardImport(models.TransientModel):
    """The cards of some files. Importing registers them by the rules of `res.partner._register_contacts`."""

    _name = "contact.vcard.import"
    _description = "Import of vCards"

    summary = fields.Char(readonly=True)
    problems = fields.Text(readonly=True, help="Which files hold no card.")
    card_ids = fields.One2many("contact.vcard.import.card", "import_id", string="Cards")

    @api.model
    def action_preview(self, files: list[dict]) -> dict:
        """Read files, and show what would become of the contacts that are in them.

        :param files: each with its `name`, and its `content` in base64
        :return: the action that opens the preview
        :raises AccessError: if the user may not create contacts
        :raises UserError: if no file holds a card, or they are too large together
        """
        self.env["res.partner"].check_access("create")
        vals_list, problems = self._read_files(files)
        if not vals_list:
            raise UserError("\n".join(problems) or self.env._("There is no file to import."))
        preview = self.create(
            {"problems": "\n".join(problems), "card_ids": [Command.create(vals) for vals in vals_list]}
        )
        preview._preview()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import vCards"),
            "res_model": self._name,
            "res_id": preview.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def look_again(self) -> None:
        """Preview all cards once more: what others become may depend on a card that somebody leaves out.

        That takes as long as importing them: seconds for thousands. The web client asks for it after a pause in
        clicking (static/src/vcard_import/vcard_preview.js).

        :raises AccessError: if the user may not create contacts
        """
        self.ensure_one()
        self.env["res.partner"].check_access("create")
        self._preview()

    def action_import(self) -> dict:
        """Register the cards that are not to be skipped, and show the contacts that they are in."""
        self.ensure_one()
        self.env["res.partner"].check_access("create")
        outcomes = self.card_ids.filtered(lambda card: not card.skip)._register_contacts()
        counts = Counter(outcome.result for outcome in outcomes.values())
        counts["skipped"] += len(self.card_ids) - len(outcomes)
        contact_ids = [each.contact_id for each in outcomes.values() if each.result != "skipped"]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if contact_ids else "warning",
                "title": self.env._("Import of vCards"),
                "message": self._summarize(counts, is_done=True),
                "sticky": True,
                "next": self._get_next_action(sorted({*contact_ids})),
            },
        }

    # ------------------------------------------------------------
    # READING
    # ------------------------------------------------------------

    @api.model
    def _read_files(self, files):
        """Return the values of the cards of files, and what is wrong with files that hold none."""
        vals_list, problems, size = [], [], 0
        for file in files:
            name = str(file.get("name") or "")
            try:
                content = base64.b64decode(file.get("content") or "")
            except (binascii.Error, TypeError, ValueError):
                content = b""
            size += len(content)
            if size > MAX_BYTES:
                raise UserError(
                    self.env._("The files are larger than 10 MB together. Import fewer of them at a time.")
                )
            room = MAX_CARDS - len(vals_list)
            readings = list(islice(read_cards(content), room + 1))
            if len(readings) > room:
                raise UserError(
                    self.env._(
                        "There are more than %s cards in the files. Import fewer of them at a time.",
                        MAX_CARDS,
                    )
                )
            if not readings:
                problems.append(self.env._("There is no vCard in “%s”.", name))
            vals_list += [self._prepare_card_values(reading, name) for reading in readings]
        for number, vals in enumerate(vals_list, start=1):
            vals["number"] = number
        return vals_list, problems

    @api.model
    def _prepare_card_values(self, reading, file_name):
        card = reading.card
        return {
            "file_name": file_name,
            "source": base64.b64encode(reading.source),
            "name": card and _get_name(card),
            "company_name": card and not card.is_company and card.company,
            "emails": card and ", ".join(each.value for each in card.emails),
            "phones": card and ", ".join(each.value for each in card.phones),
        }

    # ------------------------------------------------------------
    # WHAT BECOMES OF IT
    # ------------------------------------------------------------

    def _preview(self):
        """Register the cards that are not to be skipped, note what became of each, and undo it."""
        skipped = self.card_ids.filtered("skip")
        cards = (self.card_ids - skipped).with_context(tracking_disable=True)
        with undone(self.env):
            outcomes = cards._register_contacts()
        cards._note(outcomes)
        skipped.write({"outcome": "skipped", "reason": False, "contact_id": False})
        self.summary = self._summarize(Counter(self.card_ids.mapped("outcome")), is_done=False)

    @api.model
    def _summarize(self, counts, is_done):
        labels = {
            "created": self.env._("New"),
            "updated": self.env._("Updated") if is_done else self.env._("To update"),
            "restored": self.env._("Restored") if is_done else self.env._("To restore"),
            "skipped": self.env._("Skipped"),
        }
        return ", ".join(f"{label}: {counts[result]}" for result, label in labels.items() if counts[result])

    @api.model
    def _get_next_action(self, contact_ids):
        if not contact_ids:
            return {"type": "ir.actions.act_window_close"}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Imported contacts"),
            "res_model": "res.partner",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("id", "in", contact_ids)],
            "target": "current",
        }


def _get_name(card):
    """Return what the contact is called; one without a name is called by the first address that it has."""
    addresses = (each.value for each in (*card.emails, *card.phones))
    return card.name or next(addresses, "")
