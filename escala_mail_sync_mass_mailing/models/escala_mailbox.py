"""A marketing account in Odoo's Email Marketing: one of the mail servers there, while it is connected."""

import smtplib

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.escala_mail_sync.imap.errors import MailboxError

# A change of the SMTP server or of the login disconnects the account, so that it need not be watched.
SHOWN_ON_MAIL_SERVER = {"active", "email", "kind", "name", "state"}
ENCRYPTION = {"none": "none", "starttls": "starttls_strict", "tls": "ssl_strict"}


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    def write(self, vals):
        result = super().write(vals)
        if SHOWN_ON_MAIL_SERVER.intersection(vals):
            self._follow_with_mail_servers()
        return result

    def unlink(self):
        self._find_mail_servers().active = False
        return super().unlink()

    def _find_mail_servers(self):
        """Return the mail servers that stand for these mailboxes, archived ones too; as superuser."""
        # sudo: whoever sets up a mailbox may not otherwise touch Odoo's mail servers
        servers = self.env["ir.mail_server"].sudo().with_context(active_test=False)
        return servers.search([("escala_mailbox_id", "in", self.ids)])

    def _follow_with_mail_servers(self) -> None:
        """Have a mail server stand for each that is connected for marketing, and for no other."""
        servers = {server.escala_mailbox_id: server for server in self._find_mail_servers()}
        missing = []
        for mailbox in self.sudo():  # sudo: the mail server is as the account is, whoever changed it
            server = servers.get(mailbox)
            if not mailbox._is_for_mailings():
                if server:
                    server.active = False
            elif server:
                server.write(mailbox._prepare_mail_server_values())
            else:
                missing.append(mailbox._prepare_mail_server_values())
        if missing:
            # sudo: see _find_mail_servers
            self.env["ir.mail_server"].sudo().create(missing)._offer_to_mailings()

    def _is_for_mailings(self) -> bool:
        """Tell whether mailings may name this one as what they leave by; one with an error then says which."""
        return self.kind == "marketing" and self.active and self.state != "draft"

    def _prepare_mail_server_values(self) -> dict:
        """Return what people see of it. There is no password: it is not opened like other servers."""
        host, port, security, login = self._get_smtp_server()
        return {
            "escala_mailbox_id": self.id,
            "active": True,
            "name": self.display_name,
            "from_filter": self.email_normalized,
            "smtp_host": host,
            "smtp_port": port,
            "smtp_encryption": ENCRYPTION[security],
            "smtp_user": login,
        }

    def _open_for_mailings(self) -> smtplib.SMTP:
        """Return smtplib's client, logged in as this account; whoever calls this ends it with `quit`.

        A refusal that no retry mends turns the account red, and is not tried again: a wrong password, tried for every
        batch of a mailing, would lock it.

        Raises UserError, which says what is wrong, in the language of the environment.
        """
        mailbox = self.sudo()  # sudo: who sends a mailing may use the account, and not see it
        mailbox._check_may_send_mailings()
        try:
            return mailbox._smtp_session().open()
        except MailboxError as error:
            if not error.retryable:
                mailbox._set_error(error)
            raise UserError(mailbox._explain_sending(error)) from error

    def _check_may_send_mailings(self) -> None:
        """Raises UserError when it is not connected, or waits for somebody to mend it."""
        if not self._is_for_mailings():
            raise UserError(
                self.env._(
                    "The marketing account %s is not connected, so nothing is sent from it.",
                    self.display_name,
                )
            )
        if self.state == "error":
            raise UserError(self.last_error)
