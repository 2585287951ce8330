"""An e-mail that somebody writes, sends or has sent. How it leaves: see escala_email_outgoing_delivery.py."""

from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formataddr, is_html_empty

from odoo.addons.escala_contact_rules.matching.address_list import drop_invisible

from ..context import without_defaults
from ..mime.charset import clean_line
from ..mime.own_images import replace_own_images

# Written by the buttons and by the delivery, never by a user.
STATUS_FIELDS = {
    "user_id",
    "answered_email_id",
    "state",
    "tries",
    "first_try",
    "silent_on",
    "message_id",
    "server_message_id",
    "error",
    "refused",
    "refusals",
    "remaining",
    "raw",
    "sent_on",
    "email_id",
    "copy_state",
    "copy_tries",
    "next_copy_try",
}
ADDRESSES = ("to", "cc", "bcc")
HEADERS = (*ADDRESSES, "subject")
KEPT = timedelta(days=30)
UNTOUCHED_KEPT = timedelta(days=1)


class EscalaEmailOutgoing(models.Model):
    """A draft until it is sent; then what became of it.

    What was sent is an escala.email, as if it had been found in the folder of sent mail.
    """

    _name = "escala.email.outgoing"
    _inherit = ["escala.email.draft"]
    _description = "Outgoing E-mail"
    _order = "id desc"
    _rec_name = "subject"

    mailbox_id = fields.Many2one(ondelete="restrict")
    to = fields.Char(help="Addresses, with commas between them.")
    cc = fields.Char(help="They get a copy, and everybody sees that they do.")
    bcc = fields.Char(help="They get a copy, and nobody sees that they do.")
    show_cc = fields.Boolean(compute="_compute_show_copies", readonly=False)
    show_bcc = fields.Boolean(compute="_compute_show_copies", readonly=False)
    subject = fields.Char()
    body = fields.Html(sanitize="email_outgoing", default=lambda self: self._get_signature())
    template_id = fields.Many2one("mail.template", domain="[('model', '=', model)]")
    model = fields.Char(help="Of the contact or lead that it is about.")
    res_id = fields.Many2oneReference(model_field="model")
    # the name of a record that one may not read is shown by whatever refers to it
    answered_email_id = fields.Many2one(
        "escala.email",
        "Answers",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        groups=fields.NO_ACCESS,
    )

    mailing_id = fields.Many2one(
        "escala.email.mailing",
        "To several",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
    )

    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("outgoing", "To be sent"),
            ("sending", "Being sent"),
            ("sent", "Sent"),
            ("failed", "Not sent"),
            ("unknown", "Perhaps sent"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        copy=False,
    )
    tries = fields.Integer(readonly=True, copy=False)
    first_try = fields.Datetime(readonly=True, copy=False)
    message_id = fields.Char("Message-ID", readonly=True, copy=False, index="btree_not_null")
    server_message_id = fields.Char(
        readonly=True, copy=False, help="The one that the server says it has given the message instead."
    )
    error = fields.Char("What went wrong", readonly=True, copy=False)
    refused = fields.Char(readonly=True, copy=False, help="Addresses for which the server did not take it.")
    refusals = fields.Text(readonly=True, copy=False, help="What the server said of each of them.")
    remaining = fields.Char(
        readonly=True, copy=False, help="Addresses that it is tried for again, when others have got it."
    )
    raw = fields.Binary("As sent", attachment=True, readonly=True, copy=False, groups=fields.NO_ACCESS)
    sent_on = fields.Datetime(readonly=True, copy=False)
    email_id = fields.Many2one("escala.email", "E-mail", readonly=True, copy=False, index="btree_not_null")
    copy_state = fields.Selection(
        [("pending", "To be filed"), ("filed", "Filed"), ("given_up", "Not filed")],
        "Copy in the folder of sent mail",
        readonly=True,
        copy=False,
    )
    copy_tries = fields.Integer(readonly=True, copy=False)
    next_copy_try = fields.Datetime(readonly=True, copy=False)

    _to_send = models.Index("(send_at) WHERE state = 'outgoing'")
    _to_file = models.Index("(next_copy_try) WHERE copy_state = 'pending'")

    @api.depends("cc", "bcc")
    def _compute_show_copies(self):
        """Show what is in use; the rest when somebody asks for it."""
        for email in self:
            email.show_cc = email.show_cc or bool(email.cc)
            email.show_bcc = email.show_bcc or bool(email.bcc)

    def _get_default_mailbox(self):
        """Return the mailbox that the user sent from last, or else their own, or else a shared one."""
        available = self.env["escala.mailbox"]._find_for_sending()
        last = self.search(
            [("user_id", "=", self.env.uid), ("state", "!=", "draft"), ("mailbox_id", "in", available.ids)],
            limit=1,
        )
        return last.mailbox_id or available.sorted(lambda mailbox: mailbox.kind != "personal")[:1]

    @api.model
    def _compose_for(self, document, name: str, email: str):
        """Open a draft to the address that a document is about, if it has one."""
        document.ensure_one()
        to = formataddr((name or "", email)) if email else False
        draft = self.create({"model": document._name, "res_id": document.id, "to": to, "is_prefilled": True})
        return draft._get_form_action()

    def _get_signature(self):
        signature = self.env.user.signature
        return Markup("<p><br></p>") + signature if not is_html_empty(signature) else False

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_status(vals)
        model = self if self.env.su else without_defaults(self, STATUS_FIELDS)
        emails = super(EscalaEmailOutgoing, model).create([self._clean(vals) for vals in vals_list])
        emails = emails.with_env(self.env)
        emails._check_links()
        emails._hang_on_attachments()
        return emails

    def write(self, vals):
        self._refuse_status(vals)
        if not self.env.su and any(email.state != "draft" for email in self):
            raise UserError(self.env._("This e-mail is not a draft any more. Undo or copy it to change it."))
        result = super().write(self._clean(vals))
        if {"mailbox_id", "mailing_id"}.intersection(vals):
            self._check_links()
        if "attachment_ids" in vals:
            self._hang_on_attachments()
        return result

    def _take_along(self, files) -> None:
        """Have copies of these files go with it, which its text shows instead of them."""
        copies = files.copy({"res_model": self._name, "res_id": self.id})
        urls = {file.id: f"/web/image/{copy.id}" for file, copy in zip(files, copies, strict=True)}
        # sudo: they are of a draft of the user's own
        self.sudo().attachment_ids = copies
        if files and self.body:
            self.body = Markup(replace_own_images(self.body, urls))  # noqa: S704  it was sanitised when it was stored

    def _refuse_status(self, vals) -> None:
        if not self.env.su and STATUS_FIELDS.intersection(vals):
            raise AccessError(self.env._("What became of an e-mail cannot be written."))

    @api.model
    def _clean(self, vals: dict) -> dict:
        """Return the values with headers that are one line each: more would be another header."""
        cleaned = {name: clean_line(vals[name]) for name in HEADERS if vals.get(name)}
        cleaned |= {name: drop_invisible(cleaned[name]) for name in ADDRESSES if name in cleaned}
        return {**vals, **cleaned}

    def _check_links(self) -> None:
        """Let nobody name what they may not read, as they would be shown its name. Raises AccessError."""
        if not self.env.su:
            self.mailbox_id._check_for_sending()
            self.mailing_id.check_access("read")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_its_way(self):
        on_its_way = self.filtered(lambda email: email.state == "sending" or email.copy_state == "pending")
        if on_its_way:
            raise UserError(
                self.env._("“%s” is being sent, or filed. Delete it in a minute.", on_its_way[0].display_name)
            )

    @api.autovacuum
    def _gc_untouched(self):
        """Delete the drafts that were opened and left by closing the browser."""
        self.search(
            [("state", "=", "draft"), ("write_date", "<", self._get_untouched_limit())]
        ).discard_untouched()

    def _get_untouched_limit(self):
        """Return before when a draft must have been opened to be deleted if nothing is written in it."""
        return fields.Datetime.now() - UNTOUCHED_KEPT

    @api.autovacuum
    def _gc_sent(self):
        """Forget what was sent a month ago; the e-mail itself stays."""
        self.search(
            [
                ("state", "=", "sent"),
                ("copy_state", "!=", "pending"),
                ("sent_on", "<", fields.Datetime.now() - KEPT),
            ]
        ).unlink()
