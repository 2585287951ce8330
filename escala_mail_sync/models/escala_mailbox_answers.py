"""Whom a mailbox's e-mails ask for an answer, and what the others see of it."""

from odoo import models


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("visibility") == "private" or vals.get("kind") == "personal":
            self._hide_answers()
        return result

    def _get_fallback_responsibles(self):
        """Return the users who share the e-mails of contacts and leads that nobody is responsible for.

        They are those of the queue who are there now, in an order that does not depend on whose turn it is for
        the next lead.
        """
        turns = self._get_turns() if self.kind == "shared" else []
        return self.env["res.users"].browse(assignee.user_id.id for assignee in turns).sorted("id")

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
