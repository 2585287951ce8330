"""From wherever an e-mail is mentioned to it, or to its conversation."""

from odoo import models


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    def action_open_conversation(self) -> dict:
        """Open the conversation of this e-mail in the workspace; raises AccessError for whoever may not read it."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("escala_mail_sync.escala_email_action")
        return {**action, "context": {"escala_folder": "all", "escala_open_id": self.id}}

    def _get_form_action(self) -> dict:
        """Return what opens this e-mail; raises AccessError for whoever may not read it."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
