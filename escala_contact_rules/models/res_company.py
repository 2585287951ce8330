"""What a company refuses when contacts are entered by hand."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    refuse_same_email = fields.Boolean(
        string="Refuse contacts with the same e-mail",
        default=True,
        help="Nobody can enter by hand a contact with an e-mail address that another contact has.",
    )
    refuse_same_phone = fields.Boolean(
        string="Refuse contacts with the same phone",
        default=True,
        help="Nobody can enter by hand a contact with a phone number that another contact has. People may "
        "share the phone of their company.",
    )
