from odoo import api, fields, models
from odoo.exceptions import UserError


class MailTemplate(models.Model):
    _inherit = "mail.template"

    mail_server_id = fields.Many2one(domain=[("escala_mailbox_id", "=", False)])

    @api.constrains("mail_server_id")
    def _check_no_marketing_account(self):
        # sudo: who writes templates may not otherwise read mail servers
        for server in self.sudo().mail_server_id.filtered("escala_mailbox_id"):
            raise UserError(self.env._("“%s” is for mailings only.", server.display_name))
