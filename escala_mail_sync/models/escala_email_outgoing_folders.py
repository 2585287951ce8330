"""The folders *Drafts* and *Scheduled* of the workspace: a page of what the user is writing or has sent off."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext

from .escala_email_workspace import clamp_page

SNIPPET = 120  # characters
PAGE_FIELDS = ["subject", "body", "to", "state", "send_at", "error", "attachment_ids", "write_date"]


class EscalaEmailOutgoing(models.Model):
    _inherit = "escala.email.outgoing"

    @api.model
    def search_outgoing(
        self, folder: str, before: int | None = None, limit: int = 30, domain: list | None = None
    ) -> dict:
        """Return a page of a folder, what was changed last first.

        :param folder: `drafts` or `scheduled`, see `_get_folder_domain`
        :param before: what the page before said, to go on from there: how many rows there were up to its end. A draft
            moves when it is written on, so there is nothing firmer
        :param domain: leave out what does not match
        :returns: `rows`, see `_prepare_row`, and `before`, `False` on the last page
        """
        wanted = self._get_folder_domain(folder) & Domain(domain or [])
        offset, limit = before or 0, clamp_page(limit)
        found = self.search_fetch(
            wanted, PAGE_FIELDS, offset=offset, limit=limit + 1, order="write_date desc, id desc"
        )
        rows = found[:limit]
        return {
            "rows": [email._prepare_row() for email in rows],
            "before": offset + limit if len(found) > limit else False,
        }

    @api.model
    def _get_folder_domain(self, folder: str) -> Domain:
        """Return what is in the user's folder of drafts, or of what waits for its time or was not sent."""
        own = Domain("user_id", "=", self.env.uid) & Domain("mailing_id", "=", False)
        if folder == "drafts":
            return own & Domain("state", "=", "draft")
        return own & Domain("state", "in", ("outgoing", "sending", "failed", "unknown"))

    def _prepare_row(self) -> dict:
        """Return what the list shows of an e-mail; dates are in UTC, `send_at` is when it goes."""
        return {
            "id": self.id,
            "to": self.to or "",
            "subject": self.subject or "",
            "snippet": " ".join(html2plaintext(self.body or "").split())[:SNIPPET],
            "state": self.state,
            "date": fields.Datetime.to_string(self.write_date),
            "send_at": fields.Datetime.to_string(self.send_at) if self.send_at else False,
            "error": self.error or "",
            "has_attachments": bool(self.attachment_ids),
        }
