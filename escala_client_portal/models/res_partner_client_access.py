"""What the list of client accounts shows: on how many contacts there are, and whom each switch is on for."""

from odoo import api, fields, models

SWITCHES = ("login", "notify", "email_sync")
WHOM = [("all", "On for all"), ("some", "On for some"), ("none", "Off for all")]


class ResPartner(models.Model):
    """The stored fields are filtered and grouped by; they are empty for who is no account.

    An address that has Login on and waits for its activation counts as one that can log in.
    """

    _inherit = "res.partner"

    client_contact_count = fields.Integer(
        string="Contacts on the account",
        compute="_compute_client_access",
        store=True,
        groups="base.group_user",
        help="How many people are on this client account.",
    )
    client_login = fields.Selection(
        WHOM,
        string="Client login",
        compute="_compute_client_access",
        store=True,
        groups="base.group_user",
        help="Whether the addresses on this client account may log in. Who is invited counts.",
    )
    client_notify = fields.Selection(
        WHOM,
        string="Client notifications",
        compute="_compute_client_access",
        store=True,
        groups="base.group_user",
        help="Whether the addresses on this client account are notified by e-mail.",
    )
    client_email_sync = fields.Selection(
        WHOM,
        string="Client e-mail sync",
        compute="_compute_client_access",
        store=True,
        groups="base.group_user",
        help="Whether e-mail with the addresses on this client account is part of it.",
    )
    client_login_label = fields.Char(
        string="Addresses with Login", compute="_compute_client_access_labels", groups="base.group_user"
    )
    client_notify_label = fields.Char(
        string="Addresses with Notify", compute="_compute_client_access_labels", groups="base.group_user"
    )
    client_email_sync_label = fields.Char(
        string="Addresses with E-mail Sync", compute="_compute_client_access_labels", groups="base.group_user"
    )

    _client_accounts_idx = models.Index("(client_contact_count) WHERE client_contact_count > 0")

    @api.depends(
        "account_contact_ids.login",
        "account_contact_ids.notify",
        "account_contact_ids.email_sync",
        "account_contact_ids.contact_id.deletion_date",
    )
    def _compute_client_access(self):
        aggregates = [f"{switch}:{of}" for switch in SWITCHES for of in ("bool_and", "bool_or")]
        # sudo: how many there are depends on nobody's rights
        groups = (
            self.env["escala.account.contact"]
            .sudo()
            ._read_group(
                self._client_rows_domain(), ["account_id"], ["contact_id:count_distinct", *aggregates]
            )
        )
        found = {account.id: figures for account, *figures in groups}
        for partner in self:
            count, *pairs = found.get(partner._origin.id, [0])
            partner.client_contact_count = count
            for number, switch in enumerate(SWITCHES):
                for_all, for_some = pairs[2 * number : 2 * number + 2] if count else (False, False)
                whom = "all" if for_all else "some" if for_some else "none"
                partner[f"client_{switch}"] = whom if count else False

    @api.depends("client_contact_count", *(f"client_{switch}" for switch in SWITCHES))
    def _compute_client_access_labels(self):
        # sudo: as above
        rows = self.env["escala.account.contact"].sudo().search(self._client_rows_domain())
        by_account = rows.grouped("account_id")
        for partner in self:
            of_account = by_account.get(partner._origin, rows.browse())
            for switch in SWITCHES:
                number, total = len(of_account.filtered(switch)), len(of_account)
                label = self.env._("%(number)s of %(total)s", number=number, total=total)
                partner[f"client_{switch}_label"] = label if total else False

    def _client_rows_domain(self):
        """Return which rows of these accounts count: not those of contacts in the bin."""
        return [("account_id", "in", self._origin.ids), ("contact_id.deletion_date", "=", False)]
