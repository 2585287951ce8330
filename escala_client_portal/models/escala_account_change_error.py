"""What could not be changed on an account, and why."""

from odoo import api, fields, models

from ..spreadsheets import error_table


class EscalaAccountChangeError(models.Model):
    """Keeps the names as they were: the report stays whole when the account or the contact is deleted."""

    _name = "escala.account.change.error"
    _description = "Error of a Change of Client Accounts"
    _order = "id"
    _rec_name = "reason"

    change_id = fields.Many2one(
        "escala.account.change", required=True, readonly=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(
        "res.partner", "Linked account", readonly=True, index="btree_not_null", ondelete="set null"
    )
    account_name = fields.Char(string="Client Account", readonly=True)
    contact_id = fields.Many2one(
        "res.partner", "Linked contact", readonly=True, index="btree_not_null", ondelete="set null"
    )
    contact_name = fields.Char(string="Contact", readonly=True)
    email = fields.Char(string="E-mail", readonly=True)
    reason = fields.Char(string="Why", required=True, readonly=True)

    @api.model
    def _prepare_values(self, account, row, reason):
        """Return the values for one error.

        :param account: res.partner
        :param row: escala.account.contact, or none of them where the contact is not to be named
        :param reason: the text for whoever started the change
        """
        return {
            "account_id": account.id,
            "account_name": account.display_name,
            "contact_id": row.contact_id.id,
            "contact_name": row.contact_id.display_name,
            "email": row.email,
            "reason": reason,
        }

    def _to_table(self):
        """Return these errors as rows of texts, the headers first."""
        names = error_table.COLUMNS
        headers = self.fields_get(names, ["string"])
        return [
            [headers[name]["string"] for name in names],
            *([error[name] or "" for name in names] for error in self),
        ]

    def action_open_account(self):
        """Open the account, to put right what is wrong."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.account_id.id,
            "views": [(False, "form")],
        }
