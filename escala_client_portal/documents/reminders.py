"""When clients are reminded of what has a deadline."""

from datetime import date, timedelta


def is_reminder_due(today: date, deadline: date, days_before: int, last: date) -> bool:
    """Tell whether a day to remind on, some days before the deadline and the day itself, has come.

    :param last: when it was requested, or reminded of
    """
    return any(last < day <= today for day in (deadline - timedelta(days_before), deadline))
