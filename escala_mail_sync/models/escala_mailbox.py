"""A mailbox as people see and set it up. How it is reached and how it is read: see escala_mailbox_*.py."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize

from ..context import without_defaults
from ..imap.errors import MailboxError

# Written by the buttons and by the synchronisation, never by a user.
STATUS_FIELDS = {
    "state",
    "connected_on",
    "last_sync",
    "next_check",
    "sync_requested",
    "folders_listed_on",
    "running_since",
    "broken_off",
    "error_code",
    "error_detail",
    "failures",
    "failing_since",
    "smtp_unconfirmed",
    "removal_requested",
}


class EscalaMailbox(models.Model):
    """One account on a mail server: somebody's own, one that a team shares, or one that only sends."""

    _name = "escala.mailbox"
    _inherit = ["escala.mailbox.servers", "escala.mailbox.options"]
    _description = "Mailbox"
    _order = "kind, email"
    _rec_names_search = ("name", "email")

    name = fields.Char(help="How the mailbox is called in Odoo, if not by its address.")
    email = fields.Char("Address", required=True, help="The e-mail address of this mailbox.")
    email_normalized = fields.Char(compute="_compute_email_normalized", store=True, index=True)
    kind = fields.Selection(
        [("personal", "Personal"), ("shared", "Shared"), ("marketing", "Marketing")],
        required=True,
        default="personal",
        help="A personal mailbox belongs to one user. A shared one, such as sales@, belongs to its members. One for "
        "marketing only sends mailings.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        default=lambda self: self.env.user,
        index=True,
        ondelete="restrict",
        domain=[("share", "=", False)],
    )
    member_ids = fields.Many2many(
        "res.users",
        string="Members",
        domain=[("share", "=", False)],
        help="They see all e-mails of the mailbox.",
    )
    visibility = fields.Selection(
        [("private", "Private"), ("shared", "Shared")],
        compute="_compute_visibility",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="Private: only the owner sees the e-mails of this mailbox. Shared: so do its members and "
        "everyone who may see the contact or lead that an e-mail is linked to.",
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    active = fields.Boolean(default=True)

    can_edit = fields.Boolean(compute="_compute_can_edit")

    check_interval = fields.Selection(
        [
            ("2", "2 minutes"),
            ("5", "5 minutes"),
            ("10", "10 minutes"),
            ("60", "1 hour"),
            ("180", "3 hours"),
            ("720", "12 hours"),
        ],
        "Check every",
        required=True,
        default="10",
    )
    folder_ids = fields.One2many("escala.mailbox.folder", "mailbox_id", string="Folders")
    quarantine_count = fields.Integer(compute="_compute_quarantine_count")

    state = fields.Selection(
        [("draft", "Not connected"), ("connected", "Connected"), ("error", "Error")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    connected_on = fields.Datetime(
        readonly=True,
        copy=False,
        help="E-mails older than this are history: they show on contacts and leads only.",
    )
    last_sync = fields.Datetime("Last synchronisation", readonly=True, copy=False)
    error_code = fields.Char(readonly=True, copy=False)
    error_detail = fields.Char(readonly=True, copy=False)
    last_error = fields.Char(compute="_compute_last_error")
    next_check = fields.Datetime(readonly=True, copy=False, index=True)
    sync_requested = fields.Boolean(readonly=True, copy=False)
    running_since = fields.Datetime(readonly=True, copy=False)
    broken_off = fields.Integer(
        readonly=True,
        copy=False,
        help="Checks whose worker died, or failed at something unforeseen, since one came to its end.",
    )
    folders_listed_on = fields.Datetime(readonly=True, copy=False)
    failures = fields.Integer(readonly=True, copy=False, help="Failed checks in a row.")
    failing_since = fields.Datetime(readonly=True, copy=False)
    # compute_sudo: administrators see how far a colleague's mailbox is, and no folders
    is_reading = fields.Boolean(compute="_compute_progress", compute_sudo=True)
    progress = fields.Integer(
        compute="_compute_progress",
        compute_sudo=True,
        help="How much of the folders has been read, in per cent.",
    )

    _one_personal_mailbox = models.UniqueIndex(
        "(user_id) WHERE kind = 'personal' AND active", "A user has one personal mailbox."
    )
    # Once it is connected, which takes its password: nobody else is to learn that somebody has connected it.
    _one_mailbox_per_address = models.UniqueIndex(
        "(email_normalized, company_id, (kind = 'marketing')) WHERE active AND state != 'draft'",
        "This address is connected already.",
    )
    _read_from_somewhere = models.Constraint(
        "CHECK (kind = 'marketing' OR imap_host IS NOT NULL)", "Say which IMAP server the mailbox is on."
    )
    _sent_from_somewhere = models.Constraint(
        "CHECK (kind != 'marketing' OR smtp_host IS NOT NULL)",
        "Say which SMTP server sends for this address.",
    )
    _since_needs_a_date = models.Constraint(
        "CHECK (history != 'since' OR history_since IS NOT NULL)", "Say since which day to bring in mail."
    )
    _owner_or_members = models.Constraint(
        "CHECK (kind != 'personal' OR user_id IS NOT NULL)", "A personal mailbox needs an owner."
    )

    @api.depends("name", "email")
    def _compute_display_name(self):
        for mailbox in self:
            mailbox.display_name = mailbox.name or mailbox.email

    @api.depends("email")
    def _compute_email_normalized(self):
        for mailbox in self:
            mailbox.email_normalized = email_normalize(mailbox.email)

    @api.depends("kind")
    def _compute_visibility(self):
        for mailbox in self:
            mailbox.visibility = "private" if mailbox.kind == "personal" else "shared"

    @api.depends_context("uid")
    def _compute_can_edit(self):
        editable = self._origin._filtered_access("write")
        for mailbox in self:
            mailbox.can_edit = not mailbox._origin or mailbox._origin in editable

    @api.depends("error_code", "error_detail", "imap_host", "imap_port")
    @api.depends_context("lang")
    def _compute_last_error(self):
        for mailbox in self:
            code = mailbox.error_code
            mailbox.last_error = (
                mailbox._explain(MailboxError(code, mailbox.error_detail or "")) if code else False
            )

    @api.depends("folder_ids")
    def _compute_quarantine_count(self):
        counts = dict(
            self.env["escala.mailbox.message"]._read_group(
                [("mailbox_id", "in", self.ids), ("state", "=", "quarantined")], ["mailbox_id"], ["__count"]
            )
        )
        for mailbox in self:
            mailbox.quarantine_count = counts.get(mailbox, 0)

    @api.depends(
        "state",
        "error_code",
        "sync_requested",
        "running_since",
        "folder_ids.selected",
        "folder_ids.missing",
        "folder_ids.high_uid",
        "folder_ids.history_uid",
    )
    def _compute_progress(self):
        """Say how far the history has been read; numbers of messages would need a search on the server."""
        for mailbox in self:
            folders = mailbox.folder_ids.filtered(
                lambda folder: folder.selected and folder.high_uid and not folder.missing
            )
            total = sum(folders.mapped("high_uid"))
            left = sum(folders.mapped(lambda folder: max(folder.history_uid - 1, 0)))
            busy = left or mailbox.sync_requested or mailbox.running_since
            mailbox.is_reading = mailbox.state == "connected" and not mailbox.error_code and bool(busy)
            mailbox.progress = 100 * (total - left) // total if total else 0

    @api.constrains("email")
    def _check_email(self):
        for mailbox in self:
            if not mailbox.email_normalized:
                raise UserError(self.env._("“%s” is not an e-mail address.", mailbox.email))

    @api.constrains("visibility", "user_id", "member_ids")
    def _check_private_is_of_the_owner(self):
        for mailbox in self:
            if mailbox.visibility == "private" and mailbox.user_id and mailbox.member_ids:
                raise UserError(
                    self.env._(
                        "A private mailbox is its owner's alone. Share %s, or remove its members.",
                        mailbox.display_name,
                    )
                )

    @api.onchange("email", "imap_host", "imap_port", "imap_security", "imap_login")
    def _onchange_server(self):
        if self._origin.has_password and self._get_server() != self._origin._get_server():
            self.has_password = False

    @api.onchange("kind")
    def _onchange_kind(self):
        self.user_id = self.env.user if self.kind == "personal" else False

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_status(vals)
            if vals.get("kind") in ("shared", "marketing"):
                vals.setdefault("user_id", False)
        model = self if self.env.su else without_defaults(self, STATUS_FIELDS)
        return super(EscalaMailbox, model).create(vals_list).with_env(self.env)

    def write(self, vals):
        self._refuse_status(vals)
        before = {mailbox: mailbox._get_server() for mailbox in self}
        result = super().write(vals)
        # Rules are checked before the change only: nobody may give a mailbox to somebody else.
        self.check_access("write")
        for mailbox, server in before.items():
            if mailbox._get_server() != server:
                # sudo: the encrypted password, the folders and the state can be written by no user
                mailbox.sudo()._forget_server(server, keep_password=bool(vals.get("imap_password")))
        return result

    @api.model
    def _find_own(self):
        """Return the mailboxes that are the user's own, as owner or as member, archived ones too; as superuser."""
        # sudo: that a mailbox exists need not be known to whoever reads one of its e-mails on a contact
        user = self.env.user.sudo().with_context(active_test=False)
        return user.escala_owned_mailbox_ids | user.escala_member_mailbox_ids

    @api.model
    def _find_of_companies(self):
        """Return the mailboxes of the companies that the user works in, archived ones too; as superuser."""
        # sudo: as above
        return self.env.companies.sudo().with_context(active_test=False).escala_mailbox_ids

    def _refuse_status(self, vals) -> None:
        if not self.env.su and STATUS_FIELDS.intersection(vals):
            raise AccessError(self.env._("The state of a mailbox cannot be written."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_mail(self):
        # sudo: whether there is mail does not depend on who asks
        if self.sudo().with_context(active_test=False).folder_ids.message_ids:
            raise UserError(
                self.env._("E-mails came in through this mailbox. Disconnect or archive it instead.")
            )

    def action_open_quarantine(self):
        """List the messages that could not be read or stored."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Quarantine"),
            "res_model": "escala.mailbox.message",
            "view_mode": "list,kanban,form",
            "domain": [("mailbox_id", "in", self.ids), ("state", "=", "quarantined")],
        }
