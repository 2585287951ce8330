"""Disconnecting a mailbox, and removing what came in by it: some of it at once, the rest in the background."""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ..transactions import retrying

REMOVED_AT_ONCE = 200  # e-mails


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    removal_requested = fields.Boolean(
        readonly=True, copy=False, help="Its e-mails are being removed from Odoo."
    )

    def action_connect(self):
        """Connect what is neither archived nor being emptied."""
        archived = self.filtered(lambda mailbox: not mailbox.active)
        if archived:
            raise UserError(self.env._("%s is archived. Unarchive it first.", archived[0].display_name))
        emptied = self.filtered("removal_requested")
        if emptied:
            raise UserError(
                self.env._(
                    "The e-mails of %s are still being removed. Connect it when that is done.",
                    emptied[0].display_name,
                )
            )
        return super().action_connect()

    def action_ask_disconnect(self):
        """Ask whether to keep what came in; of a mailbox that is disconnected already, whether to remove it."""
        self.ensure_one()
        is_over = self.state == "draft"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Remove e-mails") if is_over else self.env._("Disconnect"),
            "res_model": "escala.mailbox.disconnect",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_mailbox_id": self.id,
                "default_emails": "remove" if is_over else "keep",
            },
        }

    def action_disconnect(self):
        """Stop checking; what came in stays. Managers may do so with any mailbox."""
        self._check_may_disconnect()
        self._log("disconnected")
        # sudo: managers may stop a personal mailbox, but change nothing else of it
        self.sudo()._stop()

    def action_disconnect_and_remove(self):
        """Stop checking, and remove what came in from Odoo; in the mailbox, nothing changes.

        E-mails that another mailbox has too stay, and so do the leads that people have worked on. Managers may do so
        with any mailbox, without seeing what is in it: what is in Odoo is the company's.
        """
        self._check_may_disconnect()
        # sudo: the state and the ledger are written by no user; who may ask for it is checked above
        for mailbox in self.sudo():
            mailbox._log("removal")
            mailbox._stop()
            mailbox._remove_some_emails()
            # However few there are, a batch may just have been stored that this transaction cannot see.
            mailbox.removal_requested = True
            mailbox.env.ref("escala_mail_sync.ir_cron_remove")._trigger()

    def _check_may_disconnect(self) -> None:
        self.check_access("read")
        if not self.env.user.has_group("escala_mail_sync.group_mailbox_manager"):
            self.check_access("write")

    def _stop(self) -> None:
        """Check these mailboxes no more, until somebody connects them."""
        self.write(
            {
                **self._prepare_success_values(),
                "state": "draft",
                "next_check": False,
                "sync_requested": False,
            }
        )

    def _count_emails(self) -> int:
        return self.env["escala.email"].search_count(self.env["escala.email"]._in_mailboxes(self))

    @api.model
    def _cron_remove_emails(self) -> None:
        """Go on removing the e-mails of disconnected mailboxes, and commit from time to time."""
        mailboxes = self.with_user(SUPERUSER_ID).with_context(active_test=False)
        for mailbox in mailboxes.search([("removal_requested", "=", True)]):
            while mailbox.removal_requested:
                retrying(mailbox._go_on_removing, self.env.cr.rollback)
                if not self.env["ir.cron"]._commit_progress(1, remaining=int(mailbox.removal_requested)):
                    return

    def _go_on_removing(self) -> None:
        self.removal_requested = self._remove_some_emails()
        self.env.flush_all()  # so that a lost race shows here

    def _remove_some_emails(self) -> bool:
        """Remove as many e-mails of this mailbox as are removed at once; tell whether there are more.

        What is in quarantine goes too. To be called as superuser.
        """
        rows = self.env["escala.mailbox.message"].search(
            [("mailbox_id", "=", self.id), ("state", "!=", "discarded")], limit=REMOVED_AT_ONCE
        )
        sent = self.env["escala.email"].search([("sent_mailbox_id", "=", self.id)], limit=REMOVED_AT_ONCE)
        (rows.email_id | sent)._remove_with_leads(self)
        unread = rows.filtered(lambda row: row.state != "discarded")
        unread.write({"raw": False, "detail": False})
        unread._discard()
        return REMOVED_AT_ONCE in (len(rows), len(sent))
