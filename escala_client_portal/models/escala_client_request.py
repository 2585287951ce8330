"""What the firm asks the clients of an account to send: files, by a day, into a folder."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..documents.reminders import is_reminder_due

# What nobody writes by hand: who asked, when, and what became of it.
GUARDED = {"state", "requested_by_id", "requested_on", "reminded_on"}


class EscalaClientRequest(models.Model):
    """It waits on the home page of the portal until a client has sent something, or the firm closes it.

    Clients have no access to this model: the portal's pages show them the requests of the account that they are in.
    """

    _name = "escala.client.request"
    _inherit = ["contact.access.mixin", "mail.thread"]
    _description = "Request to a Client"
    _order = "deadline, id desc"
    _contact_access_fields = ("account_id",)

    name = fields.Char("What is asked for", required=True, tracking=True)
    message = fields.Text(help="What clients read with the request.")
    account_id = fields.Many2one(
        "res.partner", "Client Account", required=True, index=True, ondelete="cascade"
    )
    folder_id = fields.Many2one(
        "escala.document.folder",
        "Into the Folder",
        index="btree_not_null",
        ondelete="set null",
        domain="[('account_id', '=', account_id), ('client_upload', '=', True), ('client_shown', '=', True)]",
        help="Where what the clients send is kept.",
    )
    deadline = fields.Date(tracking=True, help="Clients are reminded before and on this day.")
    state = fields.Selection(
        [("open", "Waiting for the client"), ("done", "Sent by the client"), ("closed", "Closed")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    requested_by_id = fields.Many2one(
        "res.users", "Requested by", default=lambda self: self.env.user, readonly=True, copy=False
    )
    requested_on = fields.Datetime(default=fields.Datetime.now, readonly=True, copy=False)
    reminded_on = fields.Date(readonly=True, copy=False)
    document_ids = fields.One2many(
        "escala.document", "client_request_id", string="Sent Documents", readonly=True
    )

    @api.constrains("folder_id", "account_id")
    def _check_folder(self):
        for request in self:
            folder = request.folder_id
            if folder and not folder._takes_uploads(request.account_id):
                raise ValidationError(
                    self.env._("Choose a folder of this account that its clients see and may upload to.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Ask the clients at once."""
        given = {name for vals in vals_list for name in vals}
        given |= {key.removeprefix("default_") for key in self.env.context if key.startswith("default_")}
        if GUARDED & given and not self.env.su:
            raise UserError(self.env._("A new request waits for the client."))
        requests = super().create(vals_list)
        requests._notify_clients()
        return requests

    def write(self, vals):
        """Keep what is asked of one account there, and the state in the hands of the methods below."""
        if not self.env.su and {*GUARDED, "account_id"} & vals.keys():
            raise UserError(
                self.env._("Close a request, or ask again, by the buttons; ask another account anew.")
            )
        return super().write(vals)

    def action_close(self):
        """Ask no more."""
        self.check_access("write")
        # sudo: the state is nobody's to write, see write()
        self.sudo().state = "closed"

    def action_reopen(self):
        """Ask once more, and tell the clients."""
        self.check_access("write")
        # sudo: as in action_close
        self.sudo().write({"state": "open", "reminded_on": False, "requested_on": fields.Datetime.now()})
        self._notify_clients()

    def _notify_clients(self):
        if self.env.context.get("escala_document_quietly"):
            return
        for request in self:
            request.account_id._notify_client(
                "requests", "escala_client_portal.mail_template_client_request", record=request
            )

    @api.model
    def _client_domain(self, account):
        """Return the domain of the requests that clients of an account see."""
        return Domain("account_id", "=", account.id) & Domain("state", "!=", "closed")

    def _upload(self, name, content):
        """Keep a file that a client sends for this request; see `escala.document._upload`."""
        self.ensure_one()
        document = self.env["escala.document"]._upload(
            self.account_id, self._get_upload_folder(), name, content, client_request=self
        )
        self.state = "done"
        return document

    def _get_upload_folder(self):
        """Return the folder for what clients send; none, which is the top, once the folder is closed to them."""
        return self.folder_id.filtered(lambda folder: folder._takes_uploads(self.account_id))

    def _get_client_url(self) -> str:
        """Return the address of the request's page in the client portal."""
        self.ensure_one()
        return f"{self.get_base_url()}/my/documents/requests/{self.id}"

    @api.model
    def _find_due(self, today, days_before):
        """Return the requests that clients are to be reminded of today."""
        soon = self.search([("state", "=", "open"), ("deadline", "<=", today + timedelta(days_before))])
        return soon.filtered(
            lambda request: is_reminder_due(
                today, request.deadline, days_before, request.reminded_on or request.requested_on.date()
            )
        )

    def _remind(self, today):
        self.reminded_on = today
        self._notify_clients()


class EscalaDocument(models.Model):
    _inherit = "escala.document"

    client_request_id = fields.Many2one(
        "escala.client.request",
        "Sent For",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.constrains("client_request_id", "account_id")
    def _check_client_request(self):
        for document in self:
            request = document.client_request_id
            if request and request.account_id != document.account_id:
                raise ValidationError(
                    self.env._("A document and the request it was sent for belong to one account.")
                )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_client_todos(self, account):
        """Add what the firm has asked for."""
        # sudo: limited to what clients of this account see
        requests = self.env["escala.client.request"].sudo()
        waiting = requests.search(requests._client_domain(account) & Domain("state", "=", "open"))
        return super()._get_client_todos(account) + [
            {
                "title": self.env._("Send: %s", request.name),
                "url": f"/my/documents/requests/{request.id}",
                "date": request.deadline or request.create_date.date(),
                "icon": "fa-upload",
            }
            for request in waiting
        ]
