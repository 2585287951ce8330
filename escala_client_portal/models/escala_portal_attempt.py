"""How often somebody has tried something lately, by address and by computer."""

from datetime import timedelta

from odoo import api, fields, models

DAYS_KEPT = 1


class EscalaPortalAttempt(models.Model):
    """In the database, so that all workers count alike. Nobody has access rights here."""

    _name = "escala.portal.attempt"
    _description = "Attempt in the Client Portal"
    _log_access = False

    kind = fields.Char(required=True, help="What was tried, such as “login”.")
    key = fields.Char(required=True, help="Who tried, or what for: an IP address, an e-mail address.")
    date = fields.Datetime(required=True, default=fields.Datetime.now)

    _kind_key_date_idx = models.Index("(kind, key, date)")

    @api.model
    def _is_over(self, kind, key, limit, minutes):
        """Tell whether there were as many attempts, of this kind and with this key, within the last minutes."""
        since = fields.Datetime.now() - timedelta(minutes=minutes)
        domain = [("kind", "=", kind), ("key", "=", key), ("date", ">", since)]
        return self.search_count(domain, limit=limit) >= limit

    @api.model
    def _record(self, kind, key):
        """Note one attempt."""
        self.create({"kind": kind, "key": key})

    @api.model
    def _allow(self, kind, key, limit, minutes):
        """Tell whether one more attempt is allowed, and note it if it is."""
        if self._is_over(kind, key, limit, minutes):
            return False
        self._record(kind, key)
        return True

    @api.autovacuum
    def _gc_old(self):
        """Forget who tried what."""
        self.search([("date", "<", fields.Datetime.now() - timedelta(days=DAYS_KEPT))]).unlink()
