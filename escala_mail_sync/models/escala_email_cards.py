"""What stands of contacts and leads beside their e-mails."""

from odoo import fields, models

CARD_LINES = 5


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _prepare_card(self) -> dict:
        """Return what is shown of a contact beside its e-mails, as far as the user may read it."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name or self.display_name,
            "email": self.email or "",
            "phone": self.phone or "",
            "function": self.function or "",
            "company": self.parent_id._filtered_access("read").name or self.company_name or "",
            "leads": self._prepare_card_leads(),
            "activities": [
                {
                    "id": activity.id,
                    "summary": activity.summary or activity.activity_type_id.name or "",
                    "date": fields.Date.to_string(activity.date_deadline),
                    "state": activity.state,
                    "user": activity.user_id.name or "",
                }
                for activity in self.activity_ids[:CARD_LINES]
            ],
        }

    def _prepare_card_leads(self) -> list[dict]:
        leads = self.env["crm.lead"]
        if not leads.has_access("read"):
            return []
        domain = [("partner_id", "child_of", self.commercial_partner_id.ids), ("won_status", "=", "pending")]
        return leads.search(domain, limit=CARD_LINES)._prepare_cards()


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
