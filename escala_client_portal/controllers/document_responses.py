"""Answers about documents that the portal and links without login have in common."""

from odoo.exceptions import UserError
from odoo.http import request

from ..models.escala_document_upload import TooManyUploads

# Nothing of the file runs or loads anything, even if a browser takes it for a page; only our own pages frame it.
CONTENT_POLICY = "default-src 'none'; sandbox; frame-ancestors 'self'"
FORM_OVERHEAD = 64 * 1024  # bytes of a request beside its file


def max_upload_bytes(_controller):
    """Return the size of the largest request with a file; Odoo answers larger ones with status 413."""
    return request.env["escala.document"]._get_max_bytes() + FORM_OVERHEAD


def send_document(document, what):
    """Return the response with a document's file, and note in its log that it was saved.

    :param document: escala.document, at most one
    :param str what: content, to be shown; download, to be saved; signed, its signed copy to be saved
    """
    if not document or (what == "signed" and not document.signed_content):
        return request.not_found()
    if what == "signed":
        return _send_content(document, "signed_content", document.signed_name, download=True)
    if what == "download":
        document._log("downloaded")
    return _send_content(document, "content", document.name, download=what == "download")


def _send_content(document, field, name, download):
    """Return the response with the content of a field: shown only if that is safe, else to be saved."""
    mimetype = document.mimetype if field == "content" else "application/pdf"
    shown = bool(document.preview) and not download
    if not shown and mimetype.startswith(("text/", "image/svg", "application/xhtml", "application/xml")):
        mimetype = "application/octet-stream"
    stream = request.env["ir.binary"]._get_stream_from(document, field, filename=name, mimetype=mimetype)
    response = stream.get_response(as_attachment=not shown, content_security_policy=CONTENT_POLICY)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def send_upload(upload):
    """Return what became of a file as JSON: {"name": …}, or {"error": …} with a status of its own.

    :param upload: called without arguments, returns the document or raises UserError
    """
    try:
        with request.env.cr.savepoint():
            document = upload()
    except TooManyUploads as error:
        return request.make_json_response({"error": str(error)}, status=429)
    except UserError as error:
        return request.make_json_response({"error": str(error)}, status=400)
    return request.make_json_response({"name": document.name})


def uploaded_file():
    """Return name and content of the file in the request.

    :raises UserError: there is none
    """
    file = request.httprequest.files.get("ufile")
    if not file:
        raise UserError(request.env._("No file has arrived. Choose one and try again."))
    return file.filename, file.read()


def decide(document, decision, **values):
    """Have a client's decision carried out; return the message if it is refused, else None.

    :param str decision: approve, reject or sign
    """
    try:
        with request.env.cr.savepoint():
            if decision == "approve":
                document._approve(values["checksum"])
            elif decision == "reject":
                document._reject(values["checksum"], values["reason"])
            else:
                document._sign(values["checksum"], values["name"], values["signature"])
    except UserError as error:
        return str(error)
    return None
