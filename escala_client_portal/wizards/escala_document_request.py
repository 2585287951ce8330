from odoo import fields, models


class EscalaDocumentRequest(models.TransientModel):
    """Ask the clients to approve or sign documents, with a message and a deadline."""

    _name = "escala.document.request"
    _description = "Request Approval or Signature"

    document_ids = fields.Many2many(
        "escala.document", required=True, default=lambda self: self.env.context.get("active_ids", [])
    )
    state = fields.Selection(
        [("to_approve", "Approval"), ("to_sign", "Signature")], "Request", default="to_approve", required=True
    )
    message = fields.Text(help="What clients read with the request.")
    deadline = fields.Date(help="Clients are reminded before and on this day.")

    def action_request(self):
        """Send the request, with an e-mail to the addresses that want it."""
        self.document_ids._ask(self.state, self.message, self.deadline)
        return {"type": "ir.actions.act_window_close"}
