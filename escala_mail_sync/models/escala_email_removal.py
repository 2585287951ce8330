"""What somebody removes from Odoo: it is gone for their mailboxes, stays for others, and does not come back."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    can_remove = fields.Boolean(compute="_compute_can_remove")

    @api.depends_context("uid")
    def _compute_can_remove(self):
        removable = self._filter_removable()
        for email in self:
            email.can_remove = email in removable

    def action_remove(self):
        """Remove e-mails from the mailboxes of the user's own; from a list, a form, or a form in a dialog.

        Nobody has the right to delete e-mails: one may be in the mailboxes of others too, where it stays.
        Raises AccessError if one of them came in through other people's mailboxes only.
        """
        self.check_access("read")
        foreign = self - self._filter_removable()
        if foreign:
            raise AccessError(
                self.env._(
                    "These e-mails are not of your mailboxes, so only the owner or the members of theirs can "
                    "remove them:\n%s",
                    "\n".join(f"- {email.display_name}" for email in foreign[:10]),
                )
            )
        # sudo: users have no right to delete; these are in mailboxes of the user's own, as found out above
        self.sudo()._remove_from(self.env["escala.mailbox"]._find_own())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Removed from Odoo. In the mailbox, nothing has changed."),
                "next": self._get_action_after_removal(),
            },
        }

    def _get_action_after_removal(self) -> dict:
        """Return what the web client does next; a form has nothing to show any more."""
        if self.env.context.get("escala_email_form"):
            action = self.env["ir.actions.act_window"]._for_xml_id("escala_mail_sync.escala_email_action")
            return {**action, "target": "main"}
        return {"type": "ir.actions.act_window_close"}

    def _filter_removable(self):
        """Return those that are in a mailbox which the user owns or is a member of."""
        own = self.env["escala.mailbox"]._find_own()
        # sudo: only whether there is a copy in one of these mailboxes
        emails = self.sudo().search(Domain("id", "in", self.ids) & self._in_mailboxes(own))
        return self & emails

    def _remove_from(self, mailboxes) -> None:
        """Remove the e-mails from these mailboxes for good: a later copy in any of their folders is ignored.

        E-mails that no other mailbox has are deleted, with body and attachments. To be called as superuser.
        """
        self._claim()
        copies = self.env["escala.mailbox.message"].search([("email_id", "in", self.ids)])
        leaving = copies.filtered(lambda copy: copy.mailbox_id in mailboxes)
        sent = self.filtered(lambda email: email.sent_mailbox_id in mailboxes)
        (sent - copies.email_id)._leave_tombstones()
        sent.sent_mailbox_id = False
        self.shared_by_mailbox_ids -= mailboxes
        kept = (copies - leaving).email_id | self.filtered("sent_mailbox_id")
        orphans = (leaving.email_id | sent) - kept
        leaving._discard()
        orphans.unlink()

    def _remove_with_leads(self, mailbox) -> None:
        """Remove the e-mails from a mailbox, and with them what they have made: activities, and untouched leads.

        A lead stays that another e-mail concerns. To be called as superuser.
        """
        leads = self.env["escala.lead.origin"]._filter_untouched(self.lead_ids)
        answers = self._get_open_answers()
        self._remove_from(mailbox)
        answers.filtered(lambda activity: not activity.escala_email_id).unlink()
        kept = self.search(Domain("lead_ids", "in", leads.ids)).lead_ids
        (leads - kept)._unlink_if_possible()

    def _leave_tombstones(self) -> None:
        """Note that these, which were sent from Odoo and are in no folder yet, are not to come back from there."""
        self.env["escala.mailbox.message"].create(
            [
                {
                    "folder_id": folder.id,
                    "uidvalidity": 0,
                    "uid": -email.id,  # no server gives such a number
                    "message_id": email.message_id,
                    "content_key": email.content_key,
                    "state": "discarded",
                }
                for email in self
                for folder in email.sent_mailbox_id.folder_ids[:1]
            ]
        )

    def _claim(self) -> None:
        """Make whoever else removes, or links, one of these e-mails at this moment start over, or oneself.

        Two people who remove the same e-mail from two mailboxes would each take the other's copy for a reason to
        keep it, and a copy that is coming in would be linked without seeing that it was removed. Rows that are
        changed, not only locked, fail the transactions that began before with a serialization error (PostgreSQL
        manual, section 13.2.2, Repeatable Read), and both Odoo and the synchronisation try again.
        """
        if self.ids:
            self.env.execute_query(
                SQL(
                    "UPDATE escala_email SET write_date = now() AT TIME ZONE 'UTC' WHERE id IN "
                    "(SELECT id FROM escala_email WHERE id IN %s ORDER BY id FOR NO KEY UPDATE) RETURNING id",
                    tuple(self.ids),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_discard_copies(self):
        """However an e-mail is deleted, it does not come back."""
        # sudo: the ledger is written by no user
        self.sudo().mailbox_message_ids._discard()


class EscalaMailboxMessage(models.Model):
    _inherit = "escala.mailbox.message"

    _removed = models.Index("(mailbox_id, content_key) WHERE state = 'discarded'")

    def _discard(self) -> None:
        """Keep what names the message, so that it is known when it is seen again, and nothing it says."""
        self.write({"state": "discarded", "email_id": False, "subject": False})

    @api.model
    def _find_tombstones(self, mailbox, message_ids: list[str]) -> dict[str, str]:
        """Map those Message-IDs to content keys that were sent from Odoo, and removed before they were in a folder."""
        rows = self.search_fetch(
            [
                ("mailbox_id", "=", mailbox.id),
                ("state", "=", "discarded"),
                ("uid", "<", 0),
                ("message_id", "in", message_ids),
            ],
            ["message_id", "content_key"],
        )
        return {row.message_id: row.content_key for row in rows}

    @api.model
    def _find_removed(self, mailbox, content_keys: list[str]) -> set[str]:
        """Return the keys of those messages that were removed from this mailbox in Odoo, in one query."""
        rows = self.search_fetch(
            [
                ("mailbox_id", "=", mailbox.id),
                ("state", "=", "discarded"),
                ("content_key", "in", content_keys),
            ],
            ["content_key"],
        )
        return set(rows.mapped("content_key"))
