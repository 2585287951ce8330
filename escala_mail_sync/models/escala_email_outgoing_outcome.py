"""What became of an outgoing e-mail. What matters most is committed first: that it has left must not be forgotten."""

import logging
from collections.abc import Callable
from datetime import timedelta

from odoo import fields, models

from ..imap.errors import MailboxError
from ..private_log import outline
from ..smtp.session import SendResult
from ..transactions import retrying
from .escala_mailbox_database import COPIED

_logger = logging.getLogger(__name__)

FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=1)


class EscalaEmailOutgoing(models.Model):
    _inherit = "escala.email.outgoing"

    def _note(self, outcome: SendResult | MailboxError) -> None:
        """Note and commit what came of handing it over.

        :param outcome: what the server said, or why nobody got it
        """
        if isinstance(outcome, MailboxError):
            if outcome.code == "delivery_unknown":
                self._note_interrupted()
            else:
                self._finish(lambda: self._note_failure(outcome))
        else:
            self._finish(lambda: self._note_answers(outcome), tell=False)
            self._store_and_tell()
            if self.refusals and self.state != "outgoing":
                self._tell_author(self.refusals)

    def _finish(self, note: Callable[[], object], tell: bool = True) -> None:
        """Commit a note, again if somebody else has written the row meanwhile.

        :param tell: whether it is news to whoever looks at the e-mail
        """

        def work() -> None:
            self.env.invalidate_all()
            if self.exists():
                note()
                if tell:
                    self._tell_browser()
            self._commit()

        retrying(work, self.env.cr.rollback)

    def _note_answers(self, result: SendResult) -> None:
        """Note who has got it, who is tried again, and who never will."""
        refused = result.refused
        if result.message_id and result.message_id != self.message_id:
            self.server_message_id = result.message_id
        envelope = self._get_envelope()
        later = {email: error for email, error in refused.items() if error.retryable}
        never = {email: error for email, error in refused.items() if not error.retryable}
        if len(refused) < len(envelope):
            self._note_sent()
        self._add_refusals(never)
        if not later:
            self._settle_delivery()
        elif self._is_given_up():
            self._add_refusals(later)
            self._settle_delivery()
        else:
            self.remaining = " ".join(later)
            self._try_again(next(iter(later.values())))

    def _note_sent(self) -> None:
        """Note that it has left. Its copy is filed a bit later: many servers do it themselves."""
        if not self.sent_on:
            now = fields.Datetime.now()
            self.write(
                {"sent_on": now, "copy_state": "pending", "next_copy_try": now + self._get_copy_delay()}
            )
            self._trigger_delivery(self.next_copy_try)
        self.write({"state": "sent", "error": False})

    def _add_refusals(self, refused: dict[str, MailboxError]) -> None:
        if refused:
            lines = [self.refusals, *(f"{email}: {error.detail}" for email, error in refused.items())]
            self.refusals = "\n".join(filter(None, lines))
            self.refused = ", ".join(filter(None, [self.refused, *refused]))

    def _settle_delivery(self) -> None:
        """Nobody is tried any more: it was sent, or it was sent to nobody."""
        self.write(
            {"remaining": False, "state": "sent" if self.sent_on else "failed", "error": self.refusals}
        )
        self._drop_raw()

    def _drop_raw(self) -> None:
        """Keep the message itself no longer than it is needed: the e-mail has it."""
        if self.email_id and not self.remaining and self.copy_state in ("filed", "given_up"):
            self.raw = False

    def _note_no_connection(self, error: MailboxError) -> None:
        """Note that the server was not reached, unless the author has changed their mind meanwhile."""
        self.env.invalidate_all()
        if self.try_lock_for_update() and self.state == "outgoing":
            self._note_failure(error)
            self._tell_browser()
        self._commit()

    def _note_failure(self, error: MailboxError) -> None:
        """Try again later what may work later, for a day; show what does not."""
        if error.code == "timeout":
            self.silent_on = fields.Datetime.now()
        if error.retryable and not self._is_given_up():
            self._try_again(error)
            return
        self.write({"state": "failed", "error": self._explain(error), "tries": self.tries + 1})
        if error.code != COPIED:  # nobody is written to out of a copy of the database
            self._tell_author(self.error)
        self._commit()

    def _is_given_up(self) -> bool:
        return bool(self.first_try) and fields.Datetime.now() - self.first_try >= GIVE_UP_AFTER

    def _try_again(self, error: MailboxError) -> None:
        """Wait, twice as long each time."""
        now = fields.Datetime.now()
        self.write(
            {
                "state": "outgoing",
                "send_at": now + min(FIRST_RETRY * 2 ** min(self.tries, 10), LONGEST_RETRY),
                "error": self._explain(error),
                "tries": self.tries + 1,
                "first_try": self.first_try or now,
            }
        )
        self._trigger_delivery(self.send_at)

    def _note_interrupted(self) -> None:
        """The message may have left: say so, and have the folder of sent mail looked into.

        That tells nothing when others had got it before.
        """

        def note() -> None:
            now = fields.Datetime.now()
            self.write({"state": "unknown", "error": self._get_words_for_unknown(), "silent_on": now})
            if not self.sent_on:
                next_try = now + self._get_copy_delay()
                self.write({"copy_state": "pending", "copy_tries": 0, "next_copy_try": next_try})
                self._trigger_delivery(next_try)

        self._finish(note)
        _logger.warning("Outgoing e-mail %s: the outcome is not known", self.id)
        self._tell_author(self.error)
        self._commit()

    def _store_and_tell(self) -> None:
        """Tell the browser when there is something to see."""
        if self.sent_on:
            self._store()
        self._tell_browser()
        self._commit()

    def _store(self) -> None:
        """Bring it in like what is found in the folder of sent mail. If that fails, its copy there brings it in."""

        def work() -> None:
            self.env.invalidate_all()
            if not self.email_id:
                self.email_id = self.env["escala.email.importer"]._store_sent(self)
            if self.server_message_id:
                self.email_id._note_server_message_id(self.server_message_id)
            self._drop_raw()
            self._commit()

        try:
            retrying(work, self.env.cr.rollback)
        except Exception as error:
            self.env.cr.rollback()
            _logger.error("Outgoing e-mail %s was sent, and cannot be stored\n%s", self.id, outline(error))

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    def _explain(self, error: MailboxError) -> str:
        """Return what went wrong and what to do, with the server's words, in the language of the author."""
        env = self._in_language_of_author().env
        sentences = {
            "recipient_refused": env._("The server does not take it for this address: “%s”", error.detail),
            "sender_refused": env._("The server does not let this mailbox send: “%s”", error.detail),
            "over_quota": env._("A mailbox is full, or too much was sent: “%s”", error.detail),
            "message_refused": env._("The server does not take the message: “%s”", error.detail),
            "not_built": env._("It cannot be put together: %s", error.detail),
            "not_allowed": env._("You may not send from this mailbox any more. Choose another one."),
        }
        mailbox = self.mailbox_id.with_env(env)
        return sentences.get(error.code) or mailbox._explain_sending(error)

    def _get_words_for_unknown(self) -> str:
        return self._in_language_of_author().env._(
            "The connection broke while it was handed over, so it may have been sent or not. Look into the folder "
            "of sent mail, or ask. “Send again” uses the same number, by which most mailboxes show it once."
        )

    def _in_language_of_author(self):
        return self.with_context(lang=self.user_id.lang)

    def _tell_browser(self) -> None:
        """Have what the author is looking at show what became of it; the browser reads the words as the author.

        A message for each of many would be in the way; their page shows how far they are.
        """
        is_news = self.state in ("sent", "failed", "unknown") and not self.mailing_id
        self.user_id._bus_send(self._name, {"id": self.id, "mailing_id": self.mailing_id.id, "tell": is_news})

    def _tell_author(self, words: str) -> None:
        self.env["mail.thread"].message_notify(
            partner_ids=self.user_id.partner_id.ids,
            model=self._name,
            res_id=self.id,
            subject=self._in_language_of_author().env._("About your e-mail “%s”", self.display_name),
            body=words,
        )
