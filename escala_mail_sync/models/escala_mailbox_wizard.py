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
    def get_account_tabs(self) -> list[dict]:
        """Return the kinds of accounts that have a tab for the user, and of which they may connect one.

        Everybody has one personal mailbox; of the shared ones, members see theirs.
        """
        is_manager = self.env.user.has_group("escala_mail_sync.group_mailbox_manager")
        own = self.search_count([("kind", "=", "personal"), ("user_id", "=", self.env.uid)], limit=1)
        tabs = [{"kind": "personal", "may_connect": not own}]
        if is_manager or self.search_count([("kind", "=", "shared")], limit=1):
            tabs.append({"kind": "shared", "may_connect": is_manager})
        if is_manager:
            tabs.append({"kind": "marketing", "may_connect": True})
        return tabs

    @api.model
    def needs_mailbox(self) -> bool:
        """Tell whether the user may connect a mailbox and has none, neither alone nor with others."""
        if not self.env.user.has_group("escala_mail_sync.group_mailbox_user"):
            return False
        # a manager's rule shows all mailboxes
        own = ["|", ("user_id", "=", self.env.uid), ("member_ids", "in", [self.env.uid])]
        return not self.search_count([*own, ("kind", "!=", "marketing"), ("state", "!=", "draft")], limit=1)

    @api.model
    def get_account_banner(self) -> dict:
        """Return what a banner tells the user: ``connect``, to connect a mailbox; ``mailbox`` and ``error``, that their
        own cannot be read, and why. Empty if there is nothing to do."""
        if self.needs_mailbox():
            return {"connect": True}
        if not self.has_access("read"):
            return {}
        broken = self.search(
            [("kind", "=", "personal"), ("user_id", "=", self.env.uid), ("state", "=", "error")], limit=1
        )
        return {"mailbox": broken.display_name, "error": broken.last_error} if broken else {}

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
        if not self:
            return action
        name = self.env._("Reconnect %s", self.display_name)
        return {**action, "name": name, "context": {"default_mailbox_id": self.id}}
