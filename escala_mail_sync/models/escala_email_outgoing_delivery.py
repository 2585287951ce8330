"""How outgoing e-mails leave: exactly once, whatever dies on the way.

The intent is committed before the SMTP server is spoken to, what became of it after. Whoever finds an e-mail whose
intent is noted and whose outcome is not cannot know: it is neither sent again nor forgotten, but shown as such, unless
the folder of sent mail tells that it has left.
"""
# What became of an e-mail outlives whatever happens to the next one.
# pylint: disable=invalid-commit

import base64
import logging
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain

from ..imap.errors import MailboxError

_logger = logging.getLogger(__name__)

FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=1)
AT_ONCE = 50


class EscalaEmailOutgoing(models.Model):
    _inherit = "escala.email.outgoing"

    @api.model
    def _cron_send(self) -> None:
        """Send what is due, and file copies of what was sent, as long as the cron's time allows.

        Odoo gives this job to one worker at a time, so what is being sent when it starts was left by one that died.
        """
        emails = self.with_user(SUPERUSER_ID)
        emails.search([("state", "=", "sending")])._note_interrupted()
        for mailbox, due in emails._find_due().grouped("mailbox_id").items():
            due._send_through(mailbox)
        for mailbox, sent in emails._find_to_file().grouped("mailbox_id").items():
            sent._file_copies(mailbox)
        self.env["ir.cron"]._commit_progress(remaining=len(emails._find_due()))

    @api.model
    def _find_due(self):
        """Return what is to be sent: what was written to somebody before what goes to many."""
        is_due = Domain("state", "=", "outgoing") & Domain("send_at", "<=", fields.Datetime.now())
        is_single = Domain("mailing_id", "=", False)
        emails = self.search(is_due & is_single, order="send_at, id", limit=AT_ONCE)
        if len(emails) < AT_ONCE:
            emails += self.search(is_due & ~is_single, order="send_at, id", limit=AT_ONCE - len(emails))
        return emails

    def _send_through(self, mailbox) -> None:
        """Send over one connection, and commit after each."""
        due = self._put_off_excess(mailbox)
        if not due:
            return
        try:
            with mailbox._smtp_session() as session:
                for email in due:
                    if email._begin():
                        email._attempt_delivery(session, email._get_recipients())
        except MailboxError as error:
            # no connection: nothing was sent, of all of them that are still waiting
            self.env.cr.rollback()
            for email in due.filtered(lambda email: email.state == "outgoing"):
                email._note_failure(error)
            self.env.cr.commit()

    def _put_off_excess(self, mailbox):
        """Return those that may be sent in this minute, and commit that the others wait for the next one.

        Providers block mailboxes that send too much at once. What goes to many leaves room for what somebody
        writes meanwhile.
        """
        allowance = mailbox._get_sending_allowance()
        reserve = mailbox._get_sending_reserve()
        due = self.browse()
        for email in self:
            if allowance > (reserve if email.mailing_id else 0):
                allowance -= len(email._get_recipients())
                due += email
        others = (self - due).try_lock_for_update().filtered(lambda email: email.state == "outgoing")
        if others:
            others.send_at = fields.Datetime.now() + timedelta(minutes=1)
            self._trigger_delivery(others[0].send_at)
        self.env.cr.commit()
        return due

    def _begin(self) -> bool:
        """Note that it is about to be sent, and commit; `False` if its author has changed their mind."""
        self.env.invalidate_all()
        if not self.try_lock_for_update() or self.state != "outgoing":
            self.env.cr.rollback()
            return False
        try:
            with self.env.cr.savepoint():
                raw = self._build()
        except Exception as error:
            _logger.exception("Outgoing e-mail %s cannot be built", self.id)
            self._note_failure(MailboxError("not_built", str(error), retryable=False))
            self.env.cr.commit()
            return False
        self.write(
            {
                "state": "sending",
                "raw": base64.b64encode(raw),
                "first_try": self.first_try or fields.Datetime.now(),
            }
        )
        self.env.cr.commit()
        return True

    def _attempt_delivery(self, session, recipients: list[str]) -> None:
        """Hand the message over, and note and commit what came of it.

        Raises MailboxError when the connection is of no use to the next one.
        """
        raw = base64.b64decode(self.with_context(bin_size=False).raw)
        self.env.cr.commit()  # no transaction stays open while the network is waited for
        try:
            refused = session.send(self.mailbox_id.email_normalized, recipients, raw)
        except MailboxError as error:
            if error.code == "delivery_unknown":
                self._note_interrupted(error.detail)
            else:
                self._note_failure(error)
            self.env.cr.commit()
            if error.code in ("delivery_unknown", "connection_lost", "timeout"):
                raise
            return
        if len(refused) == len(recipients):
            self._note_failure(next(iter(refused.values())))
        else:
            self._note_sent(refused)
        self.env.cr.commit()

    # ------------------------------------------------------------
    # WHAT BECAME OF IT
    # ------------------------------------------------------------

    def _note_sent(self, refused: dict[str, MailboxError]) -> None:
        """Note that it has left, and bring it in like what was found in the folder of sent mail."""
        self.write(
            {
                "state": "sent",
                "sent_on": fields.Datetime.now(),
                "error": self._get_refusals(refused),
                "refused": ", ".join(refused) or False,
                "copy_state": "pending",
                "next_copy_try": fields.Datetime.now() + self._get_copy_delay(),
            }
        )
        self._trigger_delivery(self.next_copy_try)
        try:
            with self.env.cr.savepoint():
                self.email_id = self.env["escala.email.importer"]._store_sent(self)
        except Exception:
            # It is sent, and that must be noted; the copy in the folder of sent mail brings it in.
            _logger.exception("Outgoing e-mail %s was sent, and cannot be stored", self.id)
        self._tell_browser()
        if refused:
            self._tell_author(self._in_language_of_author()._get_refusals(refused))

    def _note_failure(self, error: MailboxError) -> None:
        """Try again later what may work later, for a day; show what does not."""
        now = fields.Datetime.now()
        first_try = self.first_try or now
        values = {"error": self._explain(error), "tries": self.tries + 1, "first_try": first_try}
        if error.retryable and now - first_try < GIVE_UP_AFTER:
            delay = min(FIRST_RETRY * 2**self.tries, LONGEST_RETRY)
            self.write({**values, "state": "outgoing", "send_at": now + delay})
            self._trigger_delivery(self.send_at)
            self._tell_browser()
            return
        self.write({**values, "state": "failed"})
        self._tell_browser()
        self._tell_author(self._in_language_of_author()._explain(error))

    def _note_interrupted(self, detail: str = "") -> None:
        """The message may have left: say so, and have the folder of sent mail looked into."""
        for email in self:
            email.write(
                {
                    "state": "unknown",
                    "error": email._get_words_for_unknown(),
                    "copy_state": "pending",
                    "next_copy_try": fields.Datetime.now() + email._get_copy_delay(),
                }
            )
            _logger.warning("Outgoing e-mail %s: the outcome is not known %s", email.id, detail)
            email._tell_browser()
            email._tell_author(email._in_language_of_author()._get_words_for_unknown())
        self._trigger_delivery()
        self.env.cr.commit()

    def _explain(self, error: MailboxError) -> str:
        """Return what went wrong and what to do, with the server's words."""
        sentences = {
            "recipient_refused": self.env._(
                "The server does not take it for this address: “%s”", error.detail
            ),
            "sender_refused": self.env._("The server does not let this mailbox send: “%s”", error.detail),
            "over_quota": self.env._("A mailbox is full, or too much was sent: “%s”", error.detail),
            "message_refused": self.env._("The server does not take the message: “%s”", error.detail),
            "not_built": self.env._("It cannot be put together: %s", error.detail),
        }
        return sentences.get(error.code) or self.mailbox_id._explain(error)

    def _get_refusals(self, refused: dict[str, MailboxError]) -> str | bool:
        """Return a line for each recipient that the server refused, `False` without any."""
        return "\n".join(f"{email}: {error.detail}" for email, error in refused.items()) or False

    def _get_words_for_unknown(self) -> str:
        return self.env._(
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
