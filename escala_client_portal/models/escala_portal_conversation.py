"""Messages between the firm and the people of a client account."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import plaintext2html

# Files of strangers are kept as they are, and served as plain text where a browser would run them.
AS_RECEIVED = {"attachments_mime_plainxml": True, "image_no_postprocess": True}
# Clients follow nothing: what they read is decided each time that they open a page.
NO_FOLLOWER = {
    "mail_create_nosubscribe": True,
    "mail_create_nolog": True,
    "mail_post_autofollow_author_skip": True,
}


class EscalaPortalConversation(models.Model):
    """A subject that the firm and its client write about; in the portal it is read by the account's people.

    Clients have no access to this model and follow nothing: the portal's pages show them the messages of the account
    that they are in, and no notes. A reply to an e-mail is a conversation about that e-mail, shown with it, and to
    those alone who may read it in the portal.
    """

    _name = "escala.portal.conversation"
    _inherit = ["contact.access.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "Messages with a Client"
    _order = "last_message_on desc, id desc"
    _rec_name = "subject"
    _contact_access_fields = ("account_id",)
    _mail_post_access = "read"

    subject = fields.Char(required=True)
    account_id = fields.Many2one(
        "res.partner", "Client account", required=True, index=True, ondelete="cascade", tracking=True
    )
    company_id = fields.Many2one(related="account_id.company_id")
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        tracking=True,
        domain=[("share", "=", False)],
        default=lambda self: self.env.user if self.env.user._is_internal() else False,
        help="Who is asked to answer.",
    )
    email_id = fields.Many2one(
        "escala.email",
        "E-mail",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,  # its name would be shown also to who may not read it
    )
    is_about_email = fields.Boolean("Reply to an e-mail", readonly=True)
    last_message_on = fields.Datetime("Last message", readonly=True, index=True)
    waiting_for = fields.Selection(
        [("firm", "To answer"), ("client", "Answered")], "Status", readonly=True, index="btree_not_null"
    )
    read_by_ids = fields.Many2many(
        "res.partner",
        "escala_portal_conversation_reader_rel",
        string="Read by",
        readonly=True,
        help="Who of the client's people has read the firm's last message.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Have the responsible follow it: they learn of each message."""
        conversations = super().create(vals_list)
        conversations._subscribe_responsible()
        return conversations

    def write(self, vals):
        """Have a new responsible follow it, and take over what is to be answered."""
        result = super().write(vals)
        if vals.get("user_id"):
            self._subscribe_responsible()
            # sudo: who is responsible may be changed by whoever may write here
            self.sudo().activity_ids.user_id = vals["user_id"]
        return result

    def action_mark_answered(self):
        """Say that nobody waits for the firm any more."""
        self.check_access("read")
        # sudo: whoever may answer may say that there is nothing to be answered
        for conversation in self.sudo().filtered(lambda each: each.waiting_for == "firm"):
            conversation.waiting_for = False
            conversation.activity_feedback(["mail.mail_activity_data_todo"])
        return True

    def action_open_email(self):
        """Open the e-mail that it is about; raises AccessError for whoever may not read it."""
        self.ensure_one()
        # sudo: which e-mail it is, is shown only to those who may read it
        return self.sudo().email_id.sudo(False).action_open_conversation()

    # ------------------------------------------------------------
    # FROM THE PORTAL
    # ------------------------------------------------------------

    @api.model
    def _get_client_domain(self, account, user) -> Domain:
        """Return which conversations of an account this user of the portal may read there, to be searched as superuser.

        :param account: res.partner that the user is in
        :param user: res.users
        """
        emails = self.env["escala.email"].sudo()
        of_account = Domain("account_id", "in", account.ids) & Domain("last_message_on", "!=", False)
        readable = Domain("email_id", "in", emails._search(emails._get_client_domain(account, user)))
        return of_account & (Domain("is_about_email", "=", False) | readable)

    @api.model
    def _start_from_client(self, account, user, subject, text, files):
        """Start a conversation in the name of a client.

        :param files: pairs of names and bytes
        """
        responsible = account._get_client_responsible(user.partner_id)
        conversation = self.with_context(**NO_FOLLOWER).create(
            {"subject": subject, "account_id": account.id, "user_id": responsible.id}
        )
        conversation._post_from_client(user, text, files)
        return conversation

    @api.model
    def _reply_to_email(self, account, user, email, text, files):
        """Take a client's reply to an e-mail; it is no e-mail, as none is sent in the name of somebody else."""
        conversation = self.search([("account_id", "=", account.id), ("email_id", "=", email.id)], limit=1)
        if not conversation:
            [answer] = email._prepare_answers(email._get_mailboxes()[:1])
            asked = answer.user.filtered(lambda colleague: colleague.active and not colleague.share)
            responsible = asked[:1] or account._get_client_responsible(user.partner_id)
            conversation = self.with_context(**NO_FOLLOWER).create(
                {
                    "subject": email.subject or self.env._("(no subject)"),
                    "account_id": account.id,
                    "email_id": email.id,
                    "is_about_email": True,
                    "user_id": responsible.id,
                }
            )
        conversation._post_from_client(user, text, files)
        return conversation

    def _post_from_client(self, user, text, files) -> None:
        self.with_context(**AS_RECEIVED, **NO_FOLLOWER).message_post(
            author_id=user.partner_id.id,
            body=plaintext2html(text),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=files,
        )

    def _get_shown_messages(self):
        """Return the messages of these conversations that clients see, oldest first: no notes, nothing automatic.

        What comes by e-mail counts if it is of the firm or of the account's people: anybody can write to the address.
        """
        people = Domain("author_id.partner_share", "=", False) | Domain(
            "author_id", "in", self.account_id.account_contact_ids.contact_id.ids
        )
        return self.env["mail.message"].search(
            Domain("model", "=", self._name)
            & Domain("res_id", "in", self.ids)
            & Domain("subtype_id", "=", self.env.ref("mail.mt_comment").id)
            & Domain("is_internal", "=", False)
            & (Domain("message_type", "=", "comment") | (Domain("message_type", "=", "email") & people)),
            order="date, id",
        )

    # ------------------------------------------------------------
    # WHO LEARNS OF IT
    # ------------------------------------------------------------

    def _message_post_after_hook(self, message, msg_vals):
        """Ask the firm to answer, or tell the client that it has answered."""
        result = super()._message_post_after_hook(message, msg_vals)
        # sudo: users may answer who may not write the conversation
        conversation = self.sudo()
        if message.sudo() in conversation._get_shown_messages():
            if message.sudo().author_id.partner_share:
                conversation._note_from_client(message)
            else:
                conversation._note_from_firm(message)
        return result

    def _note_from_client(self, message) -> None:
        self.write({"last_message_on": message.date, "waiting_for": "firm"})
        self.read_by_ids = message.sudo().author_id
        if self.user_id and not self.activity_ids:
            self.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=self.user_id.id,
                summary=self.with_context(lang=self.user_id.lang).env._("Answer the client"),
            )

    def _note_from_firm(self, message) -> None:
        self.write({"last_message_on": message.date, "waiting_for": "client", "read_by_ids": [(5,)]})
        self.activity_feedback(["mail.mail_activity_data_todo"])
        url = f"{self.get_base_url()}/my/messages/{self.id}"
        # the e-mail goes to all who want it, also to those who may not read what it is about
        title = (
            self.env._("You have a new message")
            if self.is_about_email
            else self.env._("New message: %s", self.subject)
        )
        body = self.env["ir.qweb"]._render(
            "escala_client_portal.message_notification",
            {"account": self.account_id, "url": url},
            minimal_qcontext=True,
        )
        self.account_id._notify_client("messages", title, body, record=self)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Notify colleagues alone: clients are told by the switches of the account, and read it in the portal."""
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        return [recipient for recipient in recipients if not recipient["share"]]

    def _message_get_suggested_recipients(self, *args, **kwargs):
        """Suggest nobody, as above."""
        return []

    def _subscribe_responsible(self) -> None:
        for conversation in self.filtered("user_id"):
            # sudo: whoever writes to the firm need not know who is responsible
            conversation.sudo().message_subscribe(conversation.sudo().user_id.partner_id.ids)


class ResPartner(models.Model):
    _inherit = "res.partner"

    portal_conversation_ids = fields.One2many(
        "escala.portal.conversation", "account_id", "Messages", groups="base.group_user"
    )
    portal_conversation_count = fields.Integer(
        compute="_compute_portal_conversation_count", groups="base.group_user"
    )

    def _compute_portal_conversation_count(self):
        counts = dict(
            self.env["escala.portal.conversation"]._read_group(
                [("account_id", "in", self.ids)], ["account_id"], ["__count"]
            )
        )
        for partner in self:
            partner.portal_conversation_count = counts.get(partner._origin, 0)

    def _get_client_todos(self, account):
        """Add the messages of the firm that the user has not read."""
        # sudo: limited to what the user may read in this account
        conversations = self.env["escala.portal.conversation"].sudo()
        user = self.env.user
        unread = conversations.search(
            conversations._get_client_domain(account, user)
            & Domain("waiting_for", "=", "client")
            & Domain("read_by_ids", "not in", user.partner_id.ids)
        )
        return super()._get_client_todos(account) + [
            {
                "title": self.env._("New message: %s", conversation.subject),
                "url": f"/my/messages/{conversation.id}",
                "date": conversation.last_message_on,
                "icon": "fa-comments",
            }
            for conversation in unread
        ]
