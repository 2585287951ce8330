"""A whole message: bytes in, headers, text, HTML and attachments out."""

from __future__ import annotations

import hashlib
import html as html_module
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .attachments import Attachment, make_attachment, safe_filename
from .charset import clean_text, decode_text
from .fields import Fields, first_value, parse_parameters
from .headers import Headers, headers_from_fields
from .plain import html_to_text, make_snippet
from .structure import MAX_PARTS, ParseError, Part, read_structure
from .tnef import TnefContent, TnefError, is_tnef, unpack_tnef
from .unclosed_tags import is_slow_to_clean

__all__ = ["Attachment", "ParseError", "ParsedEmail", "parse_email"]

# Copies of one message differ in what servers add, never in these. Not Bcc: the sender's copy has it.
_IDENTITY_FIELDS = (
    b"message-id",
    b"from",
    b"to",
    b"cc",
    b"date",
    b"subject",
    b"content-type",
    b"content-transfer-encoding",
)
_CHUNK = 1024 * 1024
#: The most bytes of text, and of HTML, that a message shows. No letter is as long; longer ones are dumps and logs,
#: and HTML takes some thirty times its size to be cleaned. The whole is kept as a file.
MAX_BODY = 1024 * 1024
_METHOD_REPLY = re.compile(rb"^METHOD:REPLY\s*$", re.MULTILINE | re.IGNORECASE)
_BODY_TYPES = ("text/plain", "text/html")


@dataclass(frozen=True, slots=True)
class ParsedEmail:
    """One message, decoded. ``text`` and ``html`` are ``''`` when it has none.

    ``content_key`` identifies the message: equal for its copies in two mailboxes, different for
    another message under a forged Message-ID.
    """

    headers: Headers
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    content_key: str

    @property
    def snippet(self) -> str:
        """The first 200 characters of what was written, quotations and signature left out where possible."""
        return make_snippet(self.text, self.html)


@dataclass(slots=True)
class _Body:
    """What a part contributes."""

    text: str = ""
    html: str = ""


class _Files(list[Attachment]):
    """What is kept as files, and how much room is left in the body."""

    def __init__(self) -> None:
        super().__init__()
        self.room = dict.fromkeys(_BODY_TYPES, MAX_BODY)


def parse_email(raw: bytes) -> ParsedEmail:
    """Read a message (RFC 5322, MIME), broken ones as well as can be.

    :raises ParseError: nothing else; its ``code`` and text say what is wrong with the message
    """
    if not raw[:_CHUNK].strip() and not raw.strip():
        raise ParseError("empty", "The message is empty.")
    try:
        return _parse(raw)
    except ParseError:
        raise
    except MemoryError:
        raise
    except RecursionError as error:
        raise ParseError("nested_too_deep", "Its parts are nested too deep.") from error
    except Exception as error:
        # One message must never stop a mailbox: it is set aside with this reason, and the cause is
        # kept for the log.
        raise ParseError("unreadable", f"It cannot be read ({type(error).__name__}: {error}).") from error


def _parse(raw: bytes) -> ParsedEmail:
    root = read_structure(raw)
    if not root.fields:
        raise ParseError("unreadable", "It has no header: these bytes are no e-mail.")
    headers = headers_from_fields(root.fields)
    if headers.sender is None:
        raise ParseError("no_sender", f"Its From header names no address: {_from_header(root.fields)}.")
    files = _Files()
    body = _read(root, files)
    attachments: list[Attachment] = files
    if any(map(is_tnef, attachments)):
        body, attachments = _unpack(body, attachments)
    if is_slow_to_clean(body.html):
        attachments = [*attachments, _html_file(body.html)]
        body = _Body(body.text, _text_to_html(html_to_text(body.html)))
    if not headers.automatic and any(map(_is_calendar_reply, _leaves(root))):
        headers = replace(headers, automatic="calendar_reply")
    return ParsedEmail(headers, body.text, body.html, tuple(attachments), _content_key(root))


def _from_header(fields: Fields) -> str:
    value = first_value(fields, b"from")
    return repr(value[:100]) if value else "it is missing or empty"


# Bodies. Recursion is safe here: read_structure() allows 50 levels.


def _read(part: Part, files: _Files) -> _Body:
    """The body of a part; what is no body is added to ``files``."""
    if part.is_multipart:
        return _read_multipart(part, files)
    if part.content_type.startswith("multipart/"):
        # announced, but no part was found
        return _Body(text=_text(part, files))
    if not _is_body(part):
        files.append(make_attachment(part))
        return _Body()
    if part.content_type == "text/html":
        return _Body(html=_text(part, files))
    return _Body(text=_text(part, files))


def _read_multipart(part: Part, files: _Files) -> _Body:
    if part.subtype == "alternative":
        return _read_alternative(part, files)
    if part.subtype in ("report", "related"):
        # RFC 6522 §3, RFC 2387 §3: one part is to be read, the others go with it
        chosen = _main_part(part)
        body = _read(chosen, files)
        others = (child for child in part.children if child is not chosen)
        files += [make_attachment(leaf) for other in others for leaf in _leaves(other)]
        return body
    return _join([_read(child, files) for child in part.children])


def _main_part(part: Part) -> Part:
    """The first part that can be read: "related" ones begin with a picture at times."""
    readable = (child for child in part.children if child.is_multipart or _is_body(child))
    return next(readable, part.children[0])


def _read_alternative(part: Part, files: _Files) -> _Body:
    """RFC 2046 §5.1.4: the same in several forms, the richest last."""
    bodies = [_read(child, files) for child in part.children if not _is_odd_rendition(child)]
    text = next((body.text for body in bodies if body.text.strip()), "")
    html = next((body.html for body in reversed(bodies) if body.html.strip()), "")
    return _Body(text, html)


def _is_odd_rendition(part: Part) -> bool:
    """text/x-amp-html, text/watch-html, text/enriched: the same words again, for other programs.

    A file is none: some senders put their attachments among the forms.
    """
    known = (*_BODY_TYPES, "text/calendar")
    return part.content_type.startswith("text/") and part.content_type not in known and not _is_file(part)


def _join(bodies: list[_Body]) -> _Body:
    """Several bodies in a row, such as a letter and the footer of a mailing list."""
    bodies = [body for body in bodies if body.text.strip() or body.html.strip()]
    if len(bodies) == 1:
        return bodies[0]
    joined = _Body()
    if any(body.text for body in bodies):
        joined.text = "\n\n".join((body.text or html_to_text(body.html)).strip("\n") for body in bodies)
    if any(body.html for body in bodies):
        joined.html = "\n".join(body.html or _text_to_html(body.text) for body in bodies)
    return joined


def _text_to_html(text: str) -> str:
    return f'<div style="white-space: pre-wrap">{html_module.escape(text)}</div>'


def _html_file(html: str) -> Attachment:
    """HTML that is kept as a file, since its words alone are shown."""
    return Attachment(safe_filename("", "text/html"), "text/html", html.encode(), "", False, "utf-8")


def _is_body(part: Part) -> bool:
    """Whether a leaf is to be read rather than kept as a file."""
    return part.content_type in _BODY_TYPES and not _is_file(part)


def _is_file(part: Part) -> bool:
    disposition, parameters = parse_parameters(first_value(part.fields, b"content-disposition"))
    # a name in Content-Type alone is often given to bodies; "inline; filename=" is a file shown in place
    return disposition == "attachment" or "filename" in parameters


def _text(part: Part, files: _Files) -> str:
    """The text of a part, as far as there is room for it; the whole is a file then."""
    content, kind = part.content(), "text/html" if part.content_type == "text/html" else "text/plain"
    if len(content) > files.room[kind]:
        files.append(make_attachment(part, content))
        content = content[: files.room[kind]]
    files.room[kind] -= len(content)
    return clean_text(decode_text(content, part.parameters.get("charset", "")))


def _leaves(part: Part) -> Iterator[Part]:
    if not part.children:
        yield part
    for child in part.children:
        yield from _leaves(child)


def _is_calendar_reply(part: Part) -> bool:
    """iTIP REPLY (RFC 5546 §1.4), named in the Content-Type (RFC 6047 §2.4) or in the calendar alone."""
    if part.content_type != "text/calendar":
        return False
    method = part.parameters.get("method", "")
    return method.lower() == "reply" if method else bool(_METHOD_REPLY.search(part.content()))


# TNEF


def _unpack(body: _Body, attachments: list[Attachment]) -> tuple[_Body, list[Attachment]]:
    """The files that TNEF holds instead of it, and its text for a message that has none of its own."""
    unpacked: list[Attachment] = []
    room = MAX_PARTS - len(attachments)
    for attachment in attachments:
        content = _tnef_content(attachment)
        if content is None or len(content.attachments) > room:
            unpacked.append(attachment)
            continue
        room -= len(content.attachments)
        unpacked += content.attachments
        if not (body.text.strip() or body.html.strip()):
            body = _Body(content.text[:MAX_BODY], content.html[:MAX_BODY])
            if max(len(content.text), len(content.html)) > MAX_BODY:
                unpacked.append(attachment)
    return body, unpacked


def _tnef_content(attachment: Attachment) -> TnefContent | None:
    """What is in it; ``None`` for other files, and for one that is unreadable or seems empty."""
    if not is_tnef(attachment):
        return None
    try:
        content = unpack_tnef(attachment.content)
    except TnefError:
        return None
    return content if content.attachments or content.text or content.html else None


# Identity


def _content_key(root: Part) -> str:
    """SHA-256 over who, when, what: raw field values with blanks collapsed, and the raw body.

    Line ends and trailing blanks of the body don't count: transports change them.
    """
    digest = hashlib.sha256()
    for name in _IDENTITY_FIELDS:
        for value in root.fields.get(name, ()):
            digest.update(name + b":" + b" ".join(value.split()) + b"\n")
    digest.update(b"\n")
    for chunk in _normalised(root.raw, root.start):
        digest.update(chunk)
    return digest.hexdigest()


def _normalised(raw: bytes, start: int) -> Iterator[bytes]:
    """The bytes from ``start`` with LF line ends, a chunk at a time, trailing white space dropped."""
    end = len(raw)
    while end > start and raw[end - 1] in b" \t\r\n":
        end -= 1
    while start < end:
        stop = min(start + _CHUNK, end)
        # don't cut a CRLF in two
        stop += raw[stop - 1 : stop + 1] == b"\r\n"
        yield raw[start:stop].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        start = stop
