from odoo import api, models


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    @api.depends("mail_server_id", "create_uid")
    def _compute_email_from(self):
        """Send from the address of the marketing account, where Odoo finds no other that its server sends for."""
        result = super()._compute_email_from()
        for mailing in self:
            # sudo: who writes mailings may use the account, and not see it
            server = mailing.sudo().mail_server_id
            mailbox = server.escala_mailbox_id
            if mailbox and not server._match_from_filter(mailing.email_from, server.from_filter):
                mailing.email_from = mailbox._get_sender(mailing.create_uid)
        return result
