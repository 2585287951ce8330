"""From a draft to the bytes that are sent: Odoo's ir.mail_server puts them together."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses, make_msgid

from odoo import models
from odoo.tools import formataddr

from ..mime.own_images import find_own_images, replace_own_images

REFERENCES_LIMIT = 20


class EscalaEmailOutgoing(models.Model):
    _inherit = "escala.email.outgoing"

    def _build(self) -> bytes:
        """Return the message as everybody gets it, without Bcc, with CRLF at the end of its lines.

        As its author: nothing can be sent that they may not read.
        Raises ValueError if a header holds a line break.
        """
        author = self.with_user(self.user_id)
        author.attachment_ids.check_access("read")
        body, images = author._embed_images()
        server = self.env["ir.mail_server"]
        message = server._build_email__(
            email_from=self._as_header(self.mailbox_id._get_sender(self.user_id)),
            email_to=self._as_header(self.to) or "undisclosed-recipients:;",
            email_cc=self._as_header(self.cc),
            subject=self.subject or "",
            body=body,
            subtype="html",
            message_id=self.message_id,
            references=author._get_references(),
            headers=author._get_threading_headers(),
            attachments=[
                (file.name, author._read_file(file), file.mimetype) for file in author.attachment_ids
            ],
        )
        html = message.get_body(("html",))
        for content_id, image in images.items():
            maintype, _slash, subtype = (image.mimetype or "application/octet-stream").partition("/")
            html.add_related(
                image.raw or b"", maintype, subtype, cid=content_id, filename=image.name, disposition="inline"
            )
        return message.as_bytes(policy=SMTP)

    def _as_header(self, text: str | bool) -> str:
        """Return addresses as they stand in a header: domains in ASCII (RFC 5891), names quoted or encoded."""
        return ", ".join(formataddr(pair, "ascii") for pair in getaddresses([text or ""]))

    def _read_file(self, file) -> bytes:
        """Raises ValueError when there is nothing to send: an empty file would be taken for the real one."""
        if file.type == "url" or (file.file_size and not file.raw):
            raise ValueError(self.env._("“%s” is a link or its content is gone: remove it.", file.name))
        return file.raw or b""

    def _embed_images(self) -> tuple[str, dict]:
        """Return the body with Odoo's images as parts of the message (RFC 2392), and these by Content-ID.

        Whoever gets it has no access to Odoo. An image that is none of the e-mail's stays a link that leads nowhere.
        """
        body, origin = self.body or "", self.get_base_url()
        tokens = find_own_images(body, origin)
        images = self.env["ir.attachment"].browse(tokens).exists()._filtered_access("read")
        images = images.filtered(lambda image: self._may_embed(image, tokens[image.id]))
        content_ids = {each.id: make_msgid(domain="image") for each in images}
        urls = {id_: f"cid:{content_id[1:-1]}" for id_, content_id in content_ids.items()}
        body = replace_own_images(body, urls, origin)
        # what else leads to this Odoo needs its address
        body = self.env["mail.render.mixin"]._replace_local_links(body, origin)
        return body, {content_ids[each.id]: each for each in images}

    def _may_embed(self, image, tokens: set[str]) -> bool:
        """Whether an image in the text is one of this e-mail's: others, its author may read, and not whoever gets it.

        That a number stands in the text says nothing: strangers write what is quoted there. The editor of Odoo gives
        its images access tokens, which nobody guesses (html_editor, image_selector.js).

        :param tokens: the access tokens that stand with it
        """
        return (
            image.public
            or image.access_token in tokens
            or image in self.attachment_ids | self._get_answered().attachment_ids
            or (not image.res_field and (image.res_model, image.res_id) in self._get_owners_of_images())
        )

    def _get_owners_of_images(self) -> set[tuple[str, int]]:
        """Return the records whose files its text may show: itself, what it was made of, and whoever signs it."""
        templates = self.template_id | self.mailing_id.template_id
        return {
            (record._name, record.id)
            for records in (self, self.mailing_id, templates, self.user_id)
            for record in records
        }

    def _get_threading_headers(self) -> dict[str, str]:
        """RFC 5322, section 3.6.4: what it answers."""
        answered = self._get_answered()
        message_id = answered.server_message_id or answered.message_id
        return {"In-Reply-To": message_id} if message_id else {}

    def _get_answered(self):
        """Return the e-mail that it answers, if its author may still read it."""
        # sudo: the field can be read by no user
        return self.sudo().answered_email_id.with_user(self.user_id)._filtered_access("read")

    def _get_references(self) -> str | bool:
        """Return the conversation's Message-IDs, the first and the last ones if there are many."""
        answered = self._get_answered()
        if not answered.message_id:
            return False
        own = filter(None, (answered.message_id, answered.server_message_id))
        ids = [*dict.fromkeys([*(answered.references or "").split(), *own])]
        if len(ids) > REFERENCES_LIMIT:
            ids = [ids[0], *ids[-REFERENCES_LIMIT + 1 :]]
        return " ".join(ids)

    def _with_bcc(self, raw: bytes) -> bytes:
        """Return the message as its author keeps it."""
        if not self.bcc:
            return raw
        header = EmailMessage(policy=SMTP)
        header["Bcc"] = self._as_header(self.bcc)
        return header.as_bytes().removesuffix(b"\r\n") + raw

    def _get_document(self):
        """Return the contact or lead that it was written on, if its author may read it, else `None`."""
        if not (self.model and self.res_id) or self.model not in self.env:
            return None
        document = self.env[self.model].with_user(self.user_id).browse(self.res_id).exists()
        # sudo: what its author may read is looked at; templates are rendered with it as for its author
        return document.sudo() if document and document.has_access("read") else None
