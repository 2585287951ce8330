"""On which hosts a mailbox's server may be: inside of private networks only if an administrator allows it."""

from odoo import api, models

ALLOW_PRIVATE_HOSTS = "escala_mail_sync.allow_private_hosts"


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    _imap_port_is_one = models.Constraint(
        "CHECK (imap_port BETWEEN 1 AND 65535)", "A port is a number from 1 to 65535."
    )

    @api.model
    def _allows_private_hosts(self) -> bool:
        """Tell whether servers may be on loopback, private or link-local addresses: of whichever kind of mailbox.

        Managers of shared mailboxes are asked for it too: a group for e-mail does not open the internal network.
        """
        # sudo: a setting of the database
        return self.env["ir.config_parameter"].sudo().get_param(ALLOW_PRIVATE_HOSTS) == "True"
