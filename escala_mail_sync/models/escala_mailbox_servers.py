"""Where the servers of a mailbox are and what one logs in with: the same for a mailbox and for the wizard."""

from odoo import api, fields, models

from .. import secret

IMAP_PORTS = {"none": 143, "starttls": 143, "tls": 993}
SMTP_PORTS = {"none": 25, "starttls": 587, "tls": 465}
SECURITY = [("tls", "TLS"), ("starttls", "STARTTLS"), ("none", "None")]


class EscalaMailboxServers(models.AbstractModel):
    """Servers and passwords. A password can be replaced and not read again."""

    _name = "escala.mailbox.servers"
    _description = "Servers of a Mailbox"

    imap_host = fields.Char("IMAP server")
    imap_port = fields.Integer(
        "Port", compute="_compute_imap_port", store=True, precompute=True, readonly=False, required=True
    )
    imap_security = fields.Selection(
        SECURITY,
        "Connection security",
        required=True,
        default="tls",
        help="With TLS and STARTTLS the server's certificate is checked.",
    )
    imap_login = fields.Char("User name", help="Left empty, it is the address.")
    imap_password = fields.Char(
        "Password",
        compute="_compute_passwords",
        inverse="_inverse_imap_password",
        copy=False,
        help="Kept encrypted. It can be replaced, but not read again.",
    )
    imap_password_encrypted = fields.Char(groups=fields.NO_ACCESS, copy=False)
    has_password = fields.Boolean(compute="_compute_has_password", compute_sudo=True)

    smtp_host = fields.Char("SMTP server", help="It sends the e-mails. Left empty, nothing can be sent.")
    smtp_port = fields.Integer(
        "SMTP port", compute="_compute_smtp_port", store=True, precompute=True, readonly=False, required=True
    )
    smtp_security = fields.Selection(
        SECURITY,
        "SMTP security",
        required=True,
        default="tls",
        help="With TLS and STARTTLS the server's certificate is checked.",
    )
    smtp_login = fields.Char("SMTP user name", help="Left empty, it is the one for reading.")
    smtp_password = fields.Char(
        "SMTP password",
        compute="_compute_passwords",
        inverse="_inverse_smtp_password",
        copy=False,
        help="Left empty, it is the one for reading. Kept encrypted.",
    )
    smtp_password_encrypted = fields.Char(groups=fields.NO_ACCESS, copy=False)
    smtp_unconfirmed = fields.Boolean(
        readonly=True,
        copy=False,
        help="The SMTP server was changed after the password for reading was given: it is not sent there until "
        "somebody types it again.",
    )
    has_smtp_password = fields.Boolean(compute="_compute_has_password", compute_sudo=True)

    @api.depends("imap_security")
    def _compute_imap_port(self):
        """Follow the security's standard port, but leave a port that somebody chose (RFC 8314, section 3.2)."""
        for record in self:
            if not record.imap_port or record.imap_port in IMAP_PORTS.values():
                record.imap_port = IMAP_PORTS[record.imap_security or "tls"]

    @api.depends("smtp_security")
    def _compute_smtp_port(self):
        """The same for sending (RFC 8314, section 3.3)."""
        for record in self:
            if not record.smtp_port or record.smtp_port in SMTP_PORTS.values():
                record.smtp_port = SMTP_PORTS[record.smtp_security or "tls"]

    def _compute_passwords(self):
        self.imap_password = False
        self.smtp_password = False

    def _inverse_imap_password(self):
        for record in self.filtered("imap_password"):
            # sudo: the encrypted password can be read and written by no user, only replaced through here
            record.sudo().write(
                {"imap_password_encrypted": secret.encrypt(record.imap_password), "smtp_unconfirmed": False}
            )
        self.invalidate_recordset(["imap_password"])

    def _inverse_smtp_password(self):
        for record in self.filtered("smtp_password"):
            # sudo: as above
            record.sudo().smtp_password_encrypted = secret.encrypt(record.smtp_password)
        self.invalidate_recordset(["smtp_password"])

    @api.depends("imap_password_encrypted", "smtp_password_encrypted", "smtp_unconfirmed")
    def _compute_has_password(self):
        for record in self:
            record.has_password = bool(record.imap_password_encrypted)
            record.has_smtp_password = bool(record.smtp_password_encrypted) or (
                record.has_password and not record.smtp_unconfirmed
            )
