"""What sets the kinds of mailboxes apart: how many of them there may be, and that those for marketing only send."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..imap.errors import MailboxError

SEVERAL_SHARED = "escala_mail_sync.several_shared"


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    @api.constrains("kind", "company_id", "active")
    def _check_one_shared_mailbox(self):
        shared = self.filtered(lambda mailbox: mailbox.kind == "shared" and mailbox.active)
        if not shared or self._may_have_several_shared():
            return
        self._take_turns_with_companies(shared.company_id)
        counts = (
            self.sudo()._read_group(  # sudo: mailboxes of companies that the user does not work in count too
                [("kind", "=", "shared"), ("active", "=", True), ("company_id", "in", shared.company_id.ids)],
                ["company_id"],
                ["__count"],
            )
        )
        for company, count in counts:
            if count > 1:
                raise UserError(
                    self.env._(
                        "%s has a shared mailbox already. An administrator can allow several in Settings / E-mails.",
                        company.display_name,
                    )
                )

    def _take_turns_with_companies(self, companies) -> None:
        """Let of two transactions that connect shared mailboxes of a company the later one start over.

        Neither sees what the other has not committed. A row that another transaction has written, though with the
        same values, makes Postgres refuse the later one, which Odoo then does again; a mere lock would not
        (PostgreSQL manual, section 13.2.2, Repeatable Read).
        """
        self.env.execute_query(
            SQL(
                "UPDATE res_company SET write_date = write_date WHERE id IN %s RETURNING id",
                tuple(companies.ids),
            )
        )

    @api.model
    def _may_have_several_shared(self) -> bool:
        # sudo: a setting of the database
        return self.env["ir.config_parameter"].sudo().get_param(SEVERAL_SHARED) == "True"

    def action_test_connection(self):
        """Test what the mailbox does: one for marketing sends only."""
        return self.action_test_sending() if self.kind == "marketing" else super().action_test_connection()

    def action_connect(self):
        """Connect; those for marketing are ready when their server lets us in."""
        senders = self.filtered(lambda mailbox: mailbox.kind == "marketing")
        answer = super(EscalaMailbox, self - senders).action_connect() if self - senders else False
        return senders._connect_senders() if senders else answer

    def action_sync_now(self):
        """Check now; there is nothing to check in one that only sends."""
        if "marketing" in self.mapped("kind"):
            raise UserError(self.env._("A marketing account only sends: nothing is read from it."))
        return super().action_sync_now()

    def _connect_senders(self):
        self.check_access("write")
        for mailbox in self.sudo():  # sudo: the state is written through here only
            try:
                with mailbox._smtp_session():
                    pass
            except MailboxError as error:
                mailbox._set_error(error)
                return self._notification("danger", mailbox._explain(error))
            mailbox.write(
                {
                    **mailbox._prepare_success_values(),
                    "connected_on": mailbox.connected_on or fields.Datetime.now(),
                }
            )
        return self._notification("success", self.env._("Connected. Mailings can be sent from it."))

    def _request_sync(self) -> None:
        return super(
            EscalaMailbox, self.filtered(lambda mailbox: mailbox.kind != "marketing")
        )._request_sync()

    def _explain(self, error: MailboxError) -> str:
        return self._explain_sending(error) if self.kind == "marketing" else super()._explain(error)
