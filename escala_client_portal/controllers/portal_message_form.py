"""What a form for a message to the firm brings along: a text and files."""

from odoo.exceptions import UserError
from odoo.http import request

from ..documents.files import is_program, runs_in_browser, safe_name

MAX_FILES = 10
MAX_MEGABYTES = 20  # of one file
MAX_TOTAL_MEGABYTES = 100  # of all files together; Odoo takes no larger requests than 128 (odoo/http.py)
MEGABYTE = 1024 * 1024
MAX_BYTES = MAX_MEGABYTES * MEGABYTE
FORM_LIMITS = {
    "max_files": MAX_FILES,
    "max_megabytes": MAX_MEGABYTES,
    "max_total_megabytes": MAX_TOTAL_MEGABYTES,
}  # what the form checks before it sends anything (message_form.js)
MESSAGES = (10, 1)  # of one client, within how many minutes
MAX_TEXT = 20_000  # characters
MAX_SUBJECT = 200


def read_message(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Return the text and the files, as pairs of names and bytes, of the form that was sent.

    :raises UserError: there is nothing to send, it is too much, or a file is of a kind that is not taken
    """
    text = (text or "").strip()[:MAX_TEXT]
    uploads = [upload for upload in request.httprequest.files.getlist("files") if upload.filename]
    if len(uploads) > MAX_FILES:
        raise UserError(request.env._("You can attach %s files at most.", MAX_FILES))
    files = []
    for upload in uploads:
        name = safe_name(upload.filename)
        content = upload.read(MAX_BYTES + 1)
        if runs_in_browser(name) or is_program(name, content[:8]):
            raise UserError(request.env._("%s cannot be attached: files of this type are not taken.", name))
        if len(content) > MAX_BYTES:
            raise UserError(
                request.env._("%(name)s is too large: %(limit)s MB at most.", name=name, limit=MAX_MEGABYTES)
            )
        files.append((name, content))
    if sum(len(content) for _name, content in files) > MAX_TOTAL_MEGABYTES * MEGABYTE:
        raise UserError(
            request.env._(
                "The files are too large together: %s MB at most. Send them in several messages.",
                MAX_TOTAL_MEGABYTES,
            )
        )
    if not (text or files):
        raise UserError(request.env._("Write a message, or attach a file."))
    # sudo: nobody reads the attempts
    if not request.env["escala.portal.attempt"].sudo()._allow("message", str(request.env.uid), *MESSAGES):
        raise UserError(
            request.env._("You have sent many messages in a minute. Wait a minute, and send it again.")
        )
    return text, files


def download(attachment):
    """Return the response that has a browser save a file, never show it."""
    # sudo: the caller has found out that the file is of what the user may read
    stream = request.env["ir.binary"].sudo()._get_stream_from(attachment.sudo(), "raw")
    stream.download_name = safe_name(attachment.sudo().name)
    response = stream.get_response(as_attachment=True, immutable=False)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
