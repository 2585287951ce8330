"""How outgoing e-mails leave: exactly once, whatever dies on the way.

The intent is committed before the SMTP server is spoken to, what became of it after. Whoever finds an e-mail whose
intent is noted and whose outcome is not cannot know: it is neither sent again nor forgotten, but shown as such, unless
the folder of sent mail tells that it has left. What became of it: see escala_email_outgoing_outcome.py.
"""
# What became of an e-mail outlives whatever happens to the next one.
# pylint: disable=invalid-commit

import base64
import logging
from datetime import timedelta
from functools import partial

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain

from ..imap.errors import MailboxError
from ..private_log import outline, quiet_about_mail
from ..smtp.session import SendResult
from ..transactions import is_of_the_machine, retrying

_logger = logging.getLogger(__name__)

AT_ONCE = 50
# After these there is nobody to talk to any more.
BROKEN_OFF = ("delivery_unknown", "connection_lost", "timeout")


class EscalaEmailOutgoing(models.Model):
    _inherit = "escala.email.outgoing"

    @api.model
    def _cron_send(self) -> None:
        """Send what is due, and file copies of what was sent, as long as the cron's time allows.

        Mailboxes whose server was silent lately come last, one in a run, so that nobody else's mail waits for more than
        one of them.
        Odoo gives this job to one worker at a time, so what is being sent when it starts was left by one that died.
        """
        emails = self.with_user(SUPERUSER_ID)
        with quiet_about_mail():
            for email in emails.search([("state", "=", "sending")]):
                email._note_interrupted()
            silent = Domain("mailbox_id", "in", emails._find_silent_mailboxes().ids)
            done = (
                emails._work_through(emails._find_due(~silent), emails._send_through)
                and emails._work_through(emails._find_to_file(), emails._file_copies)
                and emails._work_through(emails._find_due_of_one(silent), emails._send_through)
            )
        if done:
            self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _work_through(self, found, work) -> bool:
        """Do the work on the e-mails of each mailbox; `False` when the cron's time is over.

        Whatever fails for one mailbox keeps no other one back.
        """
        for mailbox, emails in found.grouped("mailbox_id").items():
            try:
                if not work(emails, mailbox):
                    return False
            except Exception as error:
                self.env.cr.rollback()
                _logger.error("Mailbox %s: sending failed\n%s", mailbox.id, outline(error))
        return True

    @api.model
    def _commit(self, processed: int = 0) -> float:
        """Commit, and return how many seconds the cron may still run; without end outside of it."""
        return self.env["ir.cron"]._commit_progress(processed)

    @api.model
    def _find_due(self, among: Domain):
        """Return what is to be sent among these: what was written to somebody before what goes to many."""
        is_due = among & Domain("state", "=", "outgoing") & Domain("send_at", "<=", fields.Datetime.now())
        is_single = Domain("mailing_id", "=", False)
        emails = self.search(is_due & is_single, order="send_at, id", limit=AT_ONCE)
        if len(emails) < AT_ONCE:
            emails += self.search(is_due & ~is_single, order="send_at, id", limit=AT_ONCE - len(emails))
        if len(emails) == AT_ONCE:
            # there may be more; not at once, should these fail all over again
            self._trigger_delivery(fields.Datetime.now() + timedelta(seconds=1))
        return emails

    @api.model
    def _find_due_of_one(self, among: Domain):
        """Return what is to be sent of one mailbox, and have the others' sent in another run."""
        emails = self._find_due(among)
        first = emails.filtered(lambda email: email.mailbox_id == emails[0].mailbox_id)
        if emails != first:
            self._trigger_delivery()
        return first

    @api.model
    def _send_through(self, emails, mailbox) -> bool:
        """Send over one connection, and commit after each; `False` when the cron's time is over."""
        due = retrying(lambda: emails._put_off_excess(mailbox), self.env.cr.rollback)
        try:
            # no transaction stays open while the network is waited for: see the commits
            with mailbox._smtp_session() as session:
                self._commit()
                for email in due:
                    if not retrying(email._begin, self.env.cr.rollback):
                        continue
                    outcome = email._hand_over(session)
                    email._note(outcome)
                    if not self._commit(1):
                        return False
                    if isinstance(outcome, MailboxError) and outcome.code in BROKEN_OFF:
                        self._trigger_delivery()  # the others wait for another connection
                        break
        except MailboxError as error:
            # of the connection: nothing was sent, of all of them
            self.env.cr.rollback()
            for email in due:
                retrying(partial(email._note_no_connection, error), self.env.cr.rollback)
        return bool(self._commit())

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
                allowance -= len(email._get_envelope())
                due += email
        others = (self - due).try_lock_for_update().filtered(lambda email: email.state == "outgoing")
        if others:
            others.send_at = fields.Datetime.now() + timedelta(minutes=1)
            self._trigger_delivery(others[0].send_at)
        self._commit()
        return due

    def _begin(self) -> bool:
        """Note that it is about to be sent, and commit; `False` if it is not to be, or cannot be.

        Its author may have undone it meanwhile, or put it off, or may not send from the mailbox any more.
        """
        self.env.invalidate_all()
        if not self.try_lock_for_update() or self.state != "outgoing" or self.send_at > fields.Datetime.now():
            self.env.cr.rollback()
            return False
        try:
            self._check_still_allowed()
            if not self.raw:
                with self.env.cr.savepoint():
                    self.raw = base64.b64encode(self._build())
        except MailboxError as error:
            self._note_failure(error)
            return False
        except Exception as error:
            if is_of_the_machine(error):
                raise
            _logger.error("Outgoing e-mail %s cannot be built\n%s", self.id, outline(error))
            self._note_failure(MailboxError("not_built", str(error), retryable=False))
            return False
        self.write({"state": "sending", "first_try": self.first_try or fields.Datetime.now()})
        self._commit()
        return True

    def _check_still_allowed(self) -> None:
        """Raises MailboxError `not_allowed`: days may be between the click and the sending."""
        author = self.user_id
        # sudo: which mailboxes the author may send from is only compared with the one of the e-mail
        drafts = self.with_user(author).with_context(allowed_company_ids=author.company_ids.ids)
        if (
            not author.active
            or self.mailbox_id not in drafts.env["escala.mailbox"]._find_for_sending().sudo()
        ):
            raise MailboxError("not_allowed", retryable=False)

    def _hand_over(self, session) -> SendResult | MailboxError:
        """Hand the message to the SMTP server; return what it said, or why it took it for nobody."""
        raw = base64.b64decode(self.with_context(bin_size=False).raw)
        sender, recipients = self.mailbox_id.email_normalized, self._get_envelope()
        self._commit()
        try:
            return session.send(sender, recipients, raw)
        except MailboxError as error:
            return error

    def _get_envelope(self) -> list[str]:
        """Return the addresses that it has still to be sent to."""
        return self.remaining.split() if self.remaining else self._get_recipients()
