from odoo import api, models

# RFC 5322, section 2.1.1; an index could not hold much more.
LONGEST_MESSAGE_ID = 998


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Override: the gateway and a mailbox that get the same reply at the same moment post it once.

        Both look for the Message-ID among the messages first. Where neither can see the other's message yet, the
        later one fails here, and finds the message when Odoo tries again.
        """
        message_id = message_dict["message_id"]
        is_reply = message_dict["references"] or message_dict["in_reply_to"]
        if is_reply and len(message_id.encode()) <= LONGEST_MESSAGE_ID:
            self.env["contact.address.claim"]._claim([message_id])
        return super().message_route(message, message_dict, model, thread_id, custom_values)
