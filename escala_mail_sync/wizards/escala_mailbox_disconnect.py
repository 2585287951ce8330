from odoo import api, fields, models


class EscalaMailboxDisconnect(models.TransientModel):
    """Asks what becomes of the e-mails of a mailbox that is disconnected."""

    _name = "escala.mailbox.disconnect"
    _description = "Disconnect a Mailbox"

    mailbox_id = fields.Many2one("escala.mailbox", required=True, readonly=True, ondelete="cascade")
    emails = fields.Selection(
        [("keep", "Keep them in Odoo"), ("remove", "Remove them from Odoo")],
        "E-mails that came in",
        required=True,
        default="keep",
    )
    mailbox_state = fields.Selection(related="mailbox_id.state")
    email_count = fields.Integer(compute="_compute_email_count")

    @api.depends("mailbox_id")
    def _compute_email_count(self):
        for wizard in self:
            wizard.mailbox_id._check_may_disconnect()
            # sudo: how many there are is told to managers too, and nothing of what they say
            wizard.email_count = wizard.mailbox_id.sudo()._count_emails()

    def action_disconnect(self):
        """Do what was chosen."""
        self.ensure_one()
        if self.emails == "remove":
            self.mailbox_id.action_disconnect_and_remove()
        else:
            self.mailbox_id.action_disconnect()
        return {"type": "ir.actions.act_window_close"}
