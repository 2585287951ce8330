"""Links to a document or a folder for who does not log in."""

import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import NO_ACCESS
from odoo.tools import consteq, hmac

from ..documents.actor import Actor

WITHOUT_LOGIN = "escala_client_portal.links_without_login"
SCOPE = "escala_client_portal.document_link"
LIFETIME = timedelta(days=14)


class EscalaDocumentLink(models.Model):
    """What may be done without login by whoever has the address of the link, until it expires or is revoked.

    The address ends in the link's id and a signature of it (HMAC-SHA-256 with the database's secret) that includes a
    number of the link's own: it cannot be guessed, and is not in the database.
    """

    _name = "escala.document.link"
    _inherit = ["contact.access.mixin"]
    _description = "Link to a Document Without Login"
    _order = "id desc"
    _contact_access_fields = ("account_id",)

    document_id = fields.Many2one("escala.document", index="btree_not_null", ondelete="cascade")
    folder_id = fields.Many2one("escala.document.folder", index="btree_not_null", ondelete="cascade")
    account_id = fields.Many2one(
        "res.partner",
        compute="_compute_account_id",
        store=True,
        precompute=True,
        required=True,
        index=True,
        ondelete="cascade",
    )
    contact_id = fields.Many2one(
        "res.partner",
        "For",
        required=True,
        ondelete="cascade",
        index=True,
        help="Whose doings these are in the log.",
    )
    allow_view = fields.Boolean("View", default=True, help="Read and download.")
    allow_upload = fields.Boolean("Upload", help="Add documents to the folder.")
    allow_approve = fields.Boolean("Approve", help="Approve or reject what is to be approved.")
    allow_sign = fields.Boolean("Sign", help="Sign or reject what is to be signed.")
    expires_on = fields.Datetime(
        "Expires", required=True, default=lambda self: fields.Datetime.now() + LIFETIME
    )
    revoked_on = fields.Datetime("Revoked", readonly=True, copy=False)
    last_used_on = fields.Datetime("Last used", readonly=True, copy=False)
    state = fields.Selection(
        [("valid", "Valid"), ("expired", "Expired"), ("revoked", "Revoked")], compute="_compute_state"
    )
    nonce = fields.Char(
        default=lambda self: secrets.token_hex(16), required=True, copy=False, groups=NO_ACCESS
    )
    url = fields.Char("Link", compute="_compute_url", compute_sudo=True)

    _one_target = models.Constraint(
        "CHECK (num_nonnulls(document_id, folder_id) = 1)", "A link is to one document or to one folder."
    )

    @api.depends("document_id", "folder_id")
    def _compute_account_id(self):
        for link in self:
            link.account_id = (link.document_id or link.folder_id).account_id

    @api.depends("expires_on", "revoked_on")
    def _compute_state(self):
        now = fields.Datetime.now()
        for link in self:
            expired = link.expires_on and link.expires_on <= now
            is_over = link.revoked_on or not link._is_of_somebody_there()
            link.state = "revoked" if is_over else "expired" if expired else "valid"

    def _is_of_somebody_there(self) -> bool:
        """Tell whether account and contact are neither archived nor in the bin, and the document is still there."""
        people = self.account_id | self.contact_id
        return (
            people._filter_present() == people
            and self.account_id == (self.document_id or self.folder_id).account_id
        )

    @api.depends("nonce")
    def _compute_url(self):
        for link in self:
            link.url = f"{link.get_base_url()}/documents/link/{link._get_token()}" if link.id else False

    @api.depends("contact_id", "document_id", "folder_id")
    def _compute_display_name(self):
        for link in self:
            link.display_name = (
                f"{(link.document_id or link.folder_id).display_name} – {link.contact_id.name}"
            )

    @api.constrains("allow_view", "allow_upload", "allow_approve", "allow_sign", "folder_id")
    def _check_allowed(self):
        for link in self:
            if not (link.allow_view or link.allow_upload):
                raise ValidationError(
                    self.env._("Allow to view or to upload, else the link is good for nothing.")
                )
            if (link.allow_approve or link.allow_sign) and not link.allow_view:
                raise ValidationError(self.env._("Who is to approve or sign has to view the document, too."))
            if link.allow_upload and not link.folder_id:
                raise ValidationError(self.env._("Only to a folder can be uploaded."))

    @api.model_create_multi
    def create(self, vals_list):
        if not self._are_allowed():
            raise UserError(
                self.env._(
                    "Links without login are turned off. An administrator turns them on in the settings."
                )
            )
        links = super().create(vals_list)
        for link in links.filtered("document_id"):
            link.document_id._log("link_created", link._describe())
        return links

    def action_revoke(self):
        """End the links at once, for good."""
        valid = self.filtered(lambda link: not link.revoked_on)
        valid.write({"revoked_on": fields.Datetime.now()})
        for link in valid.filtered("document_id"):
            link.document_id._log("link_revoked", link._describe())

    @api.model
    def _are_allowed(self) -> bool:
        # sudo: a setting that decides for everybody, also who is not logged in
        return self.env["ir.config_parameter"].sudo().get_param(WITHOUT_LOGIN) == "True"

    @api.model
    def _find_by_token(self, token):
        """Return the link that a token is of (as superuser), or none; whether it is valid is another question."""
        number, _dot, _signature = token.partition("-")
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            return self.browse()
        # sudo: who has the token need not be a user
        link = self.sudo().browse(int(number)).exists()
        return link if link and consteq(link._get_token(), token) else self.browse()

    def _get_token(self):
        self.ensure_one()
        # sudo: the number and the secret are nobody's to read
        link = self.sudo()
        return f"{link.id}-{hmac(link.env, SCOPE, (link.id, link.nonce))}"

    def _get_documents(self):
        """Return the documents that the link shows: its own, or those in its folder."""
        self.ensure_one()
        documents = self.env["escala.document"]
        if not self.allow_view:
            return documents
        if self.document_id:
            return self.document_id if self.document_id._is_shown() else documents
        own = [("folder_id", "=", self.folder_id.id)]
        return documents.search([*documents._client_domain(self.account_id), *own])

    def _may_decide(self, document) -> bool:
        """Tell whether what is asked about the document may be answered by this link."""
        allowed = {"to_approve": self.allow_approve, "to_sign": self.allow_sign}
        return bool(allowed.get(document.state))

    def _get_actor(self, ip_address, user_agent):
        """Return whoever uses the link, for the log."""
        contact = self.contact_id
        return Actor(
            name=contact.name or contact.email or "",
            email=contact.email or "",
            contact_id=contact.id,
            link_id=self.id,
            ip_address=ip_address,
            user_agent=user_agent,
            is_client=True,
        )

    def _describe(self):
        return self.env._(
            "For %(name)s, until %(date)s UTC",
            name=self.contact_id.display_name,
            date=fields.Datetime.to_string(self.expires_on),
        )


class EscalaDocument(models.Model):
    _inherit = "escala.document"

    link_ids = fields.One2many(
        "escala.document.link", "document_id", string="Links", groups="sales_team.group_sale_salesman"
    )
    links_allowed = fields.Boolean(compute="_compute_links_allowed")

    def _compute_links_allowed(self):
        self.links_allowed = self.env["escala.document.link"]._are_allowed()


class EscalaDocumentFolder(models.Model):
    _inherit = "escala.document.folder"

    link_ids = fields.One2many(
        "escala.document.link", "folder_id", string="Links", groups="sales_team.group_sale_salesman"
    )
    links_allowed = fields.Boolean(compute="_compute_links_allowed")

    def _compute_links_allowed(self):
        self.links_allowed = self.env["escala.document.link"]._are_allowed()
