"""An e-mail as the CRM knows it: one row per distinct message, however many mailboxes hold a copy."""

from odoo import api, fields, models


class EscalaEmail(models.Model):
    """The envelope, with links to the contacts and leads it concerns.

    Body and attachments are those of `mail_message_id`, a mail.message whose document is this record, so that
    whoever may read this row may read them, and nobody else, whichever way they ask.
    """

    _name = "escala.email"
    _description = "E-mail"
    _order = "date desc, id desc"
    _rec_name = "subject"

    subject = fields.Char(readonly=True)
    date = fields.Datetime(readonly=True, required=True, index=True)
    direction = fields.Selection([("in", "Received"), ("out", "Sent")], required=True, readonly=True)
    sender = fields.Char("From", readonly=True)
    sender_email = fields.Char("Sender's address", readonly=True, index=True)
    recipients = fields.Char("To", readonly=True)
    cc = fields.Char("Cc", readonly=True)
    snippet = fields.Char("Beginning", readonly=True)
    is_automatic = fields.Boolean("Automatic", readonly=True)
    is_history = fields.Boolean(
        "History", readonly=True, help="Dated before the mailbox was connected."
    )
    attachment_count = fields.Integer("Attachments", readonly=True)

    message_id = fields.Char("Message-ID", readonly=True, index=True)
    content_key = fields.Char(required=True, readonly=True, groups="base.group_system")
    thread_id = fields.Many2one("escala.email.thread", "Conversation", readonly=True, index=True)
    partner_ids = fields.Many2many("res.partner", string="Contacts", readonly=True)
    lead_ids = fields.Many2many("crm.lead", string="Leads", readonly=True)
    mailbox_message_ids = fields.One2many(
        "escala.mailbox.message",
        "email_id",
        "In mailboxes",
        readonly=True,
        bypass_search_access=True,  # see escala.mailbox.message.mailbox_id
    )
    mail_message_id = fields.Many2one("mail.message", "Message", readonly=True, ondelete="restrict", index=True)
    body = fields.Html(related="mail_message_id.body")
    attachment_ids = fields.Many2many(related="mail_message_id.attachment_ids", string="Files")

    _one_row_per_content = models.UniqueIndex("(content_key)")

    @api.ondelete(at_uninstall=False)
    def _unlink_message(self):
        """Take the body and the attachments along."""
        messages = self.mail_message_id
        self.mail_message_id = False
        # sudo: a message's own rules ask for more than deleting the e-mail it belongs to
        messages.sudo().unlink()
