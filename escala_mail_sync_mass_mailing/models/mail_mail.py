"""Which e-mails leave by a marketing account: those of the mailings that were set up so."""

from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _filter_mail_mail_servers(self, mail_servers):
        """Keep marketing accounts for the mailings that name them."""
        servers = super()._filter_mail_mail_servers(mail_servers)
        return servers.filtered(
            lambda server: not server.escala_mailbox_id or self._are_of_mailings_by(server)
        )

    def _are_of_mailings_by(self, server) -> bool:
        mailings = self.sudo()  # sudo: whoever may send an e-mail may have it checked
        return all(mail.mailing_id.mail_server_id == server for mail in mailings)

    def _send(self, *args, mail_server=False, **options):
        """Set aside what is not to leave by a marketing account (any more), so that the queue goes on behind it."""
        # sudo: whoever sends needs not be able to read mail servers
        if mail_server and mail_server.sudo().escala_mailbox_id:
            strays = self.filtered(lambda mail: not mail._are_of_mailings_by(mail_server))
            strays._refuse_server(mail_server)
            self -= strays
        return super()._send(*args, mail_server=mail_server, **options)

    def _refuse_server(self, server) -> None:
        reason = self.env._(
            "“%s” sends e-mails of the mailings that name it, and no others.", server.display_name
        )
        self.write({"state": "exception", "failure_type": "unknown", "failure_reason": reason})
        self._postprocess_sent_message(success_pids=[], success_emails=[], failure_type="unknown")

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Say in the mailing's statistics why an e-mail failed; Odoo notes there only of what kind the failure is."""
        if failure_type:
            for mail in self.filtered("mailing_trace_ids"):
                mail.mailing_trace_ids.failure_reason = failure_reason or mail.failure_reason
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
