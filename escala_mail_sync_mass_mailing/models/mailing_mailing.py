from odoo import api, models


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    @api.model
    def _get_default_mail_server_id(self):
        """Return the default of the database; of a company with another one's account for it, an account of its own.

        If it has none, mailings of that company leave as Odoo's other e-mails do.
        """
        default = super()._get_default_mail_server_id()
        # sudo: who writes mailings may use an account of the company, and not see it
        servers = self.env["ir.mail_server"].sudo()
        company = servers.browse(default or ()).escala_mailbox_id.company_id
        if not company or company == self.env.company:
            return default
        return servers.search([("escala_mailbox_id.company_id", "=", self.env.company.id)], limit=1).id

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
