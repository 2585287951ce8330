"""What a draft takes over from a template of Odoo's."""

from lxml import html
from markupsafe import Markup

from odoo import api, models
from odoo.tools import html2plaintext, is_html_empty

from .escala_email_compose import QUOTED_CLASS


class EscalaEmailOutgoing(models.Model):
    _inherit = "escala.email.outgoing"

    @api.onchange("template_id")
    def _onchange_template_id(self):
        """Take over what the template says of the document; from then on it is text like any other.

        Rendered once, here: what strangers wrote, and is quoted, must never be rendered.
        """
        template = self.template_id
        if not (template and template.model == self.model and self._get_document()):
            return
        rendered = template._generate_template(
            [self.res_id], ("subject", "body_html", "attachment_ids", "report_template_ids")
        )[self.res_id]
        # sudo: whether it is an answer
        if not self.sudo().answered_email_id:
            self.subject = rendered.get("subject") or self.subject
        if not is_html_empty(rendered.get("body_html")):
            self.body = self._add_signature(rendered["body_html"]) + self._get_quoted_part()
        self.attachment_ids |= self.env["ir.attachment"].browse(rendered.get("attachment_ids", []))
        self.attachment_ids |= self._create_files(rendered.get("attachments", []))

    def _add_signature(self, body: str) -> Markup:
        """Return the text with the user's signature below, unless it is in it already."""
        signature = self.env.user.signature
        text = Markup(body)  # noqa: S704  rendered by Odoo, which escapes what placeholders stand for
        if is_html_empty(signature) or html2plaintext(signature).strip() in html2plaintext(body):
            return text
        return text + signature

    def _get_quoted_part(self) -> Markup:
        """Return what the draft quotes, empty when it quotes nothing."""
        if not self.body:
            return Markup()
        parts = html.fragment_fromstring(self.body, create_parent="div").find_class(QUOTED_CLASS)
        text = html.tostring(parts[0], encoding="unicode", with_tail=False) if parts else ""
        return Markup(text)  # noqa: S704  a part of what was sanitised when it was stored

    def _create_files(self, files: list[tuple[str, str]]):
        """Create attachments of what a template makes for a document: file names, and contents in base64."""
        return self.env["ir.attachment"].create(
            [
                {"name": name, "datas": content, "res_model": self._name, "res_id": self._origin.id or 0}
                for name, content in files
            ]
        )
