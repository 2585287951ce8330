"""To whom an outgoing e-mail goes, and the addresses that are proposed for it."""

from email.utils import getaddresses

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize, formataddr

SUGGESTIONS = 8


class EscalaEmailOutgoing(models.Model):
    _inherit = "escala.email.outgoing"

    @api.model
    def find_addresses(self, term: str) -> list[dict[str, str]]:
        """Return names and addresses of the contacts that the user may read and that match what is typed.

        Alternative addresses too, each on its own; no more than eight.
        """
        has_address = Domain("email_normalized", "!=", False) | Domain("alternative_email_ids", "!=", False)
        partners = self.env["res.partner"].search(
            Domain("display_name", "ilike", term) & has_address, limit=SUGGESTIONS
        )
        found = [
            {"name": partner.name or "", "email": email}
            for partner in partners
            for email in (partner.email_normalized, *partner.alternative_email_ids.mapped("email_normalized"))
            if email
        ]
        typed = term.lower()
        # the addresses that match before other ones of the same people
        found.sort(key=lambda each: typed not in each["email"])
        return found[:SUGGESTIONS]

    def _get_recipients(self) -> list[str]:
        """Return the addresses of everybody who gets it, each once."""
        emails = (email_normalize(address) for _name, address in self._get_written())
        return [*dict.fromkeys(filter(None, emails))]

    def _get_wrong(self) -> list[str]:
        """Return what was written and is no address, as it is shown."""
        return [name or address for name, address in self._get_written() if not _is_address(address)]

    def _get_written(self) -> list[tuple[str, str]]:
        """Return names and addresses as they were written."""
        return getaddresses(filter(None, (self.to, self.cc, self.bcc)))

    @api.model
    def _keep(self, text: str | bool, emails: set[str]) -> str:
        """Return those of the addresses in a list that are among these, with their names."""
        written = getaddresses([text or ""])
        return ", ".join(formataddr(pair) for pair in written if email_normalize(pair[1]) in emails)


def _is_address(text: str) -> bool:
    if not email_normalize(text):
        return False
    try:
        formataddr(("", text), "ascii")
    except UnicodeError:  # its domain cannot be in the DNS (RFC 5891)
        return False
    return True
