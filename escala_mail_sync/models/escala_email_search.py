"""Finding e-mails by what somebody types, as mail programs do: see searching/query.py."""

from datetime import date, datetime, time

from pytz import UTC

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..fields import TsVector
from ..searching import SearchQuery, parse_query


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    words = TsVector(readonly=True, copy=False, groups=fields.NO_ACCESS)
    text = fields.Char(
        "E-mail",
        compute="_compute_text",
        search="_search_text",
        help="Words anywhere in the e-mail, and from:, to:, subject:, has:attachment, before: and after: a day. "
        'In quotes, words are found whole, wherever they stand: "offer price" is not looked for as a phrase.',
    )
    mailbox = fields.Char(
        compute="_compute_mailbox",
        search="_search_mailbox",
        help="One of the mailboxes that you work with, by its name or address.",
    )

    _by_words = models.Index("USING gin (words)")

    def _compute_text(self):
        """There to be searched; what an e-mail says is in other fields."""
        self.text = False

    def _search_text(self, operator, value):
        """Find by what was typed; "before" and "after" are days of the user's time zone."""
        if operator in ("in", "not in"):
            found = Domain.OR(self._get_query_domain(parse_query(each or "")) for each in value)
            return found if operator == "in" else ~found
        if operator not in ("ilike", "not ilike"):
            return NotImplemented
        found = self._get_query_domain(parse_query(value or ""))
        return found if operator == "ilike" else ~found

    def _compute_mailbox(self):
        """There to be searched; which mailboxes have an e-mail is shown to nobody."""
        self.mailbox = False

    def _search_mailbox(self, operator, value):
        """Find what the mailboxes have that the user works with; those of others are no mailboxes here."""
        is_exact = operator in ("in", "not in")
        if not is_exact and operator not in ("ilike", "not ilike"):
            return NotImplemented
        typed = {(each or "").strip().casefold() for each in (value if is_exact else [value])}
        mailboxes = self.env["escala.mailbox"]._find_for_workspace()
        found = mailboxes.filtered(lambda mailbox: mailbox._is_called(typed, is_exact))
        domain = self._in_mailboxes(found)
        return ~domain if operator.startswith("not") else domain

    @api.model
    def _get_query_domain(self, query: SearchQuery) -> Domain:
        if query.is_empty:
            return Domain.FALSE
        domain = Domain.AND(self._has_words(words) for words in query.tsqueries)
        domain &= Domain.AND(~self._has_words(words) for words in query.excluded)
        if query.has_attachment is not None:
            domain &= Domain("attachment_count", ">" if query.has_attachment else "=", 0)
        if query.before:
            domain &= Domain("date", "<", self._get_midnight(query.before))
        if query.after:
            domain &= Domain("date", ">=", self._get_midnight(query.after))
        return domain

    @api.model
    def _has_words(self, tsquery: str) -> Domain:
        field = self._fields["words"]

        def to_sql(_model, alias, _query) -> SQL:
            # the operator in full: a % or ? of another one would be taken for a placeholder
            return SQL("%s @@ %s::tsquery", SQL.identifier(alias, "words", to_flush=field), tsquery)

        return Domain.custom(to_sql=to_sql)

    def _get_midnight(self, day: date) -> datetime:
        """Return when a day of the user's begins, in UTC as Odoo keeps it."""
        begins = self.env.tz.localize(datetime.combine(day, time.min))
        return begins.astimezone(UTC).replace(tzinfo=None)
