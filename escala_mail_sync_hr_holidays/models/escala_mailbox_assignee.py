from odoo import api, models


class EscalaMailboxAssignee(models.Model):
    _inherit = "escala.mailbox.assignee"

    @api.model
    def _get_absent_users(self, users):
        """Add those on approved leave at this moment, as their status in Discuss shows it."""
        on_leave = set(self.env["res.users"]._get_on_leave_ids())
        return super()._get_absent_users(users) | users.filtered(lambda user: user.id in on_leave)
