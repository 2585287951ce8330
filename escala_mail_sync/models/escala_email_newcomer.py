"""One lead per unknown sender, also when two mailboxes hear of the same one at the same moment."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL


class EscalaEmailNewcomer(models.Model):
    """Who has just got a lead. A row matters while transactions overlap, and is swept a day later."""

    _name = "escala.email.newcomer"
    _description = "Sender Who Got a Lead"
    _log_access = False

    address = fields.Char(required=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    claimed_on = fields.Datetime(required=True)

    _one_row_per_address = models.Constraint(
        "UNIQUE (address, company_id)", "This sender has got a lead already."
    )

    @api.model
    def _claim(self, addresses, company) -> None:
        """Make a transaction that creates leads for these addresses at the same time fail and try again.

        An upsert of a row that another transaction has written since this one began waits for its end, and
        then is a serialization failure (PostgreSQL manual, section 13.2.2).
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO escala_email_newcomer (address, company_id, claimed_on)
                SELECT address, %(company)s, %(now)s FROM unnest(%(addresses)s) AS address ORDER BY address
                ON CONFLICT (address, company_id) DO UPDATE SET claimed_on = EXCLUDED.claimed_on
                """,
                company=company.id,
                now=fields.Datetime.now(),
                addresses=list(addresses),
            )
        )

    @api.autovacuum
    def _gc_claimed(self):
        self.search([("claimed_on", "<", fields.Datetime.now() - timedelta(days=1))]).unlink()
