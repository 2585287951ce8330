"""How a mailbox sends: its SMTP server, what it logs in with there, and what is wrong when it does not work."""

from odoo import api, models

from .. import secret
from ..imap.errors import MailboxError
from ..imap.server_session import ServerSettings
from ..smtp.session import SmtpSession


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    @api.onchange("email", "imap_login", "smtp_host", "smtp_port", "smtp_security", "smtp_login")
    def _onchange_smtp_server(self):
        if self._origin.has_smtp_password and self._get_smtp_server() != self._origin._get_smtp_server():
            self.has_smtp_password = False

    def write(self, vals):
        before = {mailbox: mailbox._get_smtp_server() for mailbox in self}
        result = super().write(vals)
        for mailbox, server in before.items():
            if mailbox._get_smtp_server() != server:
                # sudo: the encrypted password, and whether it is confirmed, can be written by no user
                mailbox.sudo()._forget_smtp_server(vals)
        return result

    def action_test_sending(self):
        """Log in at the SMTP server and out again; say in words what is wrong, if anything is."""
        self.ensure_one()
        self.check_access("write")
        try:
            with self._smtp_session():
                pass
        except MailboxError as error:
            return self._notification("danger", self._explain_sending(error))
        return self._notification("success", self.env._("The server answers; e-mails can be sent."))

    def _get_smtp_server(self) -> tuple:
        """Return where the password for sending goes: host, port, security and user name."""
        self.ensure_one()
        login = self.smtp_login or self.imap_login or self.email
        return (self.smtp_host, self.smtp_port, self.smtp_security, login)

    def _forget_smtp_server(self, vals: dict) -> None:
        """Send no password where it was not meant for.

        :param vals: what was written; a password among it was typed for the new server
        """
        if not vals.get("smtp_password"):
            self.smtp_password_encrypted = False
        if not vals.get("imap_password"):
            self.smtp_unconfirmed = True
        if self.kind == "marketing":
            self.state = "draft"

    def _smtp_session(self) -> SmtpSession:
        """Return a session with the server that sends for this mailbox, to be used in a `with` block.

        Raises MailboxError as `_get_smtp_credentials` does.
        """
        host, port, security, login = self._get_smtp_server()
        credentials = self._get_smtp_credentials()
        allow_private = self._allows_private_hosts()
        return SmtpSession(
            ServerSettings(host or "", port, security, login, allow_private=allow_private, **credentials)
        )

    def _get_smtp_credentials(self) -> dict[str, str]:
        """Return what proves to the SMTP server that it is us, as ServerSettings takes it.

        That is the password for sending; without one, what is used for reading, as long as the SMTP server is the
        one for which it was given. Raises MailboxError with code `no_password`, or as `_check_usable` does.
        """
        self._check_usable()
        # sudo: no user can read the encrypted password; it goes to the mailbox's own server and nowhere else
        mailbox = self.sudo()
        if mailbox.smtp_password_encrypted:
            try:
                return {"password": secret.decrypt(mailbox.smtp_password_encrypted)}
            except secret.SecretUnreadable as error:
                raise MailboxError("no_password") from error
        if mailbox.smtp_unconfirmed:
            raise MailboxError("no_password")
        return self._get_credentials()

    def _explain_sending(self, error: MailboxError) -> str:
        """Return what is wrong with sending, and what to do, in the language of the environment."""
        self.ensure_one()
        host, port, detail = self.smtp_host, self.smtp_port, error.detail
        sentences = {
            **self._get_explanations(host, port, detail),
            "protocol_garbled": self.env._(
                "What answers on %(host)s, port %(port)s, is no SMTP server, or its answer was garbled.",
                host=host,
                port=port,
            ),
        }
        unknown = self.env._("Nothing can be sent: %(detail)s.", detail=detail or error.code)
        return sentences.get(error.code, unknown)
