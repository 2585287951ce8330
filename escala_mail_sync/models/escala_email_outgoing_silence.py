"""Whose SMTP server says nothing: it is waited for last, so that it keeps nobody else's mail back."""

from datetime import timedelta

from odoo import api, fields, models

# Longer than between two tries.
REMEMBERED = timedelta(hours=2)


class EscalaEmailOutgoing(models.Model):
    _inherit = "escala.email.outgoing"

    silent_on = fields.Datetime(
        readonly=True, copy=False, help="When the server was waited for in vain, the last time."
    )

    _silent = models.Index("(silent_on) WHERE silent_on IS NOT NULL")

    @api.model
    def _find_silent_mailboxes(self):
        """Return the mailboxes whose server was silent lately, and has taken nothing since."""
        since = fields.Datetime.now() - REMEMBERED
        silent = self._read_group([("silent_on", ">", since)], ["mailbox_id"], ["silent_on:max"])
        mailbox_ids = [mailbox.id for mailbox, _silent_on in silent]
        sent = dict(
            self._read_group(
                [("mailbox_id", "in", mailbox_ids), ("sent_on", ">", since)], ["mailbox_id"], ["sent_on:max"]
            )
        )
        return self.env["escala.mailbox"].union(
            *(mailbox for mailbox, silent_on in silent if mailbox not in sent or sent[mailbox] < silent_on)
        )
