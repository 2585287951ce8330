"""Which addresses a client may change in the portal."""

from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _can_be_edited_by_current_customer(self, **kwargs):
        """Override: a client changes its own details; the account's addresses are the firm's business."""
        if self.env.user._is_client():
            return self == self._get_current_partner(**kwargs)
        return super()._can_be_edited_by_current_customer(**kwargs)
