"""Uploads by the firm, from the list of an account's documents."""

import base64

from odoo.exceptions import UserError
from odoo.http import Controller, request, route

from .document_responses import FORM_OVERHEAD

FILES_AT_ONCE = 100


def max_batch_bytes(_controller):
    """Return the size of the largest request: some files of the largest size."""
    return 10 * request.env["escala.document"]._get_max_bytes() + FORM_OVERHEAD


class DocumentUpload(Controller):
    @route(
        "/escala_client_portal/documents/upload",
        type="http",
        auth="user",
        methods=["POST"],
        max_content_length=max_batch_bytes,
    )
    def upload(self, account_id, folder_id="", **_kwargs):
        """Create a document of each file, with the user's own rights; all of them or none."""
        files = request.httprequest.files.getlist("ufile")
        if len(files) > FILES_AT_ONCE:
            message = request.env._("Upload no more than %s files at once.", FILES_AT_ONCE)
            return request.make_json_response({"error": {"message": message}})
        try:
            with request.env.cr.savepoint():
                documents = request.env["escala.document"].create(
                    [
                        {
                            "account_id": int(account_id),
                            "folder_id": int(folder_id) if folder_id.isdigit() else False,
                            "name": file.filename,
                            "content": base64.b64encode(file.read()),
                        }
                        for file in files
                    ]
                )
        except UserError as error:
            return request.make_json_response({"error": {"message": str(error)}})
        return request.make_json_response({"ids": documents.ids})
