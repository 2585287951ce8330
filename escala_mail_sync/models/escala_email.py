"""An e-mail as the CRM knows it: one row per distinct message, however many mailboxes hold a copy."""

from collections.abc import Iterable

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..mime.addresses import get_name, split_shown_list
from ..mime.own_images import leave_out_fetched


class EscalaEmail(models.Model):
    """The envelope, with links to the contacts and leads it concerns.

    Body and attachments are those of `mail_message_id`, a mail.message whose document is this record, so that
    whoever may read this row may read them, and nobody else, whichever way they ask.
    """

    _name = "escala.email"
    _description = "E-mail"
    _order = "date desc, id desc"
    _rec_name = "subject"

    subject = fields.Char(readonly=True)
    date = fields.Datetime(readonly=True, required=True, index=True)
    direction = fields.Selection([("in", "Received"), ("out", "Sent")], required=True, readonly=True)
    sender = fields.Char("From", readonly=True)
    sender_email = fields.Char("Sender's address", readonly=True, index=True)
    recipients = fields.Char("To", readonly=True)
    cc = fields.Char(readonly=True)
    correspondent = fields.Char(
        "With", compute="_compute_correspondent", help="Who wrote, or to whom it was sent."
    )
    snippet = fields.Char("Beginning", readonly=True)
    is_automatic = fields.Boolean("Automatic", readonly=True)
    is_history = fields.Boolean("History", readonly=True, help="Dated before the mailbox was connected.")
    attachment_count = fields.Integer("Attachments", readonly=True)

    message_id = fields.Char("Message-ID", readonly=True, index=True)
    server_message_id = fields.Char(
        readonly=True, index="btree_not_null", help="The one that the server which sent it put in its place."
    )
    # With the Bcc of one's own copy, so nobody may read it.
    addresses = fields.Char(readonly=True, groups=fields.NO_ACCESS, help="Of everybody, in lower case.")
    in_reply_to = fields.Char(
        "In reply to", readonly=True, index="btree_not_null", help="The Message-ID of what it answers."
    )
    references = fields.Text(
        readonly=True, help="The Message-IDs it names, those of the latest messages last."
    )
    content_key = fields.Char(required=True, readonly=True, groups="base.group_system")
    thread_id = fields.Many2one("escala.email.thread", "Conversation", readonly=True, index=True)
    partner_ids = fields.Many2many("res.partner", string="Contacts", readonly=True)
    lead_ids = fields.Many2many("crm.lead", string="Leads", readonly=True)
    mailbox_message_ids = fields.One2many(
        "escala.mailbox.message",
        "email_id",
        "In mailboxes",
        readonly=True,
        groups=fields.NO_ACCESS,  # whoever reads a shared copy need not learn who else has one
    )
    sent_mailbox_id = fields.Many2one(
        "escala.mailbox",
        "Sent from Odoo through",
        readonly=True,
        index="btree_not_null",
        groups=fields.NO_ACCESS,  # as above
    )
    sent_by_id = fields.Many2one(
        "res.users", "Sent from Odoo by", readonly=True, index="btree_not_null", groups=fields.NO_ACCESS
    )
    mail_message_id = fields.Many2one(
        "mail.message", "Message", readonly=True, ondelete="restrict", index=True
    )
    # compute_sudo: whoever may read the e-mail may read its body
    body = fields.Html(compute="_compute_body", compute_sudo=True, sanitize=False)
    body_with_remote_images = fields.Html(related="mail_message_id.body")
    has_remote_images = fields.Boolean(compute="_compute_body", compute_sudo=True)
    attachment_ids = fields.Many2many(related="mail_message_id.attachment_ids", string="Files")

    _one_row_per_content = models.UniqueIndex("(content_key)")
    _by_address = models.Index("USING gin (string_to_array(addresses, ' '))")

    @api.depends("direction", "sender", "recipients")
    def _compute_correspondent(self):
        for email in self:
            is_sent = email.direction == "out"
            recipients = ", ".join(name or address for name, address in split_shown_list(email.recipients))
            names = recipients if is_sent else get_name(email.sender)
            names = names or self.env._("Undisclosed recipients")
            email.correspondent = self.env._("To: %s", names) if is_sent else names

    @api.depends("mail_message_id.body", "mail_message_id.attachment_ids")
    def _compute_body(self):
        """Leave out what a browser would fetch, other than the e-mail's own attachments.

        What is elsewhere tells the sender who reads, when and where. What is in Odoo, and no part of the e-mail, would
        be sent to whoever has written its number there, once the e-mail is quoted in an answer.
        """
        for email in self:
            body = email.mail_message_id.body or ""
            email.body, email.has_remote_images = leave_out_fetched(body, email.attachment_ids.ids)

    @api.model
    def _find_with_addresses(self, mailbox, addresses: Iterable[str]) -> dict:
        """Map the e-mails of a mailbox that name one of these addresses to those that they name."""
        wanted = set(addresses)
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT email.id, email.addresses
                  FROM escala_email email
                 WHERE string_to_array(email.addresses, ' ') && %s::varchar[]::text[]
                   AND (email.sent_mailbox_id = %s
                        OR EXISTS (SELECT FROM escala_mailbox_message row
                                    WHERE row.email_id = email.id AND row.mailbox_id = %s))
                """,
                sorted(wanted),
                mailbox.id,
                mailbox.id,
            )
        )
        return {self.browse(id_): wanted.intersection(found.split(" ")) for id_, found in rows}

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False):
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & self._get_readable_domain()
            if limit:
                domain &= self._get_narrow_domain()
            self._have_queries_run_at_once()
        return super()._search(
            domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access
        )

    def _have_queries_run_at_once(self) -> None:
        """Have Postgres compile no query for the rest of the transaction.

        The planner takes the readable domain's subqueries for dearer than they are: compiling them takes a second,
        running them 20 ms for 20,000 e-mails (PostgreSQL manual, chapter "Just-in-Time Compilation"). What is noted in
        `precommit` goes with the transaction, or with what is rolled back of it, as the setting does.
        """
        noted = self.env.cr.precommit.data
        if "escala_mail_sync.jit" not in noted:
            self.env.cr.execute("SET LOCAL jit = off")
            noted["escala_mail_sync.jit"] = "off"

    def _check_access(self, operation):
        """Let whoever asks by id get what a search would find, no more."""
        refused = super()._check_access(operation)
        allowed = self - refused[0] if refused else self
        forbidden = allowed - allowed._filter_readable()
        if not forbidden:
            return refused
        if refused:
            return refused[0] | forbidden, refused[1]
        return forbidden, lambda: self.env["ir.rule"]._make_access_error(operation, forbidden)

    def _filter_readable(self):
        return self.browse(self._search([("id", "in", self.ids)])) if self else self

    @api.model
    def _get_allowed_access_params(self) -> set[str]:
        """Grant nothing by parameters of a URL (mail/models/mail_message.py, _get_with_access)."""
        return set()

    def _note_server_message_id(self, message_id: str) -> None:
        """Note the Message-ID under which others have got it: answers to it name that one.

        Of several, as when it was sent once more to those who were refused, the first is kept for what one writes
        next; all lead to the conversation.
        """
        self.thread_id._add_message_id(message_id)
        self.server_message_id = self.server_message_id or message_id

    @api.ondelete(at_uninstall=False)
    def _unlink_message(self):
        """Take the body and the attachments along."""
        # prefetched by themselves: the e-mails will not lead to them any more
        messages = self.mail_message_id.with_prefetch()
        self.mail_message_id = False
        # sudo: a message's own rules ask for more than deleting the e-mail it belongs to
        messages.sudo().unlink()
