from odoo import api, fields, models


class EscalaMailboxHandover(models.TransientModel):
    """Asks who gets the mailbox of somebody who has left."""

    _name = "escala.mailbox.handover"
    _description = "Hand Over a Mailbox"

    mailbox_id = fields.Many2one("escala.mailbox", required=True, readonly=True, ondelete="cascade")
    owner_name = fields.Char(related="mailbox_id.user_id.name")
    company_id = fields.Many2one(related="mailbox_id.company_id")
    user_id = fields.Many2one(
        "res.users",
        "New owner",
        required=True,
        ondelete="cascade",
        domain="[('share', '=', False), ('company_ids', 'in', [company_id])]",
    )
    is_archived = fields.Boolean(compute="_compute_is_archived")

    @api.depends("user_id")
    def _compute_is_archived(self):
        for wizard in self:
            wizard.is_archived = bool(wizard.mailbox_id._find_personal(wizard.user_id))

    def action_hand_over(self):
        """Do it; the mailbox's own method checks who may."""
        self.ensure_one()
        self.mailbox_id._hand_over(self.user_id)
        return {"type": "ir.actions.act_window_close"}
