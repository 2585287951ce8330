"""Files that come with a message, under names that are safe to store."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass, field

from .charset import clean_line, decode_words
from .fields import body_offset, first_value, header_start, parse_parameters, split_fields
from .structure import Part

_MAX_NAME = 150
_EXTENSIONS = {
    "application/pgp-signature": ".asc",
    "image/jpeg": ".jpg",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "message/rfc822": ".eml",
    "message/global": ".eml",
    "text/calendar": ".ics",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/rfc822-headers": ".txt",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
}
# The builtin table alone: the answer must not depend on the machine's /etc/mime.types.
_MIME_TYPES = mimetypes.MimeTypes()
# Path separators, what Windows forbids, and marks that reverse the reading order: "gpj.exe" shown
# as "exe.jpg".
_UNSAFE = re.compile('[/\\\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]')


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message.

    ``content_id`` stands without ``<>``; ``inline`` ones are shown within the HTML; ``charset`` is what
    the message says of a text, ``''`` when it says nothing.
    """

    filename: str
    mimetype: str
    content: bytes = field(repr=False)
    content_id: str
    inline: bool
    charset: str = ""


def make_attachment(part: Part, content: bytes | None = None) -> Attachment:
    """A part as a file; an enclosed message is named by its subject.

    :param content: that of the part, if it is at hand: it may be large
    """
    content = part.content() if content is None else content
    disposition, parameters = parse_parameters(first_value(part.fields, b"content-disposition"))
    content_id = clean_line(first_value(part.fields, b"content-id")).strip("<> ")
    name = parameters.get("filename") or part.parameters.get("name") or _enclosed_subject(part, content)
    return Attachment(
        filename=safe_filename(name, part.content_type),
        mimetype=part.content_type,
        content=content,
        content_id=content_id,
        inline=disposition == "inline" or (bool(content_id) and disposition != "attachment"),
        charset=part.parameters.get("charset", ""),
    )


def safe_filename(name: str, mimetype: str) -> str:
    """The name without paths, controls and trickery; ``attachment.<extension>`` when nothing is left.

    Encoded words are not allowed in a parameter (RFC 2047 §5) but common.
    """
    name = _UNSAFE.sub("_", clean_line(decode_words(name))).strip(". ")
    if not name.strip("_"):
        extension = _EXTENSIONS.get(mimetype) or _MIME_TYPES.guess_extension(mimetype)
        return "attachment" + (extension or ".bin")
    if len(name) > _MAX_NAME:
        stem, dot, extension = name.rpartition(".")
        extension = dot + extension if len(extension) < 10 else ""
        name = (stem or name)[: _MAX_NAME - len(extension)] + extension
    return name


def _enclosed_subject(part: Part, content: bytes) -> str:
    if part.content_type not in ("message/rfc822", "message/global"):
        return ""
    start = header_start(content)
    fields = split_fields(content[start : body_offset(content, start, len(content))])
    subject = clean_line(decode_words(first_value(fields, b"subject")))
    return f"{subject}.eml" if subject else ""
