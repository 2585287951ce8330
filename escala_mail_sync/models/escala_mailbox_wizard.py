"""From a mailbox to the wizard that connects it, and from anywhere to one's own mailbox."""

from odoo import api, models


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    @api.model
    def action_open_own(self):
        """Open one's own mailbox; the wizard if there is none, or if it waits for being connected."""
        own = self.search([("kind", "=", "personal"), ("user_id", "=", self.env.uid)], limit=1)
        return own._get_form_action() if own else self._get_wizard_action()

    def action_open_wizard(self):
        """Connect this mailbox anew, or change its address, with what it has filled in."""
        self.ensure_one()
        self.check_access("write")
        return self._get_wizard_action()

    @api.model
    def get_account_tabs(self) -> list[str]:
        """Return the kinds of accounts that have a tab for the user: of shared ones, members see theirs."""
        if self.env.user.has_group("escala_mail_sync.group_mailbox_manager"):
            return ["personal", "shared", "marketing"]
        return ["personal", "shared"] if self.search_count([("kind", "=", "shared")], limit=1) else ["personal"]

    @api.model
    def needs_mailbox(self) -> bool:
        """Tell whether the user has no mailbox yet, neither alone nor with others."""
        # a manager's rule shows all mailboxes
        own = ["|", ("user_id", "=", self.env.uid), ("member_ids", "in", [self.env.uid])]
        return not self.search_count([*own, ("kind", "!=", "marketing"), ("state", "!=", "draft")], limit=1)

    def _get_form_action(self) -> dict:
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
        }

    def _get_wizard_action(self) -> dict:
        action = self.env["ir.actions.act_window"]._for_xml_id("escala_mail_sync.mailbox_wizard_action")
        return {**action, "context": {"default_mailbox_id": self.id} if self else {}}
