"""What the user may do with the conversation that is open."""

from odoo import models


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    def read_conversation(self) -> dict:
        """Tell also what buttons to show, as `rights`."""
        return {**super().read_conversation(), "rights": self._get_rights()}

    def _get_rights(self) -> dict[str, bool]:
        """Return what the user may do: `write`, `link` contacts and leads, and create a `contact` or a `lead`."""
        leads = self.env["crm.lead"]
        return {
            "write": self.env.user.has_group("escala_mail_sync.group_mailbox_user"),
            "link": bool(self._filter_relinkable()),
            "contact": self.env["res.partner"].has_access("create"),
            "lead": leads.has_access("create"),
            "see_leads": leads.has_access("read"),
        }
