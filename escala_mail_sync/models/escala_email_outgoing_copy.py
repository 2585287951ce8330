"""The copy in the folder of sent mail: one, whoever files it."""
# What became of an e-mail outlives whatever happens to the next one.
# pylint: disable=invalid-commit

import base64
import logging
from datetime import timedelta

from odoo import api, fields, models

from ..imap.errors import MailboxError
from ..imap.sent_folder import SentFolder
from ..transactions import retrying

_logger = logging.getLogger(__name__)

COPY_DELAY = timedelta(seconds=20)  # for servers that file what they send
FIRST_COPY_RETRY = timedelta(minutes=2)
LONGEST_COPY_RETRY = timedelta(hours=3)
MAX_TRIES = 40
LOOKS = 3  # for what was perhaps sent
FILED_AT_ONCE = 50


class EscalaEmailOutgoing(models.Model):
    _inherit = "escala.email.outgoing"

    @api.model
    def _get_copy_delay(self) -> timedelta:
        """Return how long to leave it to the server to file what it has sent."""
        return COPY_DELAY

    @api.model
    def _find_to_file(self):
        return self.search(
            [
                ("copy_state", "=", "pending"),
                ("next_copy_try", "<=", fields.Datetime.now()),
                "|",
                ("sent_on", "!=", False),
                ("state", "=", "unknown"),
            ],
            order="next_copy_try, id",
            limit=FILED_AT_ONCE,
        )

    @api.model
    def _file_copies(self, emails, mailbox) -> bool:
        """See to it that the folder of sent mail holds each once, and commit after each.

        What the server has filed by itself is left alone. What was perhaps sent, and is there, was sent. What the
        server does not take keeps no other one back. Returns `False` when the cron's time is over.
        """
        if mailbox.state == "draft" or not mailbox.active:
            for email in emails:
                email._finish(email._put_off_copy, tell=False)
            return True
        try:
            with mailbox._session() as session:
                self._commit()
                folder = SentFolder.find(session)
                for email in emails:
                    email._file_copy(folder)
                    if not self._commit(1):
                        return False
        except MailboxError as error:
            self.env.cr.rollback()
            _logger.info("Mailbox %s: copies of sent mail cannot be filed: %s", mailbox.id, error.code)
            for email in emails.filtered(lambda email: email.copy_state == "pending"):
                email._finish(email._put_off_copy, tell=False)
        retrying(mailbox._request_sync_if_working, self.env.cr.rollback)
        return bool(self._commit())

    def _file_copy(self, folder: SentFolder) -> None:
        """Look for it, and put it there if need be.

        Of what some have got, and others perhaps, the copy says nothing about the others.

        Raises MailboxError when the connection is of no use any more.
        """
        message_ids = self._get_message_ids()
        is_unknown = self.state == "unknown" and not self.sent_on
        self._commit()
        is_there = folder.has_message(message_ids)
        if is_unknown:
            self._finish(lambda: self._settle(is_there), tell=False)
            if is_there:
                self._store_and_tell()
            return
        try:
            if not (is_there or folder.is_filled_by_server):
                folder.append(self._get_own_copy())
        except MailboxError as error:
            if error.code != "server_error":
                raise
            self._finish(self._put_off_copy, tell=False)  # it does not take this one: too large, say
            return
        self._finish(lambda: self._end_filing("filed"), tell=False)

    def _get_message_ids(self) -> list[str]:
        """Return the Message-IDs under which its copy may be in the folder of sent mail."""
        return [*filter(None, (self.message_id, self.server_message_id))]

    def _end_filing(self, state: str) -> None:
        self.copy_state = state
        self._drop_raw()

    def _get_own_copy(self) -> bytes:
        """Return the message as its author keeps it: with Bcc."""
        raw = self._with_bcc(base64.b64decode(self.with_context(bin_size=False).raw or b""))
        self.invalidate_recordset(["raw"])  # of many large ones, one at a time is held in memory
        return raw

    def _settle(self, is_there: bool) -> None:
        """Find out whether what was perhaps sent has left; look some more times, as servers take a while to file."""
        if is_there:
            self._note_sent()
            self._settle_delivery()
            self._end_filing("filed")
        elif self.copy_tries < LOOKS:
            self._put_off_copy()
        else:
            self.copy_state = False

    def _put_off_copy(self) -> None:
        """Try again later, and later; after some days the message is only in Odoo."""
        tries = self.copy_tries + 1
        delay = min(FIRST_COPY_RETRY * 2 ** min(tries, 10), LONGEST_COPY_RETRY)
        self.write({"copy_tries": tries, "next_copy_try": fields.Datetime.now() + delay})
        if tries >= MAX_TRIES:
            self._end_filing("given_up")
        else:
            self._trigger_delivery(self.next_copy_try)
