"""A folder of a mailbox, with the place up to which it has been read."""

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..fields import BigInteger
from ..imap.folder_sync import FolderCursor

ROLE_ORDER = ("inbox", "sent", "archive", "all", "drafts", "junk", "trash", "other")


class EscalaMailboxFolder(models.Model):
    """The durable cursor of one folder; it moves in the transaction that stores the messages (docs/design)."""

    _name = "escala.mailbox.folder"
    _description = "Mailbox Folder"
    _order = "mailbox_id, role_order, path"
    _rec_name = "path"

    mailbox_id = fields.Many2one("escala.mailbox", required=True, ondelete="cascade", index=True)
    path = fields.Char("Folder", required=True, readonly=True)
    role = fields.Selection(
        [
            ("inbox", "Inbox"),
            ("sent", "Sent"),
            ("archive", "Archive"),
            ("all", "All mail"),
            ("drafts", "Drafts"),
            ("junk", "Spam"),
            ("trash", "Bin"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
        readonly=True,
    )
    role_order = fields.Integer(compute="_compute_role_order", store=True)
    selected = fields.Boolean("Synchronise")
    active = fields.Boolean(
        default=True, help="Not set for the folders of an account that was connected before."
    )
    missing = fields.Boolean("Not on the server", readonly=True)

    message_ids = fields.One2many("escala.mailbox.message", "folder_id", "Messages", readonly=True)
    uidvalidity = BigInteger(readonly=True)
    high_uid = BigInteger(readonly=True)
    modseq = BigInteger(readonly=True)

    _one_row_per_folder = models.UniqueIndex(
        "(mailbox_id, path) WHERE active", "This folder is listed already."
    )

    @api.depends("role")
    def _compute_role_order(self):
        for folder in self:
            folder.role_order = ROLE_ORDER.index(folder.role)

    def write(self, vals):
        if not self.env.su and set(vals) - {"selected"}:
            raise AccessError(self.env._("Of a folder, only whether it is synchronised can be changed."))
        return super().write(vals)

    def _get_cursor(self) -> FolderCursor:
        """Return where the last committed batch ended."""
        self.ensure_one()
        return FolderCursor(uidvalidity=self.uidvalidity, high_uid=self.high_uid, modseq=self.modseq or None)

    def _set_cursor(self, cursor: FolderCursor) -> None:
        """Move the cursor; to be committed together with what it has passed."""
        self.write(
            {"uidvalidity": cursor.uidvalidity, "high_uid": cursor.high_uid, "modseq": cursor.modseq or 0}
        )
