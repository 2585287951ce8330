"""A change to the switches of many client accounts: what is to be done, how far it has come, what went wrong."""

from datetime import timedelta

from odoo import api, fields, models

CRON = "escala_client_portal.ir_cron_account_change"
DAYS_KEPT = 180
ENDED = ("done", "cancelled")


class EscalaAccountChange(models.Model):
    """Made by `_start`, carried out by the scheduled action (escala_account_change_run.py), written by nobody else."""

    _name = "escala.account.change"
    _inherit = ["escala.account.switches.mixin"]
    _description = "Change of Many Client Accounts"
    _order = "id desc"

    user_id = fields.Many2one(
        "res.users", string="Started by", required=True, readonly=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="waiting",
    )
    started_on = fields.Datetime("Started on", readonly=True)
    ended_on = fields.Datetime("Ended on", readonly=True)
    starter_context = fields.Json(
        readonly=True, help="The language, time zone and companies with which it was started."
    )
    account_ids = fields.Json(
        string="Client Accounts", required=True, readonly=True, help="Their ids, in the order of the work."
    )
    account_count = fields.Integer(string="Client accounts", readonly=True)
    done_count = fields.Integer(string="Done", readonly=True, help="How many of the accounts are done.")
    progress = fields.Float(compute="_compute_progress", help="In percent.")
    changed_count = fields.Integer(string="Addresses changed", readonly=True)
    unchanged_count = fields.Integer(
        string="Unchanged", readonly=True, help="Addresses that were as they are to be already."
    )
    empty_count = fields.Integer(string="Without contacts", readonly=True)
    invited_count = fields.Integer(string="Invitations sent", readonly=True)
    error_ids = fields.One2many("escala.account.change.error", "change_id", string="Errors", readonly=True)
    error_count = fields.Integer(string="Number of Errors", compute="_compute_error_count")
    can_cancel = fields.Boolean(compute="_compute_can_cancel")

    _unfinished_idx = models.Index("(id) WHERE state IN ('waiting', 'running')")

    @api.depends("done_count", "account_count")
    def _compute_progress(self):
        for change in self:
            change.progress = 100 * change.done_count / change.account_count if change.account_count else 100

    @api.depends("error_ids")
    def _compute_error_count(self):
        groups = self.env["escala.account.change.error"]._read_group(
            [("change_id", "in", self.ids)], ["change_id"], ["__count"]
        )
        counts = {change.id: count for change, count in groups}
        for change in self:
            change.error_count = counts.get(change.id, 0)

    @api.depends("state", "user_id")
    @api.depends_context("uid")
    def _compute_can_cancel(self):
        for change in self:
            change.can_cancel = change.state not in ENDED and change._may_cancel()

    @api.depends("create_date")
    def _compute_display_name(self):
        for change in self:
            change.display_name = self.env._("Change of %s client accounts", f"{change.account_count:,}")

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_cancel(self):
        """Stop after the accounts that are done; they stay as they are now."""
        for change in self:
            change.check_access("read")
            if change.can_cancel:
                # sudo: changes are written by no user; who may cancel is checked above
                change.sudo()._end("cancelled")

    def action_download_csv(self):
        """Download the errors as a text file."""
        return self._download("csv")

    def action_download_xlsx(self):
        """Download the errors as a spreadsheet."""
        return self._download("xlsx")

    def _download(self, extension):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/escala_client_portal/account_change/{self.id}/errors.{extension}",
            "target": "download",
        }

    # ------------------------------------------------------------
    # STARTING
    # ------------------------------------------------------------

    @api.model
    def _start(self, accounts, values):
        """Have these accounts changed in the background, with the rights of the current user.

        :param accounts: res.partner
        :param values: the fields of `escala.account.switches.mixin`
        :return: escala.account.change
        """
        context = self.env.context
        kept = {name: context[name] for name in ("lang", "tz", "allowed_company_ids") if name in context}
        # sudo: changes are written by no user; what they do is done with the user's own rights
        change = self.sudo().create(
            {
                **values,
                "user_id": self.env.uid,
                "starter_context": kept,
                "account_ids": accounts.ids,
                "account_count": len(accounts),
            }
        )
        # sudo: who may start it may have it done; ir.cron is for administrators
        self.env.ref(CRON).sudo()._trigger()
        return change.sudo(False)

    def _may_cancel(self):
        is_manager = self.env.user.has_group("sales_team.group_sale_manager")
        return self.user_id == self.env.user or is_manager

    @api.autovacuum
    def _gc_old(self):
        """Forget what was done half a year ago."""
        long_ago = fields.Datetime.now() - timedelta(days=DAYS_KEPT)
        self.search([("state", "in", ENDED), ("ended_on", "<", long_ago)]).unlink()
