"""Asking what to do with the switches of the accounts that were selected in a list."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.res_partner_client_access import SWITCHES

LIMIT_PARAMETER = "web.active_ids_limit"
LIMIT = 20_000  # what the web client sends at most (web/models/ir_http.py, active_ids_limit)


class EscalaAccountBulkChange(models.TransientModel):
    """The accounts are those of the context, as the list gives them: they may be thousands."""

    _name = "escala.account.bulk.change"
    _inherit = ["escala.account.switches.mixin"]
    _description = "Edit Login, Notify, E-mail Sync"

    account_count = fields.Integer(compute="_compute_counts")
    other_count = fields.Integer(compute="_compute_counts")

    @api.depends_context("active_ids")
    def _compute_counts(self):
        selected = self._get_selected()
        self.account_count = len(self._filter_accounts(selected))
        self.other_count = len(selected) - self.account_count

    def action_start(self):
        """Start the change in the background and show how far it is.

        :raises UserError: if there is nothing to do
        """
        self.ensure_one()
        if all(self[switch] == "keep" for switch in SWITCHES):
            raise UserError(self.env._("Choose what to do with at least one of the three."))
        accounts = self._filter_accounts(self._get_selected())
        if not accounts:
            raise UserError(
                self.env._("None of the selected contacts is a client account: nobody is on them yet.")
            )
        change = self.env["escala.account.change"]._start(accounts, self._prepare_change_values())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change of client accounts"),
            "res_model": change._name,
            "res_id": change.id,
            "views": [(False, "form")],
        }

    def _prepare_change_values(self):
        values = {name: self[name] for name in self._get_switch_fields()}
        return {**values, "category_ids": [fields.Command.set(self.category_ids.ids)]}

    def _get_selected(self):
        """Return the contacts that were selected: those with the ids, or all that the list has if it has more."""
        context = self.env.context
        partners = self.env["res.partner"]
        if context.get("active_model") != partners._name:
            return partners
        ids = context.get("active_ids") or []
        # sudo: a setting of the web client
        limit = int(self.env["ir.config_parameter"].sudo().get_param(LIMIT_PARAMETER, LIMIT))
        if len(ids) >= limit and context.get("active_domain"):
            return partners.search(context["active_domain"])
        return partners.search([("id", "in", ids)])

    def _filter_accounts(self, partners):
        """Return those that have contacts."""
        return partners.search([("id", "in", partners.ids), ("client_contact_count", ">", 0)])
