"""No duplicate, also when two transactions give the same new address to a contact or a lead at the same moment."""

from collections.abc import Iterable
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL


class ContactAddressClaim(models.Model):
    """Which addresses somebody got lately. A row matters while transactions overlap, and is swept a day later."""

    _name = "contact.address.claim"
    _description = "Address Lately Given to Somebody"
    _log_access = False

    address = fields.Char(required=True)
    claimed_on = fields.Datetime(required=True)

    _one_row_per_address = models.UniqueIndex("(address)")

    @api.model
    def _claim(self, addresses: Iterable[str]) -> None:
        """Make a transaction that gives one of these addresses to somebody at the same time try again.

        An upsert of a row that another transaction has written since this one began waits for its end and
        then is a serialization failure (PostgreSQL manual, section 13.2.2), which Odoo answers by starting
        over (odoo/service/model.py, `retrying`): then what the other one made can be seen.

        :param addresses: normalised e-mail addresses and phone numbers
        :raises psycopg2.errors.SerializationFailure: when the race is lost
        """
        addresses = sorted(set(addresses))
        if addresses:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO contact_address_claim (address, claimed_on)
                    SELECT address, %s FROM unnest(%s) AS address
                    ON CONFLICT (address) DO UPDATE SET claimed_on = EXCLUDED.claimed_on
                    """,
                    fields.Datetime.now(),
                    addresses,
                )
            )

    @api.autovacuum
    def _gc_claimed(self):
        self.search([("claimed_on", "<", fields.Datetime.now() - timedelta(days=1))]).unlink()
