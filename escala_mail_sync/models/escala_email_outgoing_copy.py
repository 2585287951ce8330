"""The copy in the folder of sent mail: one, whoever files it."""
# What became of an e-mail outlives whatever happens to the next one.
# pylint: disable=invalid-commit

import base64
import logging
from datetime import timedelta

from odoo import fields, models

from ..imap.errors import MailboxError

_logger = logging.getLogger(__name__)

COPY_DELAY = timedelta(seconds=20)  # for servers that file what they send
FIRST_RETRY = timedelta(minutes=2)
LONGEST_RETRY = timedelta(hours=3)
MAX_TRIES = 40
LOOKS = 3  # for what was perhaps sent
AT_ONCE = 50


class EscalaEmailOutgoing(models.Model):
    _inherit = "escala.email.outgoing"

    def _get_copy_delay(self) -> timedelta:
        return COPY_DELAY

    def _find_to_file(self):
        return self.search(
            [("copy_state", "=", "pending"), ("next_copy_try", "<=", fields.Datetime.now())],
            order="next_copy_try, id",
            limit=AT_ONCE,
        )

    def _file_copies(self, mailbox) -> None:
        """See to it that the folder of sent mail holds each once, and commit after each.

        What the server has filed by itself is left alone. What was perhaps sent, and is there, was sent.
        """
        copies = {email: email._get_own_copy() for email in self}
        self.env.cr.commit()
        try:
            with mailbox._session() as session:
                folder = session.find_sent_folder()
                for email, raw in copies.items():
                    is_there = session.has_message(folder, email.message_id)
                    if email.state == "unknown":
                        email._settle(is_there)
                    else:
                        if not (is_there or session.files_sent_mail):
                            session.append(folder, raw, ["\\Seen"])
                        email.write({"copy_state": "filed", "raw": False})
                    self.env.cr.commit()
        except MailboxError as error:
            self.env.cr.rollback()
            _logger.info("Mailbox %s: copies of sent mail cannot be filed: %s", mailbox.id, error)
            for email in self.filtered(lambda email: email.copy_state == "pending"):
                email._put_off_copy()
            self.env.cr.commit()
        mailbox._request_sync_if_working()
        self.env.cr.commit()

    def _get_own_copy(self) -> bytes:
        """Return the message as its author keeps it: with Bcc."""
        raw = base64.b64decode(self.with_context(bin_size=False).raw)
        return self._with_bcc(raw)

    def _settle(self, is_there: bool) -> None:
        """Find out whether what was perhaps sent has left; look some more times, as servers take a while to file."""
        if is_there:
            self._note_sent({})
            self.write({"copy_state": "filed", "raw": False})
        elif self.copy_tries < LOOKS:
            self._put_off_copy()
        else:
            self.copy_state = False

    def _put_off_copy(self) -> None:
        """Try again later, and later; after some days the message is only in Odoo."""
        tries = self.copy_tries + 1
        delay = min(FIRST_RETRY * 2 ** min(tries, 10), LONGEST_RETRY)
        self.write({"copy_tries": tries, "next_copy_try": fields.Datetime.now() + delay})
        if tries >= MAX_TRIES:
            self.write({"copy_state": "given_up", "raw": False})
        else:
            self._trigger_delivery(self.next_copy_try)
