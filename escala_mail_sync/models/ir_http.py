from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Tell the web client whether to offer *My e-mail account* in the user's menu."""
        return {
            **super().session_info(),
            "may_connect_mailbox": self.env.user.has_group("escala_mail_sync.group_mailbox_user"),
        }
