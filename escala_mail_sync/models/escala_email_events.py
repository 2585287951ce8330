"""What follows from what happens to e-mails, step by step: the steps are in escala_email_{reply,answer,deletion}.py."""

import logging
from collections.abc import Callable

from odoo import models

from ..private_log import outline
from ..transactions import is_of_the_machine

_logger = logging.getLogger(__name__)


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    def _handle_received(self, mailbox) -> None:
        """Post replies to Odoo's messages, ask for answers, and complete what is answered by sent mail.

        To be called once for each e-mail, when it is new: not for copies that come in later.
        """
        for step in (self._post_replies, self._ask_for_answers, self._complete_answered_by):
            self._attempt(step, mailbox)

    def _handle_seen(self) -> None:
        """A copy was read or answered on the server: complete what asks for an answer."""
        self._attempt(self._complete_answers)

    def _handle_deleted(self) -> None:
        """The last copy in a mailbox was deleted on the server: take along what nobody needs without it."""
        self._attempt(self._forget)

    def _attempt(self, step: Callable, *arguments) -> None:
        """Take a step whole, or not at all and say so in the log.

        What another add-on objects to, on a document of its own, must not keep the mailbox from being read.
        """
        try:
            with self.env.cr.savepoint():
                step(*arguments)
        except Exception as error:
            if is_of_the_machine(error):
                raise
            _logger.error("E-mails %s: %s failed\n%s", self.ids, step.__name__, outline(error))
