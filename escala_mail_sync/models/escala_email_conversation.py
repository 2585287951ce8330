"""What stands around the conversation that is open: what the user may do with it, and the leads it is about."""

from odoo import models


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    def _prepare_lead_cards(self, linked: list[dict], customer: dict | bool) -> list[dict]:
        """Return what is shown of the leads that a conversation is linked with, and of the others of its customer."""
        leads = self.env["crm.lead"].browse(lead["id"] for lead in linked)
        others = customer["leads"] if customer else []
        return leads._prepare_cards() + [card for card in others if card["id"] not in leads.ids]

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


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _prepare_cards(self) -> list[dict]:
        """Return what is shown of these leads beside e-mails; to be called for those that the user may read."""
        return [
            {
                "id": lead.id,
                "name": lead.display_name,
                "stage": lead.stage_id.name or "",
                "user": lead.user_id.name or "",
                "revenue": lead.expected_revenue,
                "currency_id": lead.company_currency.id,
                "type": lead.type,
            }
            for lead in self
        ]
