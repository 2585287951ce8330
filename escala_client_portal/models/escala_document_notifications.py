"""E-mails to the clients of an account about its documents, and reminders of what is asked of them."""

from datetime import timedelta

from odoo import api, fields, models

from ..documents.reminders import is_reminder_due
from .escala_document_decisions import CATEGORIES

REMIND_BEFORE = "escala_client_portal.document_remind_days"
DEFAULT_REMIND_BEFORE = 3
BATCH = 50


class EscalaDocument(models.Model):
    _inherit = "escala.document"

    reminded_on = fields.Date(readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        documents._notify_clients_of_new()
        return documents

    def write(self, vals):
        hidden = self.filtered(lambda document: not document.client_visible)
        result = super().write(vals)
        if vals.get("client_visible") and vals.get("state", "none") == "none":
            hidden._notify_clients_of_new()
        return result

    def _notify_clients_of_new(self):
        """Send one e-mail to the clients of each account for what the firm has put there just now."""
        if self.env.context.get("escala_document_quietly"):
            return
        new = self.filtered(lambda document: document._is_shown() and not document.from_client)
        for account, documents in new.grouped("account_id").items():
            account._notify_client(
                "documents", "escala_client_portal.mail_template_documents", record=documents[0]
            )

    def _notify_clients_of_request(self):
        for document in self.filtered(lambda document: document._is_shown()):
            document.account_id._notify_client(
                CATEGORIES[document.state],
                "escala_client_portal.mail_template_document_request",
                record=document,
            )

    def _is_shown(self) -> bool:
        """Tell whether the clients of the account see the document."""
        return self.active and self.client_visible and (not self.folder_id or self.folder_id.client_shown)

    def _get_added_together(self):
        """Return the documents that the same e-mail is about: those made visible in the same moment."""
        self.ensure_one()
        together = [
            ("create_date", "=", self.create_date),
            ("create_uid", "=", self.create_uid.id),
            ("from_client", "=", False),
        ]
        return self.search([*self._client_domain(self.account_id), *together], order="id") | self

    def _get_client_url(self) -> str:
        """Return the address of the document's page in the client portal."""
        self.ensure_one()
        return f"{self.get_base_url()}/my/documents/{self.id}"

    @api.model
    def _cron_remind(self):
        """Remind of what is asked of clients some days before its deadline, and once more on the day."""
        today = fields.Date.context_today(self)
        # sudo: not a secret, and the cron's user may read it
        before = int(self.env["ir.config_parameter"].sudo().get_param(REMIND_BEFORE) or DEFAULT_REMIND_BEFORE)
        found = [self._find_due(today, before), self.env["escala.client.request"]._find_due(today, before)]
        due = [each.filtered(lambda one: one.account_id._filter_present()) for each in found]
        batches = [each[start : start + BATCH] for each in due for start in range(0, len(each), BATCH)]
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=sum(map(len, batches)))
        for batch in batches:
            batch._remind(today)
            if not cron._commit_progress(len(batch)):
                break

    @api.model
    def _find_due(self, today, days_before):
        """Return the documents that clients are to be reminded of today."""
        soon = self.search(
            [
                ("state", "in", list(CATEGORIES)),
                ("deadline", "!=", False),
                ("deadline", "<=", today + timedelta(days_before)),
            ],
            order="deadline, id",
        )
        return soon.filtered(
            lambda document: is_reminder_due(
                today, document.deadline, days_before, document.reminded_on or document.requested_on.date()
            )
        )

    def _remind(self, today):
        self.reminded_on = today
        self._log("reminded")
        self._notify_clients_of_request()
