"""The e-mails of the client account in the portal: conversations, one of them, its files, a reply."""

import base64

from markupsafe import escape

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..email_document import POLICY, make_document
from .account_guard import active_account, offer_other_account
from .portal_message_form import FORM_LIMITS, download, read_message
from .search_words import read_search

PAGE = 20  # conversations
LONGEST = 200  # e-mails of a conversation
SHOWN_IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp")
LARGEST_IMAGE = 2 * 1024 * 1024  # bytes, as it is part of the page


class PortalEmails(CustomerPortal):
    def _prepare_home_portal_values(self, counters):
        """Count the conversations."""
        values = super()._prepare_home_portal_values(counters)
        if "client_email_count" in counters:
            account = request.env.user._get_active_account()
            emails, domain = self._get_client_emails(account)
            values["client_email_count"] = self._count_client_threads(emails, domain) if account else 0
        return values

    @http.route(["/my/emails", "/my/emails/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_emails(self, page=1, search="", **_kw):
        """Show a page of the conversations, newest first."""
        account = active_account()
        emails, readable = self._get_client_emails(account)
        search = read_search(search)
        domain = readable & Domain("text", "ilike", search) if search else readable
        pager = portal_pager(
            url="/my/emails",
            total=self._count_client_threads(emails, domain),
            page=page,
            step=PAGE,
            url_args={"search": search} if search else {},
        )
        newest = emails._read_group(
            domain, ["thread_id"], ["date:max"], order="date:max DESC", limit=PAGE, offset=pager["offset"]
        )
        threads = [thread for thread, _date in newest]
        found = emails.search(readable & Domain("thread_id", "in", [thread.id for thread in threads]))
        by_thread = found.grouped("thread_id")
        rows = [
            {
                "thread": thread,
                "email": by_thread[thread][0],
                "count": len(by_thread[thread]),
                "has_files": any(by_thread[thread].mapped("attachment_count")),
            }
            for thread in threads
        ]
        return request.render(
            "escala_client_portal.portal_my_emails",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "client_emails",
                "account": account,
                "rows": rows,
                "pager": pager,
                "search": search,
                "is_synced": any(account.account_contact_ids.mapped("email_sync")),
                "default_url": "/my/emails",
            },
        )

    @http.route("/my/emails/<int:thread_id>", type="http", auth="user", website=True)
    def portal_my_email(self, thread_id, **_kw):
        """Show a conversation, oldest e-mail first, with what was replied in the portal."""
        account = active_account()
        return self._render_client_thread(account, thread_id)

    @http.route("/my/emails/<int:thread_id>/reply", type="http", auth="user", website=True, methods=["POST"])
    def portal_my_email_reply(self, thread_id, account_id="", text="", **_kw):
        """Take a reply to the last e-mail that the client sees of a conversation."""
        account = active_account(expected=account_id)
        thread = self._get_client_thread(account, thread_id)
        try:
            message, files = read_message(text)
        except UserError as error:
            return self._render_client_thread(account, thread_id, error=str(error), text=text)
        # sudo: clients have no access to the model; account and e-mail are those that they may read
        request.env["escala.portal.conversation"].sudo()._reply_to_email(
            account, request.env.user, thread[-1], message, files
        )
        return request.redirect(f"/my/emails/{thread_id}?sent=1#last")

    @http.route("/my/emails/<int:thread_id>/<int:email_id>/body", type="http", auth="user")
    def portal_my_email_body(self, thread_id, email_id, **_kw):
        """Serve the text of an e-mail for the frame on the page: a page that runs, fetches and sends nothing."""
        email = self._get_client_email(active_account(), thread_id, email_id)
        images = {
            file.id: f"data:{file.mimetype};base64,{base64.b64encode(file.raw).decode()}"
            for file in email.attachment_ids
            if file.mimetype in SHOWN_IMAGES and file.file_size <= LARGEST_IMAGE
        }
        html = make_document(email.body or "", images, escape(email.subject or ""))
        return request.make_response(
            html,
            {
                "Content-Type": "text/html; charset=utf-8",
                "Content-Security-Policy": POLICY,
                "X-Content-Type-Options": "nosniff",
                "X-Frame-Options": "SAMEORIGIN",
                "Referrer-Policy": "no-referrer",
                "Cache-Control": "private, no-store",
            },
        )

    @http.route("/my/emails/<int:thread_id>/<int:email_id>/files/<int:file_id>", type="http", auth="user")
    def portal_my_email_file(self, thread_id, email_id, file_id, **_kw):
        """Serve a file of an e-mail, to be saved."""
        email = self._get_client_email(active_account(), thread_id, email_id)
        file = email.attachment_ids.filtered(lambda each: each.id == file_id)
        if not file:
            raise request.not_found()
        return download(file)

    # ------------------------------------------------------------
    # WHAT THE CLIENT MAY READ
    # ------------------------------------------------------------

    def _get_client_emails(self, account):
        """Return the model and the domain of what the user may read in this account."""
        # sudo: clients have no access to e-mails but by this domain
        emails = request.env["escala.email"].sudo()
        domain = emails._get_client_domain(account, request.env.user)
        return emails, domain & Domain("thread_id", "!=", False)

    def _count_client_threads(self, emails, domain) -> int:
        [(count,)] = emails._read_group(domain, [], ["thread_id:count_distinct"])
        return count

    def _find_client_thread(self, account, thread_id: int):
        emails, domain = self._get_client_emails(account)
        return emails.search(
            domain & Domain("thread_id", "=", thread_id), order="date desc, id desc", limit=LONGEST
        )

    def _get_client_thread(self, account, thread_id: int):
        """Return the e-mails of a conversation that the user may read, oldest first.

        :raises OtherAccount: what the user may read of it is in another account of the user's
        :raises NotFound: there is nothing
        """
        found = self._find_client_thread(account, thread_id)
        if not found:
            # sudo: as in account_of, of a conversation that may be on several accounts
            emails = request.env["escala.email"].sudo().search([("thread_id", "=", thread_id)])
            offer_other_account(lambda other: self._find_client_thread(other, thread_id), emails.account_ids)
            raise request.not_found()
        return found[::-1]

    def _get_client_email(self, account, thread_id: int, email_id: int):
        emails, domain = self._get_client_emails(account)
        email = emails.search(domain & Domain("thread_id", "=", thread_id) & Domain("id", "=", email_id))
        if not email:
            raise request.not_found()
        return email

    def _render_client_thread(self, account, thread_id: int, error="", text=""):
        emails = self._get_client_thread(account, thread_id)
        # sudo: as in _get_client_emails; about e-mails that the user may read
        conversations = request.env["escala.portal.conversation"].sudo()
        replies = conversations.search([("account_id", "=", account.id), ("email_id", "in", emails.ids)])
        replies.write({"read_by_ids": [Command.link(request.env.user.partner_id.id)]})
        shown = [*emails, *replies._get_shown_messages()]
        return request.render(
            "escala_client_portal.portal_my_email",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "client_email",
                "account": account,
                "thread_id": thread_id,
                "subject": emails[-1].subject,
                "shown": sorted(shown, key=lambda each: each.date),
                **FORM_LIMITS,
                "error": error,
                "text": text,
                "sent": request.params.get("sent") and not error,
            },
        )
