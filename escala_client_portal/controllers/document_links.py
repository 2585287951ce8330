"""Links to documents and folders without login."""

from functools import wraps

from odoo import fields
from odoo.exceptions import UserError
from odoo.http import Controller, request, route

from .document_responses import decide, max_upload_bytes, send_document, send_upload, uploaded_file

PAGE = "/documents/link/<string:token>"
REFUSED_KEY = "escala_link_refused"


def with_link(endpoint):
    """Hand the valid link of the token to an endpoint; else show the page that says what is wrong with it."""

    @wraps(endpoint)
    def find_link(self, token, *args, **kwargs):
        link = request.env["escala.document.link"]._find_by_token(token)
        state = link.state if link and link._are_allowed() else "revoked"
        if state != "valid":
            return _seal(
                request.render("escala_client_portal.document_link_gone", {"state": state}, status=410)
            )
        request.update_context(lang=link.contact_id.lang or request.env.lang)
        actor = link._get_actor(request.httprequest.remote_addr, request.httprequest.user_agent.string)
        link = link.with_context(request.env.context, escala_document_actor=actor)
        link.last_used_on = fields.Datetime.now()
        return endpoint(self, link, *args, **kwargs)

    return find_link


class DocumentLinks(Controller):
    @route(PAGE, type="http", auth="public", website=True, sitemap=False)
    @with_link
    def document_link(self, link, **_kwargs):
        """Show the document, or the documents in the folder."""
        if link.document_id:
            return self._render_document(link, link._get_documents())
        values = {
            "link": link,
            "link_url": self._url(link),
            "documents": link._get_documents(),
            "folder": link.folder_id,
            "max_megabytes": request.env["escala.document"]._get_max_megabytes(),
        }
        return _seal(request.render("escala_client_portal.document_link_folder", values))

    @route(f"{PAGE}/<int:document_id>", type="http", auth="public", website=True, sitemap=False)
    @with_link
    def document_link_document(self, link, document_id, **_kwargs):
        """Show one of the documents in the folder."""
        return self._render_document(link, self._find(link, document_id))

    def _render_document(self, link, document):
        if not document:
            return _seal(
                request.render("escala_client_portal.document_link_gone", {"state": "missing"}, status=404)
            )
        document._log("viewed")
        url = f"{self._url(link)}/{document.id}"
        values = {
            "link": link,
            "link_url": self._url(link),
            "document": document,
            "document_url": url,
            "sign_url": f"{url}/sign/{document.checksum}",
            "account": link.account_id,
            "may_decide": link._may_decide(document),
            "signer_name": link.contact_id.name,
            "refused": request.session.pop(REFUSED_KEY, None),
        }
        return _seal(request.render("escala_client_portal.document_link_document", values))

    @route(
        f"{PAGE}/<int:document_id>/<any(content,download,signed):what>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    @with_link
    def document_link_content(self, link, document_id, what, **_kwargs):
        """Send the file: to be shown, to be saved, or its signed copy to be saved."""
        return send_document(self._find(link, document_id), what)

    @route(
        f"{PAGE}/upload",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
        max_content_length=max_upload_bytes,
    )
    @with_link
    def document_link_upload(self, link, **_kwargs):
        """Keep one file in the folder."""

        def upload():
            if not link.allow_upload:
                raise UserError(request.env._("Nothing can be uploaded by this link."))
            # sudo: the link is what its bearer shows in place of a login; it names account and folder
            documents = request.env["escala.document"].sudo().with_context(**link.env.context)
            return documents._upload(link.account_id, link.folder_id, *uploaded_file())

        return send_upload(upload)

    @route(
        f"{PAGE}/<int:document_id>/<any(approve,reject):decision>",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    @with_link
    def document_link_decide(self, link, document_id, decision, checksum="", reason="", **_kwargs):
        """Approve or reject, and show the document with the outcome."""
        if refused := self._decide(link, document_id, decision, checksum=checksum, reason=reason):
            request.session[REFUSED_KEY] = refused
        return request.redirect(f"{self._url(link)}/{document_id}")

    @route(
        f"{PAGE}/<int:document_id>/sign/<string:checksum>",
        type="jsonrpc",
        auth="public",
        website=True,
        sitemap=False,
    )
    def document_link_sign(self, token, document_id, checksum, name="", signature=""):
        """Sign; called by Odoo's signature form."""

        @with_link
        def sign(_self, link):
            return self._decide(link, document_id, "sign", checksum=checksum, name=name, signature=signature)

        refused = sign(self, token)
        if isinstance(refused, str):
            return {"error": refused}
        return {"force_refresh": True}

    def _decide(self, link, document_id, decision, **values):
        document = self._find(link, document_id)
        if not document:
            return request.env._("This document is not there any more.")
        if not link._may_decide(document):
            # what was decided meanwhile says so itself; the rest is not for this link
            waiting = document.state in ("to_approve", "to_sign")
            return (
                request.env._("This link does not allow that.")
                if waiting
                else document._not_waiting_message()
            )
        document._track_set_author(link.contact_id)
        return decide(document, decision, **values)

    def _find(self, link, document_id):
        """Return that document if the link shows it."""
        return link._get_documents().filtered(lambda document: document.id == document_id)

    def _url(self, link):
        return f"/documents/link/{link._get_token()}"


def _seal(response):
    """Keep the address of the link from search engines, caches and other sites."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response
