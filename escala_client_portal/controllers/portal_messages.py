"""Messages between client and firm in the portal: the conversations, one of them, a new one."""

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from .account_guard import account_of, active_account, offer_other_account
from .portal_message_form import FORM_LIMITS, MAX_SUBJECT, download, read_message
from .search_words import read_search

PAGE = 20  # conversations


class PortalMessages(CustomerPortal):
    def _prepare_home_portal_values(self, counters):
        """Count the conversations."""
        values = super()._prepare_home_portal_values(counters)
        if "client_message_count" in counters:
            account = request.env.user._get_active_account()
            conversations, domain = self._get_client_conversations(account)
            values["client_message_count"] = conversations.search_count(domain) if account else 0
        return values

    @http.route(["/my/messages", "/my/messages/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_messages(self, page=1, search="", **_kw):
        """Show a page of the conversations, newest first."""
        account = active_account()
        conversations, domain = self._get_client_conversations(account)
        search = read_search(search)
        if search:
            domain &= Domain("subject", "ilike", search)
        pager = portal_pager(
            url="/my/messages",
            total=conversations.search_count(domain),
            page=page,
            step=PAGE,
            url_args={"search": search} if search else {},
        )
        return request.render(
            "escala_client_portal.portal_my_messages",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "client_messages",
                "account": account,
                "conversations": conversations.search(domain, limit=PAGE, offset=pager["offset"]),
                "reader": request.env.user.partner_id,
                "pager": pager,
                "search": search,
                "default_url": "/my/messages",
            },
        )

    @http.route("/my/messages/new", type="http", auth="user", website=True, methods=["GET", "POST"])
    def portal_my_message_new(self, account_id=None, subject="", text="", **_kw):
        """Write to the firm."""
        if request.httprequest.method == "GET":
            return self._render_new_client_message(active_account())
        account = active_account(expected=account_id or "")
        subject = " ".join(subject.split())[:MAX_SUBJECT]
        try:
            if not subject:
                raise UserError(request.env._("Say in a few words what it is about."))
            message, files = read_message(text)
        except UserError as error:
            return self._render_new_client_message(account, str(error), subject, text)
        # sudo: clients have no access to the model; the account is the one that they are in
        conversations = request.env["escala.portal.conversation"].sudo()
        conversation = conversations._start_from_client(account, request.env.user, subject, message, files)
        return request.redirect(f"/my/messages/{conversation.id}?sent=1#last")

    @http.route("/my/messages/<int:conversation_id>", type="http", auth="user", website=True)
    def portal_my_message(self, conversation_id, **_kw):
        """Show a conversation; whoever opens it has read it."""
        conversation = self._get_client_conversation(active_account(), conversation_id)
        conversation.read_by_ids |= request.env.user.partner_id
        return self._render_client_conversation(conversation)

    @http.route(
        "/my/messages/<int:conversation_id>/post", type="http", auth="user", website=True, methods=["POST"]
    )
    def portal_my_message_post(self, conversation_id, account_id="", text="", **_kw):
        """Take a message to the firm."""
        conversation = self._get_client_conversation(active_account(expected=account_id), conversation_id)
        try:
            message, files = read_message(text)
        except UserError as error:
            return self._render_client_conversation(conversation, error=str(error), text=text)
        conversation._post_from_client(request.env.user, message, files)
        return request.redirect(f"/my/messages/{conversation_id}?sent=1#last")

    @http.route(
        "/my/messages/<int:conversation_id>/files/<int:file_id>", type="http", auth="user", website=True
    )
    def portal_my_message_file(self, conversation_id, file_id, **_kw):
        """Serve a file of a message, to be saved."""
        conversation = self._get_client_conversation(active_account(), conversation_id)
        files = conversation._get_shown_messages().attachment_ids
        file = files.filtered(lambda each: each.id == file_id)
        if not file:
            raise request.not_found()
        return download(file)

    def _get_client_conversations(self, account):
        """Return the model and the domain of what the user may read in this account."""
        # sudo: clients have no access to the model but by this domain
        conversations = request.env["escala.portal.conversation"].sudo()
        return conversations, conversations._get_client_domain(account, request.env.user)

    def _find_client_conversation(self, account, conversation_id: int):
        conversations, domain = self._get_client_conversations(account)
        return conversations.search(domain & Domain("id", "=", conversation_id))

    def _get_client_conversation(self, account, conversation_id: int):
        """Return a conversation of this account.

        :raises OtherAccount: it is of another account of the client's
        :raises NotFound: it is of none of them
        """
        conversation = self._find_client_conversation(account, conversation_id)
        if not conversation:
            offer_other_account(
                lambda other: self._find_client_conversation(other, conversation_id),
                account_of("escala.portal.conversation", conversation_id),
            )
            raise request.not_found()
        return conversation

    def _render_client_conversation(self, conversation, error="", text=""):
        return request.render(
            "escala_client_portal.portal_my_message",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "client_message",
                "account": conversation.account_id,
                "conversation": conversation,
                "subject": conversation.subject,
                "shown": conversation._get_shown_messages(),
                **FORM_LIMITS,
                "error": error,
                "text": text,
                "sent": request.params.get("sent") and not error,
            },
        )

    def _render_new_client_message(self, account, error="", subject="", text=""):
        return request.render(
            "escala_client_portal.portal_my_message_new",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "client_message_new",
                "account": account,
                **FORM_LIMITS,
                "error": error,
                "new_subject": subject,
                "text": text,
            },
        )
