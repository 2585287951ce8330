"""What is wrong with a mailbox, and what to do about it, in words."""

from odoo import models

from ..imap.errors import MailboxError


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    def _explain(self, error: MailboxError) -> str:
        """Return what is wrong with the connection, and what to do, in the language of the environment."""
        self.ensure_one()
        sentences = self._get_explanations(self.imap_host, self.imap_port, error.detail)
        unknown = self.env._("The mailbox cannot be read: %(detail)s.", detail=error.detail or error.code)
        return sentences.get(error.code, unknown)

    def _get_explanations(self, host: str, port: int, detail: str) -> dict[str, str]:
        """Return a sentence or two for each code of MailboxError."""
        return {
            "no_password": self.env._("No password is stored for this server and user name. Type it."),
            "database_copied": self.env._(
                "This is a copy of the database in which the mailbox was connected, so it is not read here. Reconnect "
                "it if you want that."
            ),
            "owner_left": self.env._("Its owner is no internal user any more, so it is not read."),
            "name_not_found": self.env._("There is no server named “%(host)s”. Check its name.", host=host),
            "address_forbidden": self.env._(
                "“%(host)s” is inside of a private network, where mailboxes may not be. Check its name, or have an "
                "administrator allow such servers in Settings / E-mails.",
                host=host,
            ),
            "refused": self.env._(
                "%(host)s refuses connections on port %(port)s. Check the port.", host=host, port=port
            ),
            "unreachable": self.env._("%(host)s cannot be reached: %(detail)s.", host=host, detail=detail),
            "timeout": self.env._(
                "%(host)s does not answer on port %(port)s. Check the port and the connection security.",
                host=host,
                port=port,
            ),
            "tls": self.env._(
                "No secure connection with %(host)s on port %(port)s (%(detail)s). "
                "Check the connection security.",
                host=host,
                port=port,
                detail=detail,
            ),
            "tls_certificate": self.env._(
                "The certificate of %(host)s is not trusted: %(detail)s.", host=host, detail=detail
            ),
            "starttls_unsupported": self.env._("%(host)s offers no STARTTLS. Choose TLS.", host=host),
            "wrong_password": self.env._(
                "%(host)s refuses the user name or the password (“%(detail)s”). Type the password again.",
                host=host,
                detail=detail,
            ),
            "auth_unsupported": self.env._(
                "%(host)s takes no password on port %(port)s. Choose TLS or STARTTLS, and check the port.",
                host=host,
                port=port,
            ),
            "sender_refused": self.env._(
                "%(host)s does not send for this address: “%(detail)s”", host=host, detail=detail
            ),
            "recipient_refused": self.env._(
                "%(host)s refuses the recipient: “%(detail)s”", host=host, detail=detail
            ),
            "message_refused": self.env._(
                "%(host)s refuses the e-mail: “%(detail)s”", host=host, detail=detail
            ),
            "over_quota": self.env._(
                "A mailbox is full, or no more may be sent today: “%(detail)s” says %(host)s.",
                host=host,
                detail=detail,
            ),
            "delivery_unknown": self.env._(
                "The connection with %(host)s was lost while it took the e-mail, so it may have been sent. See "
                "whether it is among the sent ones before sending it again.",
                host=host,
            ),
            "connection_lost": self.env._(
                "The connection with %(host)s was lost. It will be tried again.", host=host
            ),
            "server_error": self.env._("%(host)s answers: “%(detail)s”", host=host, detail=detail),
            "protocol_garbled": self.env._(
                "What answers on %(host)s, port %(port)s, is no IMAP server, or its answer was garbled.",
                host=host,
                port=port,
            ),
            "folder_refused": self.env._(
                "The server does not open a folder: “%(detail)s”. The others are read. Untick it, or have it opened to "
                "this mailbox.",
                detail=detail,
            ),
            "disk_full": self.env._("Odoo's disk is full. Nothing is lost; it will be tried again."),
            "internal": self.env._(
                "Something went wrong in Odoo; its log says what. It will be tried again."
            ),
        }
