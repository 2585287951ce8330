"""Whose face stands beside a conversation or an e-mail."""

from collections.abc import Iterable

from odoo import api, models

from ..mime.addresses import get_name, split_shown_list


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    @api.model
    def _find_faces(self, addresses: Iterable[str]) -> dict[str, int]:
        """Map addresses to the contacts that have them, of those that the user may read."""
        wanted = set(filter(None, addresses))
        found = self.env["res.partner"]._find_by_addresses(wanted, ()).emails if wanted else {}
        readable = self.env["res.partner"].browse(partner.id for partner in found.values())
        readable = readable._filtered_access("read")
        return {address: partner.id for address, partner in found.items() if partner in readable}

    def _get_correspondent(self, own: Iterable[str]) -> tuple[str, str]:
        """Return name and address of whom this conversation is with, for its face.

        That is who wrote last from outside; of one in which nobody has, the first it was sent to.

        :param own: addresses of the user's own
        """
        theirs = self.filtered(lambda email: email.direction == "in" and email.sender_email not in own)[-1:]
        if theirs:
            return get_name(theirs.sender), theirs.sender_email or ""
        recipients = split_shown_list(self[-1:].recipients)
        name, address = recipients[0] if recipients else (self[-1:].correspondent, "")
        return name or address, address.lower()
