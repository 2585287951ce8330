from odoo import api, models

from .escala_email_answer import ANSWER_TYPE


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    @api.model
    def _get_model_info_by_xmlid(self):
        """Keep the type that the synchronisation uses from being deleted or bound to one model."""
        return {**super()._get_model_info_by_xmlid(), ANSWER_TYPE: {"res_model": False, "unlink": False}}
