"""How a mailbox has been doing: what it got on each of the last seven days."""

from datetime import timedelta

from odoo import api, fields, models

DAYS = 7


class EscalaMailbox(models.Model):
    _inherit = "escala.mailbox"

    daily_counts = fields.Json(
        "Last 7 days",
        compute="_compute_daily_counts",
        help="How many e-mails were received and sent on each of the last seven days, today last.",
    )
    week_count = fields.Integer("E-mails in 7 days", compute="_compute_daily_counts")

    @api.depends_context("uid", "tz", "allowed_company_ids")
    def _compute_daily_counts(self):
        """Count by days of the user's time zone: a list of `date` (ISO) and `count`."""
        today = fields.Date.context_today(self)
        days = [today - timedelta(days=DAYS - 1 - number) for number in range(DAYS)]
        rows = self.env["escala.email.report"]._read_group(
            [("mailbox_id", "in", self.ids), ("date", ">=", f"today -{DAYS - 1}d")],
            ["mailbox_id", "date:day"],
            ["__count"],
        )
        counts = {(mailbox.id, moment.date()): count for mailbox, moment, count in rows}
        for mailbox in self:
            found = [counts.get((mailbox._origin.id, day), 0) for day in days]
            mailbox.daily_counts = [
                {"date": fields.Date.to_string(day), "count": count}
                for day, count in zip(days, found, strict=True)
            ]
            mailbox.week_count = sum(found)
