"""The buttons of an outgoing e-mail: send, undo, send again. They note what is wanted; the job that sends does it."""

from datetime import timedelta
from email.utils import make_msgid

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import human_size

UNDO_TIME = timedelta(seconds=10)
# Hardly any server takes larger messages; in them, files are longer by a third and its line breaks (RFC 2045, 6.8).
LARGEST_MESSAGE = 25 * 1024 * 1024  # bytes
LARGEST_FILES = LARGEST_MESSAGE * 57 // 78  # bytes
# As it is before it is tried ...
UNTRIED = {"tries": 0, "first_try": False, "error": False}
# ... before somebody has got it ...
UNFILED = {"copy_state": False, "copy_tries": 0}
# ... and before it is put together.
FRESH = {
    **UNTRIED,
    **UNFILED,
    "raw": False,
    "refused": False,
    "refusals": False,
    "remaining": False,
    "server_message_id": False,
}


class EscalaEmailOutgoing(models.Model):
    _inherit = "escala.email.outgoing"

    def action_send(self):
        """Have the e-mails sent in some seconds, until which it can be undone, or at the time that was chosen.

        Raises UserError when there is no mailbox to send from, nobody to send to, or an address that is none.
        """
        self.check_access("write")
        now = fields.Datetime.now()
        for email in self:
            email._check_sendable()
            is_scheduled = email.send_at and email.send_at > now
            # sudo: the state can be written by no user
            email.sudo().write(
                {
                    "state": "outgoing",
                    "send_at": email.send_at if is_scheduled else now + UNDO_TIME,
                    "message_id": email.message_id or email._make_message_id(),
                    "error": False,
                }
            )
        for send_at in set(self.mapped("send_at")):
            self._trigger_delivery(send_at)
        return self._get_undo_action(self)

    def _get_undo_action(self, written) -> dict:
        """Return what lets the user undo the sending of these e-mails.

        :param written: the record, or records, that the user wrote them in, with methods `action_undo` and
            `end_undo_time`
        """
        now = fields.Datetime.now()
        params = {
            "model": written._name,
            "ids": written.ids,
            "seconds": UNDO_TIME.seconds,
            "scheduled": any(email.send_at > now + UNDO_TIME for email in self),
        }
        return {"type": "ir.actions.client", "tag": "escala_mail_sync.undo_send", "params": params}

    def end_undo_time(self) -> None:
        """Don't wait any longer: nobody has undone it. What was put off meanwhile waits for its time."""
        soon = fields.Datetime.now() + UNDO_TIME
        self.filtered(lambda email: email.state == "outgoing" and email.send_at <= soon).action_send_now()

    def action_send_now(self) -> None:
        """Send what waits for its time."""
        self.check_access("write")
        # sudo: the state can be written by no user
        waiting = self.sudo().filtered(lambda email: email.state == "outgoing").try_lock_for_update()
        waiting.filtered(lambda email: email.state == "outgoing").send_at = fields.Datetime.now()
        self._trigger_delivery()

    def action_undo(self):
        """Make it a draft again, unless it is on its way already; return it to be edited."""
        self.check_access("write")
        # sudo: the state can be written by no user
        emails = self.sudo()
        emails.lock_for_update()
        emails.invalidate_recordset(["state"])
        if any(email.state not in ("outgoing", "draft") for email in emails):
            raise UserError(self.env._("It is on its way already."))
        if any(emails.mapped("sent_on")):
            raise UserError(self.env._("Some have got it already."))
        emails.write({"state": "draft", "send_at": False, "message_id": False, **FRESH})
        return self[:1]._get_form_action()

    @api.model
    def _keep_back(self, mailboxes) -> None:
        """Make drafts of what these mailboxes were to send: in a copy of a database, the original sends it."""
        # sudo: of whichever author
        waiting = self.sudo().search(
            [("mailbox_id", "in", mailboxes.ids), ("state", "in", ("outgoing", "sending", "unknown"))]
        )
        waiting.write({"state": "draft", "send_at": False, "message_id": False, **FRESH})

    def action_retry(self):
        """Send what was not sent, or perhaps not: under the same Message-ID, so that nobody sees it twice."""
        self.check_access("write")
        # sudo: the state can be written by no user
        again = self.sudo().filtered(lambda email: email.state in ("failed", "unknown"))
        again.write({"state": "outgoing", "send_at": fields.Datetime.now(), **UNTRIED})
        again.filtered(lambda email: not email.sent_on).write(UNFILED)
        self._trigger_delivery()

    def action_edit_again(self):
        """Open a draft like it: for those who were refused, if others have got it."""
        self.ensure_one()
        refused = {*(self.refused or "").split(", ")} - {""} if self.sent_on else set()
        kept = {name: self._keep(self[name], refused) for name in ("to", "cc", "bcc")} if refused else {}
        draft = self.copy({**kept, "is_prefilled": True})
        # sudo: read and written by no user
        draft.sudo().answered_email_id = self.sudo().answered_email_id
        draft._take_along(self.attachment_ids)
        return draft._get_form_action()

    def action_open_mailbox(self) -> dict:
        """Open the mailbox that it leaves from: where a password is typed again, say."""
        self.ensure_one()
        self.mailbox_id.check_access("read")
        return self.mailbox_id._get_form_action()

    def action_mark_sent(self):
        """Take it for sent: somebody has seen that it arrived."""
        self.check_access("write")
        # sudo: the state can be written by no user
        for email in self.sudo().filtered(lambda email: email.state == "unknown"):
            email._note_sent()
            email._settle_delivery()
            email._store()

    def _check_sendable(self) -> None:
        self.ensure_one()
        if self.state != "draft":
            raise UserError(self.env._("“%s” is sent already.", self.display_name))
        if self.mailbox_id not in self.env["escala.mailbox"]._find_for_sending():
            raise UserError(self.env._("Choose a mailbox to send from."))
        wrong = self._get_wrong()
        if wrong:
            raise UserError(self.env._("“%s” is not an e-mail address.", wrong[0]))
        if not self._get_recipients():
            raise UserError(self.env._("Say whom to send it to."))
        # sudo: also the files that the author may not read, so as to refuse them
        files = self.sudo().attachment_ids
        files.sudo(False).check_access("read")
        size = sum(files.mapped("file_size"))
        if size > LARGEST_FILES:
            raise UserError(
                self.env._(
                    "The files have %(size)s; most servers take no e-mail with more than %(most)s of files. "
                    "Send a link to the large ones instead.",
                    size=human_size(size),
                    most=human_size(LARGEST_FILES),
                )
            )

    def _make_message_id(self) -> str:
        domain = self.mailbox_id.email_normalized.rpartition("@")[2]
        return make_msgid(domain=domain)

    @api.model
    def _trigger_delivery(self, at=None) -> None:
        # sudo: whoever may send may have it sent; ir.cron is for administrators
        cron = self.env.ref("escala_mail_sync.ir_cron_send", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger(at)
