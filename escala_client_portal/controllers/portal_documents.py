"""The documents of the account that a client is in: folders, pages, uploads and decisions."""

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from .account_guard import account_of, active_account, offer_other_account
from .document_responses import decide, max_upload_bytes, send_document, send_upload, uploaded_file
from .search_words import read_search

PER_PAGE = 20
REFUSED_KEY = "escala_document_refused"


class PortalDocuments(CustomerPortal):
    def _prepare_home_portal_values(self, counters):
        """Override: how many documents there are."""
        values = super()._prepare_home_portal_values(counters)
        account = request.env.user._get_active_account()
        if "client_document_count" in counters and account:
            documents = self._client_documents()
            values["client_document_count"] = documents.search_count(documents._client_domain(account))
        return values

    @route(
        [
            "/my/documents",
            "/my/documents/page/<int:page>",
            "/my/documents/folder/<int:folder_id>",
            "/my/documents/folder/<int:folder_id>/page/<int:page>",
        ],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_documents(self, folder_id=0, page=1, sortby="date", search="", **_kwargs):
        """Show a folder, or what is in none; a search looks into all folders."""
        search = read_search(search)
        account = active_account()
        folder = self._find_folder(account, folder_id)
        if folder_id and not folder:
            offer_other_account(
                lambda other: self._find_folder(other, folder_id),
                account_of("escala.document.folder", folder_id),
            )
            return request.not_found()
        documents, folders = self._client_documents(), self._client_folders()
        sortings = {
            "date": {"label": request.env._("Newest"), "order": "create_date desc, id desc"},
            "name": {"label": request.env._("Name"), "order": "name, id"},
            "state": {
                "label": request.env._("Waiting for you"),
                "order": "deadline, create_date desc, id desc",
            },
        }
        sortby = sortby if sortby in sortings else "date"
        domain = documents._client_domain(account)
        if search:
            domain &= Domain("name", "ilike", search)
        else:
            domain &= Domain("folder_id", "=", folder.id)
        if sortby == "state":
            domain &= Domain("state", "in", ("to_approve", "to_sign"))
        url = f"/my/documents/folder/{folder.id}" if folder else "/my/documents"
        total = documents.search_count(domain)
        pages = pager(
            url=url,
            url_args={"sortby": sortby, "search": search},
            total=total,
            page=page,
            step=PER_PAGE,
        )
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "client_documents",
            "account": account,
            "folder": folder,
            "folders": folders.browse()
            if search
            else folders.search(folders._client_domain(account) & Domain("parent_id", "=", folder.id)),
            "documents": documents.search(
                domain, order=sortings[sortby]["order"], limit=PER_PAGE, offset=pages["offset"]
            ),
            "document_count": total,
            "pager": pages,
            "default_url": url,
            "searchbar_sortings": sortings,
            "sortby": sortby,
            "search": search,
            "may_upload": not folder or folder.client_upload,
            "max_megabytes": documents._get_max_megabytes(),
        }
        return request.render("escala_client_portal.portal_my_documents", values)

    @route("/my/documents/<int:document_id>", type="http", auth="user", website=True)
    def portal_my_document(self, document_id, **_kwargs):
        account = active_account()
        document = self._find_document(account, document_id)
        if not document:
            offer_other_account(
                lambda other: self._find_document(other, document_id),
                account_of("escala.document", document_id),
            )
            return request.not_found()
        document._log("viewed")
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "client_document",
            "account": account,
            "document": document,
            "folder": document.folder_id,
            "document_url": f"/my/documents/{document.id}",
            "sign_url": f"/my/documents/{document.id}/sign/{account.id}/{document.checksum}",
            "may_decide": document.state in ("to_approve", "to_sign"),
            "signer_name": request.env.user.name,
            "refused": request.session.pop(REFUSED_KEY, None),
        }
        return request.render("escala_client_portal.portal_my_document", values)

    @route(
        "/my/documents/<int:document_id>/<any(content,download,signed):what>",
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_document_content(self, document_id, what, **_kwargs):
        """Send the file: to be shown, to be saved, or its signed copy to be saved."""
        return send_document(self._find_document(active_account(), document_id), what)

    @route(
        "/my/documents/upload",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=max_upload_bytes,
    )
    def portal_my_documents_upload(self, account_id="", folder_id="", **_kwargs):
        """Keep one file; the page sends several one by one."""
        account = active_account(account_id)

        def upload():
            folder = (
                self._find_folder(account, int(folder_id)) if folder_id.isdigit() else self._client_folders()
            )
            if folder_id and not folder:
                raise UserError(request.env._("This folder is not there any more. Reload the page."))
            return self._client_documents()._upload(account, folder, *uploaded_file())

        return send_upload(upload)

    @route(
        "/my/documents/<int:document_id>/<any(approve,reject):decision>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_my_document_decide(
        self, document_id, decision, account_id="", checksum="", reason="", **_kwargs
    ):
        """Approve or reject, and show the document with the outcome."""
        document = self._find_document(active_account(account_id), document_id)
        if not document:
            return request.not_found()
        if refused := decide(document, decision, checksum=checksum, reason=reason):
            request.session[REFUSED_KEY] = refused
        return request.redirect(f"/my/documents/{document.id}")

    @route(
        "/my/documents/<int:document_id>/sign/<int:account_id>/<string:checksum>",
        type="jsonrpc",
        auth="user",
        website=True,
    )
    def portal_my_document_sign(self, document_id, account_id, checksum, name="", signature=""):
        """Sign; called by Odoo's signature form (portal/static/src/signature_form)."""
        account = request.env.user._get_active_account()
        if account.id != account_id:
            return {"error": request.env._("You are in another account now. Nothing has been signed.")}
        document = self._find_document(account, document_id)
        if not document:
            return {"error": request.env._("This document is not there any more.")}
        if refused := decide(document, "sign", checksum=checksum, name=name, signature=signature):
            return {"error": refused}
        return {"force_refresh": True, "redirect_url": f"/my/documents/{document.id}"}

    # The active account's, and nothing else

    def _client_documents(self):
        # sudo: clients write nothing themselves; every search is limited by _client_domain of the active account
        return request.env["escala.document"].sudo()

    def _client_folders(self):
        # sudo: as above
        return request.env["escala.document.folder"].sudo()

    def _find_document(self, account, document_id):
        documents = self._client_documents()
        return documents.search(documents._client_domain(account) & Domain("id", "=", document_id))

    def _find_folder(self, account, folder_id):
        folders = self._client_folders()
        return folders.search(folders._client_domain(account) & Domain("id", "=", folder_id))
