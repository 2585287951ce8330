"""Whom a mailbox's e-mails ask for an answer, and what the others see of it."""

from odoo import models


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("visibility") == "private" or vals.get("kind") == "personal":
            self._hide_answers()
        return result

    def _get_fallback_responsible(self):
        """Return the user to answer an e-mail that nobody is responsible for: the next of the queue, or nobody."""
        if not self.assignee_ids:
            return self.env["res.users"]
        return self.env["res.users"].browse(self._deal_out(1)).filtered("id")

    def _hide_answers(self) -> None:
        """Take the words of e-mails out of open activities that those who may not read the e-mail any more can see."""
        # sudo: the activities are other people's
        mailboxes = self.sudo().filtered(lambda mailbox: mailbox.visibility == "private")
        rows = self.env["escala.mailbox.message"].sudo()
        hidden = rows.search([("mailbox_id", "in", mailboxes.ids)]).email_id
        shown = rows.search(
            [("email_id", "in", hidden.ids), ("mailbox_id.visibility", "=", "shared")]
        ).email_id
        (hidden - shown)._hide_words()
