"""Folders of a client account's documents."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

FOR_EMAILS = "emails"


class EscalaDocumentFolder(models.Model):
    """A folder of one account, perhaps in another one. What is in no folder is at the top."""

    _name = "escala.document.folder"
    _inherit = ["contact.access.mixin"]
    _description = "Folder of Documents"
    _order = "sequence, name, id"
    _contact_access_fields = ("account_id",)
    _parent_name = "parent_id"
    _parent_store = True

    display_name = fields.Char(recursive=True)
    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    account_id = fields.Many2one(
        "res.partner", "Client Account", required=True, index=True, ondelete="cascade"
    )
    parent_id = fields.Many2one(
        "escala.document.folder",
        "In",
        index=True,
        ondelete="restrict",
        domain="[('account_id', '=', account_id)]",
        help="Leave empty for a folder at the top.",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("escala.document.folder", "parent_id", string="Folders in It")
    document_ids = fields.One2many("escala.document", "folder_id", string="Documents")
    client_upload = fields.Boolean(
        "Clients may upload", default=True, help="Clients of the account may add documents to this folder."
    )
    client_visible = fields.Boolean("Visible to clients", default=True)
    client_shown = fields.Boolean(
        "Clients see it",
        compute="_compute_client_shown",
        store=True,
        recursive=True,
        help="The folder is visible to clients, and so is all that it is in.",
    )
    purpose = fields.Selection(
        [(FOR_EMAILS, "E-mail attachments")],
        readonly=True,
        help="What Escala itself files here. Rename the folder as you like.",
    )

    @api.constrains("parent_id", "account_id")
    def _check_parent(self):
        for folder in self:
            if folder.parent_id and folder.parent_id.account_id != folder.account_id:
                raise ValidationError(self.env._("A folder and the folder it is in belong to one account."))
        if self._has_cycle():
            raise ValidationError(self.env._("A folder cannot be in itself."))
        # sudo: a document that the user does not see may not be left on another account either
        if any(
            folder.account_id != document.account_id
            for folder in self.sudo()
            for document in folder.document_ids
        ):
            raise ValidationError(self.env._("This folder has documents, and stays on their account."))

    @api.depends("client_visible", "parent_id.client_shown")
    def _compute_client_shown(self):
        for folder in self:
            folder.client_shown = folder.client_visible and (
                not folder.parent_id or folder.parent_id.client_shown
            )

    @api.depends("name", "parent_id.display_name")
    def _compute_display_name(self):
        for folder in self:
            above = f"{folder.parent_id.display_name} / " if folder.parent_id else ""
            folder.display_name = f"{above}{folder.name}"

    def _takes_uploads(self, account) -> bool:
        """Tell whether it is a folder of this account that the clients see and may upload to."""
        return self.account_id == account and self.client_upload and self.client_shown

    def _get_path(self):
        """Return the folders that lead to this one, the topmost first, itself last."""
        self.ensure_one()
        return self.browse(int(number) for number in self.parent_path.split("/") if number)

    @api.model
    def _client_domain(self, account):
        """Return the domain of the folders that clients of an account see."""
        return Domain("account_id", "=", account.id) & Domain("client_shown", "=", True)

    @api.model
    def _get_for_emails(self, account):
        """Return the folder for the attachments of e-mails, made where there is none."""
        domain = [("account_id", "=", account.id), ("purpose", "=", FOR_EMAILS)]
        return self.search(domain, limit=1) or self.create(
            {
                "name": self.with_context(lang=account.lang).env._("E-mail attachments"),
                "account_id": account.id,
                "purpose": FOR_EMAILS,
                "client_upload": False,
            }
        )
