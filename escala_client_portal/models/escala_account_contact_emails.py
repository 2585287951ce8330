"""E-mail sync of an address: past e-mails come on its account in the background, new files are saved if wanted."""

from odoo import api, fields, models
from odoo.tools import SQL

BATCH = 1000  # e-mails


class EscalaAccountContact(models.Model):
    _inherit = "escala.account.contact"

    save_attachments = fields.Boolean(
        "Save attachments automatically",
        compute="_compute_save_attachments",
        inverse="_inverse_save_attachments",
        help="The attachments of new e-mails with this address are saved in the documents of the account, once. "
        "E-mail sync has to be on.",
    )
    save_attachments_since = fields.Datetime(readonly=True)
    past_emails_below = fields.Integer(
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=fields.NO_ACCESS,
        help="The e-mails with lower ids are still to be put on the account; 0 when all of them are.",
    )

    @api.depends("save_attachments_since")
    def _compute_save_attachments(self):
        for row in self:
            row.save_attachments = bool(row.save_attachments_since)

    def _inverse_save_attachments(self):
        switched_on = self.filtered(lambda row: row.save_attachments and not row.save_attachments_since)
        switched_on.save_attachments_since = fields.Datetime.now()
        self.filtered(lambda row: not row.save_attachments).save_attachments_since = False

    def _request_history(self):
        """Put the e-mails that are here already on the account, too."""
        result = super()._request_history()
        rows = self.filtered("email_sync")
        if rows:
            # sudo: whoever may switch it on need not read e-mails
            rows.sudo().past_emails_below = 2**31 - 1
            self.env.ref("escala_client_portal.ir_cron_past_emails").sudo()._trigger()
        return result

    @api.model
    def _cron_link_past_emails(self):
        """Put the past e-mails of addresses that were switched on on their accounts, newest first, in batches.

        What a batch has done is committed with how far it came; doing it twice changes nothing.
        """
        rows = self.search([("past_emails_below", ">", 0)])
        remaining = len(rows)
        for row in rows:
            while row.past_emails_below:
                row._link_past_emails()
                remaining -= not row.past_emails_below
                if not self.env["ir.cron"]._commit_progress(
                    int(not row.past_emails_below), remaining=remaining
                ):
                    return

    def _link_past_emails(self) -> None:
        """Put the next batch of e-mails with this address on its account."""
        emails = self.env["escala.email"]
        found = (
            self.env.execute_query(
                SQL(
                    """
                    SELECT id FROM escala_email
                     WHERE string_to_array(addresses, ' ') && ARRAY[%s]::text[] AND id < %s
                  ORDER BY id DESC LIMIT %s
                    """,
                    self.email_normalized,
                    self.past_emails_below,
                    BATCH,
                    to_flush=emails._fields["addresses"],
                )
            )
            if self.email_sync
            else []
        )
        ids = [id_ for (id_,) in found]
        emails.browse(ids)._filter_linkable()._link_accounts()
        self.past_emails_below = ids[-1] if len(ids) == BATCH else 0
