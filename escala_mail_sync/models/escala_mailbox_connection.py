"""How a mailbox is connected, and how its server is reached."""

from odoo import fields, models
from odoo.exceptions import UserError

from .. import secret
from ..imap.errors import MailboxError
from ..imap.server_session import ServerSettings
from ..imap.session import ImapSession


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    def action_test_connection(self):
        """Log in and log out; say in words what is wrong, if anything is."""
        self.ensure_one()
        self.check_access("write")
        try:
            with self._session() as session:
                count = len(session.folders())
        except MailboxError as error:
            if self.state != "draft":
                self.sudo()._set_error(error)  # sudo: the state can be written by no user
            return self._notification("danger", self._explain(error))
        return self._notification(
            "success", self.env._("The server answers; the mailbox has %s folders.", count)
        )

    def action_connect(self):
        """Log in, read the folder tree, tick inbox and sent mail, and have the first check done soon."""
        self.ensure_one()
        self.check_access("write")
        mailbox = self.sudo()  # sudo: folders and state are written through here only
        connected_on = mailbox.connected_on or fields.Datetime.now()
        try:
            # Nothing is written before, so that no row is locked while the network is waited for.
            with mailbox._session() as session:
                remote, statuses = mailbox._explore(session)
        except MailboxError as error:
            mailbox._set_error(error)
            return self._notification("danger", mailbox._explain(error))
        mailbox.write({**mailbox._prepare_success_values(), "connected_on": connected_on})
        mailbox._begin_folders(remote, statuses)
        mailbox._request_sync()
        return self._notification("success", self.env._("Connected. New e-mails will be here in a moment."))

    def action_sync_now(self):
        """Have the mailbox checked as soon as a worker is free; also members of a shared one may ask for it."""
        self.check_access("read")
        not_connected = self.filtered(lambda mailbox: mailbox.state == "draft")
        if not_connected:
            raise UserError(self.env._("Connect %s first.", ", ".join(not_connected.mapped("display_name"))))
        self._request_sync()
        return self._notification("success", self.env._("The mailbox will be checked in a moment."))

    def _get_server(self) -> tuple:
        """Return where a password goes: host, port, security and user name."""
        self.ensure_one()
        return (self.imap_host, self.imap_port, self.imap_security, self.imap_login or self.email)

    def _get_connection(self) -> tuple:
        """Return what a session is opened with; when it changes, an open session is of another mailbox."""
        # sudo: no user can read the encrypted password; it goes to the mailbox's own server and nowhere else
        return (*self._get_server(), self.sudo().imap_password_encrypted)

    def _forget_server(self, before: tuple, keep_password: bool) -> None:
        """Send no password where it was not meant for, and do not go on with the numbers of another account.

        The folders of the account before are put away; what came in stays.
        """
        if not keep_password:
            self.imap_password_encrypted = False
        host, _port, _security, login = before
        if (self.imap_host, self.imap_login or self.email) != (host, login):
            self.folder_ids.active = False
            self.write({"state": "draft", "next_check": False})
            self.env.flush_all()
            self.invalidate_recordset(["folder_ids"])

    def _session(self) -> ImapSession:
        """Return a session with this mailbox's server, to be used in a `with` block.

        Raises MailboxError as `_get_credentials` does.
        """
        host, port, security, login = self._get_server()
        allow_private = self._allows_private_hosts()
        return ImapSession(
            ServerSettings(
                host, port, security, login, allow_private=allow_private, **self._get_credentials()
            )
        )

    def _check_usable(self) -> None:
        """Whoever is about to connect asks this first. Raises MailboxError when nobody may."""

    def _get_credentials(self) -> dict[str, str]:
        """Return what proves to the mailbox's servers that it is us, as ServerSettings takes it.

        Raises MailboxError with code `no_password` when none is stored, or none that can still be read, or as
        `_check_usable` does.
        """
        self._check_usable()
        # sudo: no user can read the encrypted password; it goes to the mailbox's own servers and nowhere else
        token = self.sudo().imap_password_encrypted
        try:
            password = secret.decrypt(token) if token else ""
        except secret.SecretUnreadable as error:
            raise MailboxError("no_password") from error
        if not password:
            raise MailboxError("no_password")
        return {"password": password}

    def _notification(self, kind: str, message: str) -> dict:
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
