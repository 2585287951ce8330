"""What the firm has asked the client to send: a page with the request, and the upload for it."""

from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

from .account_guard import account_of, active_account, offer_other_account
from .document_responses import max_upload_bytes, send_upload, uploaded_file

PAGE = "/my/documents/requests/<int:request_id>"


class PortalRequests(CustomerPortal):
    @route(PAGE, type="http", auth="user", website=True)
    def portal_my_request(self, request_id, **_kwargs):
        """Show a request, with what has been sent for it."""
        account = active_account()
        client_request = self._find_request(account, request_id)
        if not client_request:
            offer_other_account(
                lambda other: self._find_request(other, request_id),
                account_of("escala.client.request", request_id),
            )
            return request.not_found()
        documents = client_request.document_ids
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "client_request",
            "account": account,
            "client_request": client_request,
            "folder": client_request._get_upload_folder(),
            "documents": documents.search(
                documents._client_domain(account) & Domain("client_request_id", "=", client_request.id)
            ),
            "max_megabytes": documents._get_max_megabytes(),
        }
        return request.render("escala_client_portal.portal_my_request", values)

    @route(
        f"{PAGE}/upload",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=max_upload_bytes,
    )
    def portal_my_request_upload(self, request_id, account_id="", **_kwargs):
        """Keep one file; the page sends several one by one."""
        client_request = self._find_request(active_account(account_id), request_id)
        if not client_request:
            return request.not_found()
        return send_upload(lambda: client_request._upload(*uploaded_file()))

    @staticmethod
    def _find_request(account, request_id):
        # sudo: clients have no access to the model but by this domain
        requests = request.env["escala.client.request"].sudo()
        return requests.search(requests._client_domain(account) & Domain("id", "=", request_id))
