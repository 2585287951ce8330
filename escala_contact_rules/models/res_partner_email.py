"""The alternative e-mail addresses of a contact."""

from odoo import api, fields, models
from odoo.tools import email_normalize

from .trigram import trigram_index


class ResPartnerEmail(models.Model):
    _name = "res.partner.email"
    _inherit = ["res.partner.address.mixin"]
    _description = "Alternative E-mail Address"
    _rec_name = "email"
    _raw_field = "email"
    _normalized_field = "email_normalized"
    _blacklist = ("mail.blacklist", "email")

    email = fields.Char(string="E-mail", required=True)
    email_normalized = fields.Char(
        string="Normalized E-mail",
        compute="_compute_email_normalized",
        store=True,
        help="The address in lower case and without a name: what the contact is found by.",
    )

    _email_normalized_trigram_idx = models.Index(trigram_index("email_normalized"))
    _email_normalized_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")

    @api.constrains("email", "partner_id")
    def _check_email(self):
        self._check_address()

    @api.depends("email")
    def _compute_email_normalized(self):
        for line in self:
            line.email_normalized = email_normalize(line.email)

    def _not_normalized_message(self):
        return self.env._(
            "“%(email)s” is not an e-mail address. Write one address per line, such as ana@example.com.",
            email=self.email,
        )
