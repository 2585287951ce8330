"""Addresses whose history is to be fetched: those that a contact has got, or that are to be synchronised by now."""

from collections.abc import Iterable
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

KEPT = timedelta(days=60)  # for mailboxes that cannot be read meanwhile


class EscalaHistoryRequest(models.Model):
    """One address; it is done mailbox by mailbox, whenever each is checked."""

    _name = "escala.history.request"
    _description = "History of an Address to be Fetched"
    _log_access = False

    email = fields.Char(required=True)
    requested_on = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    done_mailbox_ids = fields.Many2many("escala.mailbox")

    @api.model
    def _add(self, emails: Iterable[str]) -> None:
        """Ask for the history with these normalised addresses, if there is a mailbox to look in."""
        emails = sorted(set(filter(None, emails)))
        # sudo: whoever gives a contact an address need not know of anybody's mailbox
        requests = self.sudo()
        if emails and requests._get_connected_mailboxes(limit=1):
            requests.create([{"email": email} for email in emails])
            self.env["escala.mailbox"]._trigger_cron()

    @api.model
    def _get_pending(self, mailbox, limit: int | None):
        """Return the oldest requests that this mailbox has not been searched for."""
        self.flush_model()
        ids = self.env.execute_query(
            SQL(
                """
                SELECT request.id FROM escala_history_request request
                 WHERE NOT EXISTS (
                       SELECT FROM escala_history_request_escala_mailbox_rel done
                        WHERE done.escala_history_request_id = request.id AND done.escala_mailbox_id = %s)
              ORDER BY request.id LIMIT %s
                """,
                mailbox.id,
                limit,
            )
        )
        return self.browse([id_ for (id_,) in ids])

    def _get_connected_mailboxes(self, limit=None):
        return self.env["escala.mailbox"].search([("state", "!=", "draft")], limit=limit)

    @api.autovacuum
    def _gc_done(self):
        """Forget what every connected mailbox has been searched for, and what is too old."""
        mailboxes = self._get_connected_mailboxes()
        done = self.search([]).filtered(lambda request: request.done_mailbox_ids >= mailboxes)
        done |= self.search([("requested_on", "<", fields.Datetime.now() - KEPT)])
        done.unlink()
