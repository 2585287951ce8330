"""Mail servers that stand for marketing accounts: for mailings alone, and opened with what the account logs in with."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import email_normalize

# The rest is the account's.
OPEN_TO_CHANGE = {"max_email_size", "sequence"}


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    escala_mailbox_id = fields.Many2one(
        "escala.mailbox",
        "Marketing account",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="It is set up there. Mailings leave by it, and no other e-mails.",
    )

    _one_per_mailbox = models.UniqueIndex(
        "(escala_mailbox_id)", "A marketing account has one outgoing mail server."
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_linking(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_linking(vals)
        if not self.env.su and not OPEN_TO_CHANGE.issuperset(vals):
            for server in self.filtered("escala_mailbox_id"):
                raise UserError(
                    self.env._("“%s” is set up in Settings / E-mails / Marketing.", server.display_name)
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_for_marketing(self):
        for server in self.filtered("escala_mailbox_id"):
            raise UserError(
                self.env._(
                    "“%s” is a marketing account. Disconnect it in Settings / E-mails / Marketing.",
                    server.display_name,
                )
            )

    def _refuse_linking(self, vals) -> None:
        if vals.get("escala_mailbox_id") and not self.env.su:
            raise AccessError(self.env._("Which account a mail server stands for cannot be written."))

    def _active_usages_compute(self):
        """Don't keep an account from being disconnected: the mailings that wait for it will say so."""
        return super(
            IrMailServer, self.filtered(lambda server: not server.escala_mailbox_id)
        )._active_usages_compute()

    def _offer_to_mailings(self) -> None:
        """Let mailings choose a mail server, and choose this one by default if there is no other yet."""
        # sudo: whoever connects the account decides that mailings leave by it
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("mass_mailing.outgoing_mail_server", "True")
        if not self.env["mailing.mailing"].sudo()._get_default_mail_server_id():  # sudo: see above
            parameters.set_param("mass_mailing.mail_server_id", self[:1].id)

    # ------------------------------------------------------------
    # FOR MAILINGS ALONE
    # ------------------------------------------------------------

    def _find_mail_server_allowed_domain(self):
        return super()._find_mail_server_allowed_domain() & Domain("escala_mailbox_id", "=", False)

    @api.model
    def _filter_mail_servers_fallback(self, servers):
        return (
            super()
            ._filter_mail_servers_fallback(servers)
            .filtered(lambda server: not server.escala_mailbox_id)
        )

    def _check_forced_mail_server(self, mail_server, allow_archived, smtp_from):
        """Raises UserError when the account is not connected, or is not the one that From names.

        Odoo treats personal servers alike: elsewhere the From of somebody else could be sent with this login.
        """
        if mail_server.escala_mailbox_id:
            mail_server.escala_mailbox_id._check_may_send_mailings()
            if email_normalize(smtp_from) != mail_server.from_filter:
                raise UserError(
                    self.env._(
                        "“%(server)s” sends from %(address)s only. Change “Send From” of the mailing.",
                        server=mail_server.display_name,
                        address=mail_server.from_filter,
                    )
                )
        return super()._check_forced_mail_server(mail_server, allow_archived, smtp_from)

    def _connect__(self, *args, mail_server_id=None, smtp_from=None, allow_archived=False, **options):
        """Connect as the account does: to checked hosts, with checked certificates and its own login."""
        # sudo: as in Odoo's own method, whoever sends needs not be able to read mail servers
        server = self.sudo().browse(mail_server_id or ())
        if not server.escala_mailbox_id:
            return super()._connect__(
                *args,
                mail_server_id=mail_server_id,
                smtp_from=smtp_from,
                allow_archived=allow_archived,
                **options,
            )
        if self._disable_send():
            return None
        self._check_forced_mail_server(server, allow_archived, smtp_from)
        client = server.escala_mailbox_id._open_for_mailings()
        # What Odoo asks a session for when it prepares the message.
        client.from_filter = server.from_filter
        client.smtp_from = smtp_from
        return client
