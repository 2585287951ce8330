"""Which client accounts an e-mail is on, for the team: those of the addresses in it whose E-mail sync is on."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

SWEPT = timedelta(days=2)


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    account_ids = fields.Many2many(
        "res.partner",
        "escala_email_account_rel",
        "email_id",
        "account_id",
        "Client Accounts",
        readonly=True,
        help="Those on which E-mail sync was on for one of the addresses when the e-mail was brought in, or "
        "has been switched on since. It stays when the switch is turned off.",
    )

    def _link_accounts(self) -> None:
        """Put these e-mails on the accounts whose switch is on for one of their addresses, in one query."""
        if not self:
            return
        self._insert_accounts(
            SQL(
                """
                SELECT email.id, row.account_id
                  FROM escala_email email
                  JOIN escala_account_contact row
                    ON row.email_normalized = ANY(string_to_array(email.addresses, ' '))
                 WHERE row.email_sync AND email.id IN %s
                """,
                tuple(self.ids),
            )
        )
        self.invalidate_recordset(["account_ids"])

    @api.model
    def _insert_accounts(self, pairs: SQL) -> None:
        """Add links that are not there yet.

        :param pairs: a query of e-mails' and accounts' ids
        """
        rows = self.env["escala.account.contact"]._fields
        self.env.execute_query(
            SQL(
                "INSERT INTO escala_email_account_rel (email_id, account_id) %s ON CONFLICT DO NOTHING RETURNING 1",
                pairs,
                to_flush=[
                    self._fields["addresses"],
                    self._fields["account_ids"],
                    *(rows[name] for name in ("account_id", "email_normalized", "email_sync")),
                ],
            )
        )

    @api.autovacuum
    def _sweep_accounts(self):
        """Find what was being stored at the moment when a switch was turned on, and saw it off."""
        recent = self.search([("create_date", ">=", fields.Datetime.now() - SWEPT)])
        recent._filter_linkable()._link_accounts()

    # ------------------------------------------------------------
    # WHO READS IT, AND WHERE
    # ------------------------------------------------------------

    def _get_linked_domain(self) -> Domain:
        return super()._get_linked_domain() | self._linked_to_readable("account_ids")

    def _get_open_domain(self, mailboxes) -> Domain:
        shared = self._get_shared_domain(mailboxes) & self._get_not_hidden_domain()
        return super()._get_open_domain(mailboxes) | (shared & Domain("account_ids", "!=", False))

    def _get_not_hidden_domain(self) -> Domain:
        """Leave out what is on an account that hides its e-mails, too."""
        fields_ = [self._fields["account_ids"], self.env["res.partner"]._fields["hide_emails"]]

        def to_sql(_model, alias, _query) -> SQL:
            return SQL(
                """
                %s NOT IN (SELECT rel.email_id
                             FROM res_partner account
                             JOIN escala_email_account_rel rel ON rel.account_id = account.id
                            WHERE account.hide_emails)
                """,
                SQL.identifier(alias, "id"),
                to_flush=fields_,
            )

        return super()._get_not_hidden_domain() & Domain.custom(to_sql=to_sql)

    def _search_on_partner_id(self, operator, value):
        found = super()._search_on_partner_id(operator, value)
        return found if found is NotImplemented else found | Domain("account_ids", "in", list(value))

    def _get_partners(self):
        return super()._get_partners() | self.account_ids


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _get_emails_linked_with(self, ids: list[int]) -> Domain:
        return super()._get_emails_linked_with(ids) | Domain("account_ids", "in", ids)

    @api.model
    def _get_emails_links(self) -> SQL:
        return SQL(
            "%s UNION ALL SELECT email_id, account_id FROM escala_email_account_rel",
            super()._get_emails_links(),
            to_flush=self.env["escala.email"]._fields["account_ids"],
        )
