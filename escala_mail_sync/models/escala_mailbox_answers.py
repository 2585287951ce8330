"""Whom a mailbox's e-mails ask for an answer, and what the others see of it."""

from odoo import models
from odoo.fields import Domain


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    def write(self, vals):
        result = super().write(vals)
        if {"visibility", "kind", "link_to_crm"}.intersection(vals):
            self._follow_sharing()
        return result

    def _get_fallback_responsibles(self):
        """Return the users who share the e-mails of contacts and leads that nobody is responsible for.

        They are those of the queue who are there now, in an order that does not depend on whose turn it is for
        the next lead.
        """
        turns = self._get_turns() if self.kind == "shared" else []
        return self.env["res.users"].browse(assignee.user_id.id for assignee in turns).sorted("id")

    def _follow_sharing(self) -> None:
        """Have open activities quote the e-mails of these mailboxes if everybody may read them by now, else not.

        Nor do leads go on quoting them.
        """
        # sudo: the activities are other people's
        self.env["mail.activity"].sudo().search(
            Domain("escala_email_id.mailbox_message_ids.mailbox_id", "in", self.ids)
            | Domain("escala_email_id.sent_mailbox_id", "in", self.ids)
        )._follow_sharing()
        # sudo: which leads e-mails have made is shown to nobody
        self.env["escala.lead.origin"].sudo()._stop_quoting(self - self._filter_shared())
