"""What follows when e-mails have come in: step by step, each of which may fail without the e-mails getting lost."""

import logging

from odoo import models

from ..transactions import is_of_the_machine

_logger = logging.getLogger(__name__)


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    def _handle_received(self, mailbox) -> None:
        """Post replies to Odoo's messages, ask for answers, and complete what is answered.

        What another add-on objects to, on a document of its own, must not keep the mailbox from being read.
        """
        for step in self._get_steps_on_receipt():
            try:
                with self.env.cr.savepoint():
                    step(mailbox)
            except Exception as error:
                if is_of_the_machine(error):
                    raise
                _logger.exception("Mailbox %s: %s failed for e-mails %s", mailbox.id, step.__name__, self.ids)
        return super()._handle_received(mailbox)

    def _get_steps_on_receipt(self) -> list:
        """Return what is done with new e-mails, in this order: methods that take the mailbox."""
        return [self._post_replies, self._ask_for_answers, self._complete_answered_by]
