"""The log of a document: what happened to it, who did it, when, from where, and with which content."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class EscalaDocumentEvent(models.Model):
    """A line of the log. Nobody changes or deletes one; it goes with its document.

    Names and addresses are kept as they were, whatever becomes of the contact. `checksum` says which content it was.
    """

    _name = "escala.document.event"
    _inherit = ["contact.access.mixin"]
    _description = "Event of a Document"
    _order = "id desc"
    _rec_name = "action"
    _contact_access_fields = ("account_id",)

    document_id = fields.Many2one("escala.document", required=True, index=True, ondelete="cascade")
    account_id = fields.Many2one("res.partner", related="document_id.account_id", store=True)
    action = fields.Selection(
        [
            ("uploaded", "Uploaded"),
            ("replaced", "Content replaced"),
            ("shown", "Made visible to clients"),
            ("hidden", "Hidden from clients"),
            ("viewed", "Viewed"),
            ("downloaded", "Downloaded"),
            ("asked_approval", "Approval requested"),
            ("asked_signature", "Signature requested"),
            ("reminded", "Reminder sent"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("signed", "Signed"),
            ("withdrawn", "Request withdrawn"),
            ("link_created", "Link created"),
            ("link_revoked", "Link revoked"),
        ],
        required=True,
    )
    happened_on = fields.Datetime("When", required=True, default=fields.Datetime.now, index=True)
    name = fields.Char("Who", required=True)
    email = fields.Char("E-mail Address")
    user_id = fields.Many2one("res.users", ondelete="set null", index="btree_not_null")
    contact_id = fields.Many2one("res.partner", ondelete="set null", index="btree_not_null")
    link_id = fields.Many2one("escala.document.link", ondelete="set null", index="btree_not_null")
    ip_address = fields.Char("IP Address")
    user_agent = fields.Char("Browser")
    checksum = fields.Char("SHA-256", help="Of the content that it was about.")
    note = fields.Text()

    def write(self, vals):
        if self:
            raise UserError(self.env._("The log of a document cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The log of a document cannot be changed."))
