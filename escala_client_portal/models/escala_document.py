"""Documents of client accounts: files that the firm and its clients give each other."""

import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import human_size
from odoo.tools.mimetypes import guess_mimetype

from ..documents.actor import Actor
from ..documents.files import SHOWN_TYPES, is_program, safe_name

MAX_MEGABYTES = "escala_client_portal.document_max_megabytes"
DEFAULT_MAX_MEGABYTES = 25
MEGABYTE = 1024 * 1024
PLAIN_TEXT = ("txt", "csv", "log", "md")


class EscalaDocument(models.Model):
    """A file with a name, in a folder of one account or at its top.

    The content is an ir.attachment of this record, as of any binary field. `checksum` is the SHA-256 of it, which
    approvals and signatures are bound to (escala_document_decisions.py).
    """

    _name = "escala.document"
    _inherit = ["contact.access.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "Document of a Client Account"
    _order = "create_date desc, id desc"
    _contact_access_fields = ("account_id",)
    _mail_post_access = "write"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    account_id = fields.Many2one(
        "res.partner",
        "Client Account",
        required=True,
        index=True,
        ondelete="cascade",
        help="The company or household whose document this is.",
    )
    folder_id = fields.Many2one(
        "escala.document.folder",
        index=True,
        ondelete="restrict",
        tracking=True,
        domain="[('account_id', '=', account_id)]",
    )
    content = fields.Binary("File", required=True, attachment=True)
    mimetype = fields.Char("Type", readonly=True)
    file_size = fields.Integer("Size in Bytes", readonly=True, aggregator=None)
    size = fields.Char(compute="_compute_size")
    checksum = fields.Char("SHA-256", readonly=True)
    preview = fields.Selection(
        [("pdf", "PDF"), ("image", "Image"), ("text", "Text")],
        compute="_compute_preview",
        help="How a browser can show it, if at all.",
    )
    client_visible = fields.Boolean(
        "Visible to clients", default=True, tracking=True, help="Clients of the account see this document."
    )
    from_client = fields.Boolean("From the client", readonly=True)
    uploaded_by = fields.Char(readonly=True)
    event_ids = fields.One2many(
        "escala.document.event", "document_id", string="Log", readonly=True, groups="base.group_user"
    )
    source_model = fields.Char(readonly=True, copy=False, groups="base.group_user")
    source_id = fields.Many2oneReference(
        "Filed From", model_field="source_model", readonly=True, copy=False, groups="base.group_user"
    )

    _once_per_source = models.Index("(account_id, source_model, source_id, checksum)")

    @api.depends("file_size")
    def _compute_size(self):
        for document in self:
            document.size = human_size(document.file_size)

    @api.depends("mimetype")
    def _compute_preview(self):
        for document in self:
            document.preview = SHOWN_TYPES.get(document.mimetype, False)

    @api.constrains("folder_id", "account_id")
    def _check_folder(self):
        for document in self:
            if document.folder_id and document.folder_id.account_id != document.account_id:
                raise ValidationError(self.env._("A document and its folder belong to one account."))

    @api.model_create_multi
    def create(self, vals_list):
        actor = self._get_actor()
        vals_list = [
            {"uploaded_by": actor.name, "from_client": actor.is_client, **self._prepare_content_values(vals)}
            for vals in vals_list
        ]
        documents = super().create(vals_list)
        documents._log("uploaded")
        return documents

    def write(self, vals):
        if "content" in vals:
            self._check_replaceable()
            for document in self:
                # a name that is not given is the one there was
                super(EscalaDocument, document).write(
                    document._prepare_content_values({"name": document.name, **vals})
                )
            self._log("replaced")
            return True
        if "name" in vals:
            vals = {**vals, "name": safe_name(vals["name"])}
        changed = (
            self.filtered(lambda document: document.client_visible != vals["client_visible"])
            if "client_visible" in vals
            else self.browse()
        )
        result = super().write(vals)
        changed._log("shown" if vals.get("client_visible") else "hidden")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        # sudo: the log decides, also where the decision was withdrawn
        if self.sudo().event_ids.filtered(lambda event: event.action in ("approved", "rejected", "signed")):
            raise UserError(
                self.env._("A client has approved, rejected or signed this document. Archive it instead.")
            )

    def copy_data(self, default=None):
        """A copy is a document of its own, with nothing that was decided about the first."""
        default = {**(default or {}), "content": self.with_context(bin_size=False).content}
        return super().copy_data(default)

    @api.model
    def _prepare_content_values(self, vals):
        """Return the values with a safe name and what the content is; refuse what is no document.

        :raises UserError: the file is empty, too large, or a program
        """
        name = safe_name(vals.get("name"))
        content = base64.b64decode(vals.get("content") or b"")
        self._check_content(name, content)
        return {
            **vals,
            "name": name,
            "mimetype": self._guess_mimetype(name, content),
            "file_size": len(content),
            "checksum": hashlib.sha256(content).hexdigest(),
        }

    @api.model
    def _check_content(self, name, content):
        if not content:
            raise UserError(self.env._("%(name)s is empty.", name=name))
        if len(content) > self._get_max_bytes():
            raise UserError(
                self.env._(
                    "%(name)s is larger than %(size)s MB. Make it smaller, or split it into several files.",
                    name=name,
                    size=self._get_max_megabytes(),
                )
            )
        if is_program(name, content[:8]):
            raise UserError(
                self.env._(
                    "%(name)s is a program, which is not accepted for safety. Send documents, images or archives.",
                    name=name,
                )
            )

    @api.model
    def _guess_mimetype(self, name, content):
        """Return the type by the content, which a name cannot change into one that a browser runs or shows."""
        mimetype = guess_mimetype(content, default="application/octet-stream")
        if mimetype == "text/plain" and name.rpartition(".")[2].casefold() not in PLAIN_TEXT:
            return "application/octet-stream"
        return mimetype

    @api.model
    def _get_max_megabytes(self) -> int:
        # sudo: a limit that is shown to everybody
        parameters = self.env["ir.config_parameter"].sudo()
        return int(parameters.get_param(MAX_MEGABYTES) or DEFAULT_MAX_MEGABYTES)

    @api.model
    def _get_max_bytes(self) -> int:
        return self._get_max_megabytes() * MEGABYTE

    @api.model
    def _client_domain(self, account):
        """Return the domain of the documents that clients of an account see."""
        return (
            Domain("account_id", "=", account.id)
            & Domain("client_visible", "=", True)
            & Domain("active", "=", True)
            & (Domain("folder_id", "=", False) | Domain("folder_id.client_shown", "=", True))
        )

    @api.model
    def _get_actor(self) -> Actor:
        """Return who is at work: given by a controller in the context, or else the user."""
        if actor := self.env.context.get("escala_document_actor"):
            return actor
        user = self.env.user
        return Actor(
            name=user.name,
            email=user.login if user.share else user.email or "",
            contact_id=user.partner_id.id,
            user_id=user.id,
            is_client=user.share,
            ip_address=request.httprequest.remote_addr if request else "",
            user_agent=request.httprequest.user_agent.string if request else "",
        )

    def _log(self, action, note=None):
        """Add a line to the log of each document."""
        values = self._get_actor().event_values()
        # sudo: nobody may write the log by hand
        self.env["escala.document.event"].sudo().create(
            [
                {
                    **values,
                    "document_id": document.id,
                    "action": action,
                    "checksum": document.checksum,
                    "note": note,
                }
                for document in self
            ]
        )
