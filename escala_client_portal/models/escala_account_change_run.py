"""Carrying out a change of many client accounts: batch by batch, each of them once, whatever dies in between."""

import logging
from collections import Counter

import psycopg2
from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from odoo.addons.escala_mail_sync.transactions import is_of_the_machine, retrying

from .res_partner_client_access import SWITCHES

_logger = logging.getLogger(__name__)

BATCH = 50  # accounts; a batch is what a crash undoes
NEWS = "escala.account.change"  # the type of the notification, see account_change_progress.js
UNFINISHED = [("state", "in", ("waiting", "running"))]


class EscalaAccountChange(models.Model):
    """A batch and the count of accounts that are done are one transaction.

    So a run that was killed goes on where it was, and whoever cancels meanwhile, or another worker that does the same
    batch, makes one of the two transactions fail and start again.
    """

    _inherit = "escala.account.change"

    @api.model
    def _cron_run(self):
        """Carry out what was started, the oldest first, as long as the cron's time allows."""
        changes = self.with_user(SUPERUSER_ID)
        while change := changes.search(UNFINISHED, order="id", limit=1):
            processed = retrying(change._run_batch, self.env.cr.rollback)
            if not self.env["ir.cron"]._commit_progress(processed, remaining=changes._count_remaining()):
                return

    @api.model
    def _count_remaining(self):
        """Return how many accounts wait, in all changes."""
        [(accounts, done)] = self._read_group(UNFINISHED, [], ["account_count:sum", "done_count:sum"])
        return accounts - done

    def _run_batch(self):
        """Do the next accounts and note that; end when there are no more.

        :return: how many accounts were done
        """
        done = self._do_next_accounts()
        self.env.flush_all()  # so that a lost race shows here
        return done

    def _do_next_accounts(self):
        self.invalidate_recordset()  # it may have lost a race
        if self.state not in ("waiting", "running"):
            return 0
        if not self.user_id.active:
            self._end("cancelled")
            return 0
        if self.state == "waiting":
            self.write({"started_on": fields.Datetime.now(), "state": "running"})
            self._tell_browser()
            return 0
        ids = self.account_ids[self.done_count : self.done_count + BATCH]
        figures = self._as_starter()._change_accounts(ids)
        # Only now, as who writes its row makes whoever cancels wait.
        self.write({name: self[name] + number for name, number in figures.items()})
        self.done_count += len(ids)
        if self.done_count == self.account_count:
            self._end("done")
        self._tell_browser()
        return len(ids)

    def _as_starter(self):
        """Return this change as superuser, but in the language and the companies of who started it."""
        return self.with_context(**(self.starter_context or {}))

    def _end(self, state):
        """Note that it is over, and tell whoever started it."""
        self.write({"state": state, "ended_on": fields.Datetime.now()})
        self._tell_browser()
        self._as_starter()._notify_starter()

    # ------------------------------------------------------------
    # THE WORK
    # ------------------------------------------------------------

    def _change_accounts(self, ids):
        """Change these accounts.

        :return: Counter of what to add to which fields
        """
        accounts = self.env["res.partner"].browse(ids).exists()
        accounts = accounts.filtered(lambda account: not account.deletion_date)
        self._note_deleted(set(ids) - set(accounts.ids))
        rows = self.env["escala.account.contact"].search(accounts._client_rows_domain(), order="id")
        figures = Counter(empty_count=len(accounts - rows.account_id))
        rows = rows.with_user(self.user_id)
        editable = rows._filtered_access("write")
        self._note_forbidden(rows - editable)
        return figures + self._change_rows(editable)

    def _change_rows(self, rows):
        """Change these rows; if that fails, each half on its own, down to the row that is to blame.

        :return: Counter, as above
        """
        if not rows:
            return Counter()
        try:
            with self.env.cr.savepoint():
                figures = self._try_to_change(rows)
                self.env.flush_all()
        except Exception as error:
            if is_of_the_machine(error):
                raise
            if len(rows) == 1:
                self._note_errors(rows, self._explain(error))
                return Counter()
            middle = len(rows) // 2
            return self._change_rows(rows[:middle]) + self._change_rows(rows[middle:])
        return figures

    def _try_to_change(self, rows):
        """Set the switches of these rows, and invite whom that lets in.

        :param rows: escala.account.contact, with the rights of who started the change
        :return: Counter, as above
        """
        values = {name: self[name] == "on" for name in SWITCHES if self[name] != "keep"}
        different = rows.filtered(lambda row: any(row[name] != value for name, value in values.items()))
        let_in = rows.browse()
        if self.login == "on":
            let_in = rows.filtered(lambda row: not row.login)
        if self.notify == "on" and self.custom_preferences:
            muted = self._get_muted_categories()
            different |= rows.filtered(lambda row: row.muted_category_ids != muted)
            values["muted_category_ids"] = [Command.set(muted.ids)]
        different.write(values)
        return Counter(
            changed_count=len(different),
            unchanged_count=len(rows) - len(different),
            invited_count=self._invite(rows, let_in) if self.login == "on" else 0,
        )

    def _get_muted_categories(self):
        return self.env["escala.notification.category"].search([]) - self.category_ids

    def _invite(self, rows, let_in):
        """Invite the addresses that were let in now, and those without a password that never were invited.

        Each of them once by this change, on however many accounts it is.

        :return: how many
        """
        if not self.send_invitations:
            return 0
        logins = rows.login_id.filtered(
            lambda login: (
                (login.state == "pending" and not login.invited_on)
                or (login in let_in.login_id and (not login.invited_on or login.invited_on < self.started_on))
            )
        )
        if logins:
            logins._send_invitation(message=self.message or None)
        return len(logins)

    # ------------------------------------------------------------
    # THE REPORT
    # ------------------------------------------------------------

    def _explain(self, error):
        """Return the reason of a failure, as a person can read it."""
        if isinstance(error, AccessError):
            return self.env._("You may not edit this contact or this account.")
        if isinstance(error, UserError):  # ValidationError is one
            return error.args[0]
        if isinstance(error, psycopg2.IntegrityError):
            return self.env["escala.account.contact"]._sql_error_to_message(error)
        _logger.exception("An address of a client account cannot be changed", exc_info=error)
        return self.env._("An error that Odoo's log describes.")

    def _note_errors(self, rows, reason):
        errors = self.env["escala.account.change.error"]
        # sudo: the starter's rights were asked for before; what they may not see is not named
        values = [errors._prepare_values(row.account_id, row, reason) for row in rows.sudo()]
        errors.create([{**each, "change_id": self.id} for each in values])

    def _note_forbidden(self, rows):
        """Note the rows that the starter may not edit, and name only those that they may see."""
        visible = rows._filtered_access("read")
        self._note_errors(visible, self.env._("You may not edit this contact or this account."))
        errors = self.env["escala.account.change.error"]
        reason = self.env._("A contact that you may not see stays as it is.")
        hidden = (rows - visible).sudo()  # sudo: whose they are; no contact is named
        errors.create(
            [
                {"change_id": self.id, **errors._prepare_values(account, hidden.browse(), reason)}
                for account in hidden.account_id
            ]
        )

    def _note_deleted(self, ids):
        reason = self.env._("The account was deleted meanwhile.")
        self.env["escala.account.change.error"].create(
            [
                {"change_id": self.id, "account_name": f"# {number}", "reason": reason}
                for number in sorted(ids)
            ]
        )

    def _get_summary(self):
        """Return the report in a few words, in the language of the environment."""
        figures = [
            (self.changed_count, self.env._("Addresses changed")),
            (self.unchanged_count, self.env._("Unchanged")),
            (self.invited_count, self.env._("Invitations sent")),
            (self.empty_count, self.env._("Accounts without contacts")),
            (self.error_count, self.env._("Errors")),
        ]
        return ", ".join(f"{label}: {number:,}" for number, label in figures if number) or self.env._(
            "Nothing to do"
        )

    def _notify_starter(self):
        """Tell whoever started it, and nobody else: on the screen at once, and as a message to keep."""
        self.env.flush_all()  # the number of errors is counted in the database
        self.invalidate_recordset(["error_count"])
        title = (
            self.env._("Client accounts: done")
            if self.state == "done"
            else self.env._("Client accounts: cancelled")
        )
        accounts = self.env._(
            "%(done)s of %(all)s accounts", done=f"{self.done_count:,}", all=f"{self.account_count:,}"
        )
        summary = f"{accounts}. {self._get_summary()}."
        self.user_id._bus_send(
            "simple_notification",
            {"type": "warning" if self.error_count else "success", "title": title, "message": summary},
        )
        self.env["mail.thread"].message_notify(
            partner_ids=self.user_id.partner_id.ids,
            model=self._name,
            res_id=self.id,
            subject=title,
            body=Markup('<p>%s</p><p><a href="%s">%s</a></p>')
            % (summary, f"/odoo/client-account-changes/{self.id}", self.env._("See the report")),
        )

    def _tell_browser(self):
        """Have the form follow the progress."""
        self.user_id._bus_send(NEWS, {"id": self.id})
