"""How much mail came in through a mailbox."""

from odoo import api, fields, models


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    # A number and no more: whoever sees the mailbox may know it, also of one whose e-mails they cannot read.
    email_count = fields.Integer("E-mails", compute="_compute_email_count", compute_sudo=True)

    @api.depends("folder_ids")
    def _compute_email_count(self):
        counts = dict(
            self.env["escala.mailbox.message"]._read_group(
                [("mailbox_id", "in", self.ids), ("email_id", "!=", False)],
                ["mailbox_id"],
                ["email_id:count_distinct"],
            )
        )
        for mailbox in self:
            mailbox.email_count = counts.get(mailbox._origin, 0)
