"""What an e-mail that was deleted on the server takes along: its activity, and the lead that nobody has touched."""

import logging

from odoo import models

from ..private_log import kind
from ..transactions import is_of_the_machine

_logger = logging.getLogger(__name__)


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    def _forget(self) -> None:
        """Forget what was received, has not been answered, and is in no mailbox any more.

        What has been answered stays with all that it has made, and so does what another mailbox still holds.
        """
        lost = self._filter_lost()
        lost._get_open_answers().unlink()
        leads = lost.lead_ids._filter_lost_with_emails()
        # They go with their lead, should they have been deleted before it was certain that nobody wants it.
        emails = lost | self.search([("lead_ids", "in", leads.ids)])
        leads._unlink_if_possible()
        emails = emails.with_context(active_test=False)  # an archived contact has mail too
        unwanted = emails.filtered(lambda email: not (email.partner_ids or email.lead_ids))
        # Nobody has removed them in Odoo: what is taken out of the bin again comes in again.
        unwanted.mailbox_message_ids.unlink()
        unwanted.unlink()

    def _filter_lost(self):
        """Return the e-mails that were received, have not been answered, and have no copy on a server any more."""
        received = self.filtered(lambda email: email.direction == "in")
        rows = self.env["escala.mailbox.message"].search_fetch(
            [("email_id", "in", received.ids), ("folder_id.active", "=", True)],
            ["email_id", "gone", "answered"],
        )
        # Of what lies in a folder that is not read any more, nobody knows whether it is there.
        kept = rows.filtered(lambda row: row.answered or (row._is_watched() and not row.gone)).email_id
        lost = rows.email_id - kept
        return lost - lost._filter_followed_by_reply()

    def _filter_followed_by_reply(self):
        """Return the e-mails after which something was sent in their conversation."""
        sent = self.search_fetch(
            [("thread_id", "in", self.thread_id.ids), ("direction", "=", "out")], ["thread_id", "date"]
        )
        last = {}
        for email in sent:
            last[email.thread_id] = max(email.date, last.get(email.thread_id, email.date))
        return self.filtered(lambda email: email.thread_id in last and last[email.thread_id] >= email.date)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _filter_lost_with_emails(self):
        """Return the leads that e-mails have made, that nobody has touched, and all of whose e-mails are lost."""
        leads = self.env["escala.lead.origin"]._filter_untouched(self)
        emails = self.env["escala.email"].search([("lead_ids", "in", leads.ids)])
        return leads - (emails - emails._filter_lost()).lead_ids

    def _unlink_if_possible(self) -> None:
        """Delete these leads, other than those that something in the database holds on to."""
        try:
            with self.env.cr.savepoint():
                self.unlink()
        except Exception as error:
            if is_of_the_machine(error):
                raise
            _logger.info("Leads %s are kept: %s", self.ids, kind(error))
            if len(self) > 1:
                for lead in self:
                    lead._unlink_if_possible()
