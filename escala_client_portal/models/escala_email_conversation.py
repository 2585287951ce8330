"""What clients have replied in the portal, at the end of the conversation in the workspace."""

from odoo import models
from odoo.tools import html2plaintext


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    def read_conversation(self):
        """Add `portal_replies`: the messages in the portal about these e-mails, oldest first."""
        conversation = super().read_conversation()
        emails = self.browse(email["id"] for email in conversation["emails"])
        # sudo: which e-mail it is about is told to those who may read that one, and the messages
        found = self.env["escala.portal.conversation"].sudo().search([("email_id", "in", emails.ids)])
        readable = found.sudo(False)._filtered_access("read")
        conversation["portal_replies"] = [
            {
                "id": message.id,
                "conversation_id": message.res_id,
                "author": message.author_id.name or message.email_from,
                "text": html2plaintext(message.body or ""),
            }
            for message in readable.sudo()._get_shown_messages()
        ]
        return conversation
