"""What became of each contact that came in: by a form, an import, a vCard, an e-mail."""

from datetime import timedelta

from odoo import api, fields, models

DAYS_KEPT_PARAMETER = "escala_contact_rules.registration_days"
DAYS_KEPT = 365


class ContactRegistration(models.Model):
    """One row per row of data that was registered. Written by `res.partner._register_contacts` only."""

    _name = "contact.registration"
    _description = "Contact Registration"
    _inherit = ["contact.access.mixin"]
    _order = "id desc"
    _rec_name = "name"

    source = fields.Selection(
        [
            ("form", "Form"),
            ("import", "Import"),
            ("vcard", "vCard"),
            ("mail", "E-mail"),
            ("lead_ad", "Lead ad"),
            ("api", "API"),
        ],
        required=True,
        readonly=True,
    )
    result = fields.Selection(
        [
            ("created", "New"),
            ("updated", "Updated"),
            ("restored", "Restored"),
            ("skipped", "Skipped"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Char(
        readonly=True, help="Why the row was skipped or refused, or what was left out of it."
    )
    matched_by = fields.Selection(
        [
            ("id", "External ID"),
            ("email", "E-mail"),
            ("phone", "Phone"),
            ("name", "Name within its company"),
        ],
        readonly=True,
        help="By what the contact was found.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Contact", readonly=True, index="btree_not_null", ondelete="set null"
    )
    name = fields.Char(readonly=True)
    email = fields.Char(string="E-mail", readonly=True)
    phone = fields.Char(readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")

    def action_open_contact(self):
        """Open the contact, wherever it is now."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }

    @api.autovacuum
    def _gc_old(self):
        """Forget what came in long ago: by default a year, 0 days for never."""
        parameters = self.env["ir.config_parameter"]
        days = int(parameters.get_param(DAYS_KEPT_PARAMETER, DAYS_KEPT))
        if days:
            self.search([("create_date", "<", fields.Datetime.now() - timedelta(days=days))]).unlink()
