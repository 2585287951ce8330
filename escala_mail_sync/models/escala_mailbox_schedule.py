"""When a mailbox is checked: how often, by whose presence, how soon after a failure, and by which worker."""

import random
from datetime import timedelta

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain

from ..imap.errors import MailboxError
from ..sync_report import SyncReport
from ..transactions import retrying

PERSONAL_INTERVAL = timedelta(minutes=10)
ABSENT_INTERVAL = timedelta(days=1)
# Odoo notes a session's activity once an hour (base/models/res_device.py), somebody's presence every minute.
ACTIVE_SESSION = timedelta(hours=1)
PRESENT = timedelta(minutes=15)
UNUSED_AFTER = timedelta(days=3)
LONGEST_DELAY = timedelta(hours=13)
CHECK_REGARDLESS = "escala_mail_sync.check_regardless"

CRONS = ("escala_mail_sync.ir_cron_sync", "escala_mail_sync.ir_cron_sync_second")

FIRST_RETRY = timedelta(minutes=2)
LONGEST_RETRY = timedelta(hours=1)
JITTER = 0.2  # of the delay, so that mailboxes of one server do not come back all at once
RED_AFTER = timedelta(days=1)


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    @api.model
    def _cron_sync(self) -> list[SyncReport]:
        """Check every mailbox that is due, as long as the cron's time allows. Any number may run at once.

        Commits after every batch of messages and after every mailbox.
        """
        # Nobody in particular does this: what comes in must not count as written by the user who asked for it.
        mailboxes = self.with_user(SUPERUSER_ID)
        reports = []
        while mailbox := mailboxes._claim_due():
            reports += mailbox._sync()
            if not self.env["ir.cron"]._commit_progress(1, remaining=mailboxes._count_due()):
                break
        return reports

    @api.model
    def _claim_due(self):
        """Return one mailbox that is due and that no other worker has, or an empty recordset.

        It is due again one interval from now, whatever happens to this worker.
        """
        return retrying(self._try_to_claim, self.env.cr.rollback)

    def _try_to_claim(self):
        due = self.search(self._due_domain(), order="next_check, id")
        mailbox = due.try_lock_for_update(allow_referencing=True, limit=1)
        # The search saw an older moment than the lock: the mailbox may have been checked in between.
        mailbox.invalidate_recordset()
        mailbox = mailbox.filtered_domain(self._due_domain())
        if mailbox:
            if mailbox.running_since:
                # the one before has not said how it ended: it was killed
                mailbox._count_broken_off()
            mailbox.folder_ids.filtered("risky_uid").risky_uid = 0
            mailbox.write(
                {
                    "next_check": fields.Datetime.now() + mailbox._get_interval(),
                    "sync_requested": False,
                    "running_since": fields.Datetime.now(),
                }
            )
        self._commit()
        return mailbox

    def _count_due(self) -> int:
        return self.search_count(self._due_domain())

    def _due_domain(self) -> Domain:
        """Return which mailboxes to check now.

        A personal one every ten minutes while its owner is there, once a day otherwise, and not at all while
        nobody uses the database, unless the settings say to check regardless or somebody has asked for it.
        """
        now = fields.Datetime.now()
        due = Domain("next_check", "<=", now)
        # Nothing is put off for so long: the clock was wrong when this was written.
        due |= Domain("next_check", ">", now + LONGEST_DELAY)
        due &= Domain("state", "!=", "draft") & Domain("kind", "!=", "marketing")
        if self._checks_regardless():
            return due
        wanted = Domain("sync_requested", "=", True) | Domain("kind", "=", "shared")
        wanted |= Domain("user_id", "in", self._get_active_user_ids(PRESENT, ACTIVE_SESSION))
        if self._get_active_user_ids(UNUSED_AFTER, UNUSED_AFTER):
            wanted |= Domain("next_check", "<=", now - ABSENT_INTERVAL + PERSONAL_INTERVAL)
        return due & wanted

    def _checks_regardless(self) -> bool:
        # sudo: a setting of the database
        return self.env["ir.config_parameter"].sudo().get_param(CHECK_REGARDLESS) == "True"

    def _get_active_user_ids(self, present: timedelta, session: timedelta) -> list[int]:
        """Return the internal users who were there lately.

        :param present: how long ago the web client may have said so
        :param session: how long ago they may have asked Odoo for something
        """
        now = fields.Datetime.now()
        # sudo: that somebody is there decides how often a mailbox is checked, and is shown to nobody
        presences = self.env["mail.presence"].sudo()
        devices = self.env["res.device.log"].sudo()
        users = presences.search([("last_poll", ">=", now - present), ("user_id.share", "=", False)]).user_id
        users |= devices.search(
            [
                ("last_activity", ">=", now - session),
                ("user_id.share", "=", False),
                ("revoked", "=", False),
            ]
        ).user_id
        return users.ids

    def _get_interval(self) -> timedelta:
        """Return how long after a check the next one is due."""
        if self.kind == "personal":
            return PERSONAL_INTERVAL
        return timedelta(minutes=int(self.check_interval))

    def _request_sync_if_working(self) -> None:
        """Have them checked soon, but for those that wait for somebody to mend them: a password, say."""
        self.filtered("next_check")._request_sync()

    def _request_sync(self) -> None:
        """Have these mailboxes checked as soon as a worker is free."""
        connected = self.filtered(lambda mailbox: mailbox.state != "draft")
        if connected:
            # sudo: the schedule can be written by no user; whoever calls this has checked that they may ask
            connected.sudo().write({"sync_requested": True, "next_check": fields.Datetime.now()})
            self._trigger_cron()

    def _trigger_cron(self) -> None:
        for name in CRONS:
            # sudo: whoever may write the mailbox may have it checked; ir.cron is for administrators
            cron = self.env.ref(name, raise_if_not_found=False)
            if cron:
                cron.sudo()._trigger()

    def _commit(self, processed: int = 0) -> float:
        """Commit, and return how many seconds the cron may still run; without end outside of it.

        A batch is complete in itself: e-mails, ledger and cursor. What comes after it must not undo it.
        """
        return self.env["ir.cron"]._commit_progress(processed)

    # Failures

    def _set_error(self, error: MailboxError) -> None:
        """Note a failure; what a retry cannot mend is not tried again until somebody acts.

        The others are tried again, later and later, and turn the mailbox red when they have lasted for a day.
        They never stop it.
        """
        now = fields.Datetime.now()
        values = {"error_code": error.code, "error_detail": error.detail, "running_since": False}
        if error.code == "internal":
            self._count_broken_off()
        if not error.retryable:
            values |= {"next_check": False}
        elif self.state != "draft":
            values |= {
                "failures": self.failures + 1,
                "failing_since": self.failing_since or now,
                "next_check": now + self._get_retry_delay(self.failures),
            }
        is_red = not error.retryable or (self.failing_since and now - self.failing_since >= RED_AFTER)
        turns_red = is_red and self.state == "connected"
        if is_red and self.state != "draft":
            values["state"] = "error"
        self.write(values)
        if turns_red:
            self._tell_owner()

    def _count_broken_off(self) -> None:
        """Count a run that was killed, or that failed at something unforeseen, and the message at which it was.

        A server that fails says nothing about that. What counts is forgotten when a run comes to its end.
        """
        self.broken_off += 1
        self.folder_ids._count_deaths()

    def _get_retry_delay(self, failures: int) -> timedelta:
        """Return how long to wait after this many failures in a row: twice as long each time, up to an hour."""
        delay = min(FIRST_RETRY * 2 ** min(failures, 10), LONGEST_RETRY)
        return delay * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  spreads load, hides nothing

    def _prepare_success_values(self) -> dict:
        return {
            "state": "connected",
            "error_code": False,
            "error_detail": False,
            "failures": 0,
            "failing_since": False,
            "running_since": False,
            "broken_off": 0,
        }

    def _tell_owner(self) -> None:
        """Notify the owner, or whoever set a shared mailbox up, that it is not read any more."""
        user = self.user_id or self.create_uid
        mailbox = self.with_context(lang=user.lang)
        self.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            model=self._name,
            res_id=self.id,
            subject=mailbox.env._("The mailbox %s needs you", mailbox.display_name),
            body=Markup('<p>%s</p><p><a href="%s" class="btn btn-primary">%s</a></p>')
            % (mailbox.last_error, mailbox._get_reconnect_url(), mailbox.env._("Reconnect")),
        )

    def _get_reconnect_url(self) -> str:
        """Return the page on which the mailbox is put in order."""
        return f"/odoo/mailboxes/{self.id}"
