"""What the user has begun to answer in a conversation: it is shown there, to be gone on with."""

from odoo import models
from odoo.fields import Domain

from .escala_email_outgoing_folders import PAGE_FIELDS


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    def read_conversation(self) -> dict:
        """Add `drafts`, the user's own answers to these e-mails, oldest first; see `_prepare_row` of a draft."""
        conversation = super().read_conversation()
        shown = self.browse([email["id"] for email in conversation["emails"]])
        return {**conversation, "drafts": [draft._prepare_row() for draft in shown._find_own_drafts()]}

    def _find_own_drafts(self):
        outgoing = self.env["escala.email.outgoing"]
        if not outgoing.has_access("read"):
            return outgoing
        # sudo: which e-mail a draft answers is read by nobody; these are e-mails that the user may read
        answers = outgoing.sudo()._search([("answered_email_id", "in", self.ids)])
        drafts = outgoing._get_folder_domain("drafts") & Domain("id", "in", answers)
        return outgoing.search_fetch(drafts, PAGE_FIELDS, order="id")
