"""Which mailboxes somebody may send from, and how fast."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import formataddr


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    @api.model
    def _find_for_sending(self):
        """Return the mailboxes that the user may send from: their own, and shared ones.

        A shared one without members can be used by all salespeople.
        """
        if not self.env.user.has_group("escala_mail_sync.group_mailbox_user"):
            return self.browse()
        # sudo: only to find out which; they are read as the user
        mailboxes = self.sudo().search(
            [
                ("state", "!=", "draft"),
                ("smtp_host", "!=", False),
                ("company_id", "in", self.env.companies.ids),
                ("kind", "in", ("personal", "shared")),
            ]
        )
        user = self.env.user
        return mailboxes.filtered(
            lambda mailbox: (
                mailbox.user_id == user
                or user in mailbox.member_ids
                or (mailbox.kind == "shared" and not mailbox.member_ids)
            )
        ).sudo(False)

    def _check_for_sending(self) -> None:
        """Raises AccessError unless the user may send from these mailboxes."""
        if self - self._find_for_sending():
            raise AccessError(self.env._("You may not send from this mailbox."))

    def _get_sender(self, user) -> str:
        """Return what stands in From: the person in a personal mailbox, the team's name in a shared one."""
        name = user.name if self.kind == "personal" else self.name or self.company_id.name
        return formataddr((name, self.email_normalized))

    def _get_sending_allowance(self) -> int:
        """Return to how many more recipients may be sent in this minute: as many as Odoo lets personal servers."""
        limit = self.env["ir.mail_server"]._get_personal_mail_servers_limit()
        lately = self.env["escala.email.outgoing"].search(
            [("mailbox_id", "=", self.id), ("sent_on", ">", fields.Datetime.now() - timedelta(minutes=1))]
        )
        return limit - sum(len(email._get_recipients()) for email in lately)

    def _get_sending_reserve(self) -> int:
        """Return how many recipients a minute are kept for what is written to somebody, when something goes to many."""
        return self.env["ir.mail_server"]._get_personal_mail_servers_limit() // 4
