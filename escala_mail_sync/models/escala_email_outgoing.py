"""An e-mail that somebody writes, sends or has sent. How it leaves: see escala_email_outgoing_delivery.py."""

from datetime import timedelta
from email.utils import getaddresses, make_msgid

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import email_normalize, formataddr, human_size, is_html_empty

from ..context import without_defaults
from ..mime.charset import clean_line

# Written by the buttons and by the delivery, never by a user.
STATUS_FIELDS = {
    "user_id",
    "answered_email_id",
    "state",
    "tries",
    "first_try",
    "message_id",
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
HEADERS = ("to", "cc", "bcc", "subject")
UNDO_TIME = timedelta(seconds=10)
KEPT = timedelta(days=30)
UNTOUCHED_KEPT = timedelta(days=1)
SUGGESTIONS = 8
# Hardly any server takes larger messages; in them, files are longer by a third and its line breaks (RFC 2045, 6.8).
LARGEST_MESSAGE = 25 * 1024 * 1024  # bytes
LARGEST_FILES = LARGEST_MESSAGE * 57 // 78  # bytes


# As it is before it is tried ...
UNTRIED = {"tries": 0, "first_try": False, "error": False, "copy_state": False, "copy_tries": 0}
# ... and before it is put together.
FRESH = {**UNTRIED, "raw": False, "refused": False, "refusals": False, "remaining": False}


class EscalaEmailOutgoing(models.Model):
    """A draft until it is sent; then what became of it.

    What was sent is an escala.email, as if it had been found in the folder of sent mail.
    """

    _name = "escala.email.outgoing"
    _description = "Outgoing E-mail"
    _order = "id desc"
    _rec_name = "subject"

    user_id = fields.Many2one(
        "res.users",
        "Author",
        required=True,
        readonly=True,
        index=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    mailbox_id = fields.Many2one(
        "escala.mailbox",
        "From",
        index=True,
        ondelete="restrict",
        domain="[('id', 'in', available_mailbox_ids)]",
        default=lambda self: self._get_default_mailbox(),
    )
    available_mailbox_ids = fields.Many2many("escala.mailbox", compute="_compute_available_mailbox_ids")
    to = fields.Char(help="Addresses, with commas between them.")
    cc = fields.Char(help="They get a copy, and everybody sees that they do.")
    bcc = fields.Char(help="They get a copy, and nobody sees that they do.")
    show_cc = fields.Boolean(compute="_compute_show_copies", readonly=False)
    show_bcc = fields.Boolean(compute="_compute_show_copies", readonly=False)
    subject = fields.Char()
    body = fields.Html(sanitize="email_outgoing", default=lambda self: self._get_signature())
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
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
    send_at = fields.Datetime("Send on", copy=False, help="Left empty, it is sent at once.")
    tries = fields.Integer(readonly=True, copy=False)
    first_try = fields.Datetime(readonly=True, copy=False)
    message_id = fields.Char("Message-ID", readonly=True, copy=False, index="btree_not_null")
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

    @api.depends("subject")
    def _compute_display_name(self):
        for email in self:
            email.display_name = email.subject or self.env._("(no subject)")

    @api.depends_context("uid")
    def _compute_available_mailbox_ids(self):
        self.available_mailbox_ids = self.env["escala.mailbox"]._find_for_sending()

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
        draft = self.create({"model": document._name, "res_id": document.id, "to": to})
        return draft._get_form_action()

    def _get_signature(self):
        signature = self.env.user.signature
        return Markup("<p><br></p>") + signature if not is_html_empty(signature) else False

    @api.model
    def find_addresses(self, term: str) -> list[dict[str, str]]:
        """Return names and addresses of the contacts that the user may read and that match what is typed.

        Alternative addresses too, each on its own; no more than eight.
        """
        has_address = Domain("email_normalized", "!=", False) | Domain("alternative_email_ids", "!=", False)
        partners = self.env["res.partner"].search(
            Domain("display_name", "ilike", term) & has_address, limit=SUGGESTIONS
        )
        found = [
            {"name": partner.name or "", "email": email}
            for partner in partners
            for email in (partner.email_normalized, *partner.alternative_email_ids.mapped("email_normalized"))
            if email
        ]
        typed = term.lower()
        # the addresses that match before other ones of the same people
        found.sort(key=lambda each: typed not in each["email"])
        return found[:SUGGESTIONS]

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

    def _refuse_status(self, vals) -> None:
        if not self.env.su and STATUS_FIELDS.intersection(vals):
            raise AccessError(self.env._("What became of an e-mail cannot be written."))

    @api.model
    def _clean(self, vals: dict) -> dict:
        """Return the values with headers that are one line each: more would be another header."""
        return {**vals, **{name: clean_line(vals[name]) for name in HEADERS if vals.get(name)}}

    def _check_links(self) -> None:
        """Let nobody name what they may not read, as they would be shown its name. Raises AccessError."""
        if not self.env.su:
            self.mailbox_id._check_for_sending()
            self.mailing_id.check_access("read")

    def _hang_on_attachments(self) -> None:
        """Make those that were uploaded here go with the e-mail: they are read and deleted like it."""
        for email in self:
            email.attachment_ids.filtered_domain(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", (0, False)),
                    ("create_uid", "=", email.user_id.id),
                ]
            ).res_id = email.id

    # ------------------------------------------------------------
    # SENDING
    # ------------------------------------------------------------

    def action_send(self):
        """Have the e-mails sent in some seconds, until which it can be undone, or at the time that was chosen.

        Raises UserError when there is no mailbox to send from, nobody to send to, or an address that is none.
        """
        self.check_access("write")
        now = fields.Datetime.now()
        for email in self:
            email._check_sendable()
            is_scheduled = email.send_at and email.send_at > now
            # sudo: the state can be written by no user
            email.sudo().write(
                {
                    "state": "outgoing",
                    "send_at": email.send_at if is_scheduled else now + UNDO_TIME,
                    "message_id": email.message_id or email._make_message_id(),
                    "error": False,
                }
            )
        for send_at in set(self.mapped("send_at")):
            self._trigger_delivery(send_at)
        return self._get_undo_action(self)

    def _get_undo_action(self, written) -> dict:
        """Return what lets the user undo the sending of these e-mails.

        :param written: the record, or records, that the user wrote them in, with methods `action_undo` and
            `end_undo_time`
        """
        now = fields.Datetime.now()
        params = {
            "model": written._name,
            "ids": written.ids,
            "seconds": UNDO_TIME.seconds,
            "scheduled": any(email.send_at > now + UNDO_TIME for email in self),
        }
        return {"type": "ir.actions.client", "tag": "escala_mail_sync.undo_send", "params": params}

    def end_undo_time(self) -> None:
        """Don't wait any longer: nobody has undone it. What was put off meanwhile waits for its time."""
        soon = fields.Datetime.now() + UNDO_TIME
        self.filtered(lambda email: email.state == "outgoing" and email.send_at <= soon).action_send_now()

    def action_send_now(self) -> None:
        """Send what waits for its time."""
        self.check_access("write")
        # sudo: the state can be written by no user
        waiting = self.sudo().filtered(lambda email: email.state == "outgoing").try_lock_for_update()
        waiting.filtered(lambda email: email.state == "outgoing").send_at = fields.Datetime.now()
        self._trigger_delivery()

    def action_undo(self):
        """Make it a draft again, unless it is on its way already; return it to be edited."""
        self.check_access("write")
        # sudo: the state can be written by no user
        emails = self.sudo()
        emails.lock_for_update()
        emails.invalidate_recordset(["state"])
        if any(email.state not in ("outgoing", "draft") for email in emails):
            raise UserError(self.env._("It is on its way already."))
        if any(emails.mapped("sent_on")):
            raise UserError(self.env._("Some have got it already."))
        emails.write({"state": "draft", "send_at": False, "message_id": False, **FRESH})
        return self[:1]._get_form_action()

    @api.model
    def _keep_back(self, mailboxes) -> None:
        """Make drafts of what these mailboxes were to send: in a copy of a database, the original sends it."""
        # sudo: of whichever author
        waiting = self.sudo().search(
            [("mailbox_id", "in", mailboxes.ids), ("state", "in", ("outgoing", "sending", "unknown"))]
        )
        waiting.write({"state": "draft", "send_at": False, "message_id": False, **FRESH})

    def action_retry(self):
        """Send what was not sent, or perhaps not: under the same Message-ID, so that nobody sees it twice."""
        self.check_access("write")
        # sudo: the state can be written by no user
        again = self.sudo().filtered(lambda email: email.state in ("failed", "unknown"))
        again.write({"state": "outgoing", "send_at": fields.Datetime.now(), **UNTRIED})
        self._trigger_delivery()

    def action_edit_again(self):
        """Open a draft like it: for those who were refused, if others have got it."""
        self.ensure_one()
        refused = {*(self.refused or "").split(", ")} - {""} if self.sent_on else set()
        draft = self.copy(
            {name: self._keep(self[name], refused) for name in ("to", "cc", "bcc")} if refused else {}
        )
        # sudo: read and written by no user
        draft.sudo().answered_email_id = self.sudo().answered_email_id
        draft.attachment_ids = self.attachment_ids.copy({"res_model": self._name, "res_id": draft.id})
        return draft._get_form_action()

    def action_open_mailbox(self) -> dict:
        """Open the mailbox that it leaves from: where a password is typed again, say."""
        self.ensure_one()
        self.mailbox_id.check_access("read")
        return self.mailbox_id._get_form_action()

    def action_mark_sent(self):
        """Take it for sent: somebody has seen that it arrived."""
        self.check_access("write")
        # sudo: the state can be written by no user
        for email in self.sudo().filtered(lambda email: email.state == "unknown"):
            email._note_sent()
            email._settle_delivery()
            email._store()

    @api.model
    def _keep(self, text: str | bool, emails: set[str]) -> str:
        """Return those of the addresses in a list that are among these, with their names."""
        written = getaddresses([text or ""])
        return ", ".join(formataddr(pair) for pair in written if email_normalize(pair[1]) in emails)

    def _get_form_action(self) -> dict:
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "name": self.display_name,
            "views": [(False, "form")],
        }

    def _check_sendable(self) -> None:
        self.ensure_one()
        if self.state != "draft":
            raise UserError(self.env._("“%s” is sent already.", self.display_name))
        if self.mailbox_id not in self.env["escala.mailbox"]._find_for_sending():
            raise UserError(self.env._("Choose a mailbox to send from."))
        wrong = [name or address for name, address in self._get_written() if not email_normalize(address)]
        if wrong:
            raise UserError(self.env._("“%s” is not an e-mail address.", wrong[0]))
        if not self._get_recipients():
            raise UserError(self.env._("Say whom to send it to."))
        # sudo: also the files that the author may not read, so as to refuse them
        files = self.sudo().attachment_ids
        files.sudo(False).check_access("read")
        size = sum(files.mapped("file_size"))
        if size > LARGEST_FILES:
            raise UserError(
                self.env._(
                    "The files have %(size)s; most servers take no e-mail with more than %(most)s of files. "
                    "Send a link to the large ones instead.",
                    size=human_size(size),
                    most=human_size(LARGEST_FILES),
                )
            )

    def _get_recipients(self) -> list[str]:
        """Return the addresses of everybody who gets it, each once."""
        emails = (email_normalize(address) for _name, address in self._get_written())
        return [*dict.fromkeys(filter(None, emails))]

    def _get_written(self) -> list[tuple[str, str]]:
        """Return names and addresses as they were written."""
        return getaddresses(filter(None, (self.to, self.cc, self.bcc)))

    def _make_message_id(self) -> str:
        domain = self.mailbox_id.email_normalized.rpartition("@")[2]
        return make_msgid(domain=domain)

    @api.model
    def _trigger_delivery(self, at=None) -> None:
        # sudo: whoever may send may have it sent; ir.cron is for administrators
        cron = self.env.ref("escala_mail_sync.ir_cron_send", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger(at)

    def discard_untouched(self) -> None:
        """Delete the drafts in which nothing has been written since they were opened."""
        self.filtered(lambda email: email.state == "draft" and email.write_date == email.create_date).unlink()

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
