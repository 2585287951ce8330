"""What the log says of failures around people's mail: where and of what kind, never what a message or a secret is.

The text of an exception may hold either: a database quotes the row that it refuses, a parser what it cannot parse, a
server the password that it was sent.
"""

import contextlib
import logging
import traceback
from collections.abc import Iterator
from contextvars import ContextVar

import psycopg2

# They log what they are given: statements with all values, and HTML that cannot be sanitised.
TALKATIVE = ("odoo.sql_db", "odoo.tools.mail.html_sanitize")
_at_mail = ContextVar("at_mail", default=False)


def outline(error: BaseException) -> str:
    """Return the traceback of an exception and of those it comes from, with their kinds in place of their texts."""
    parts, seen = [], set()
    while error and id(error) not in seen:
        seen.add(id(error))
        parts.append("".join(traceback.format_tb(error.__traceback__)) + kind(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(reversed(parts))


def kind(error: BaseException) -> str:
    """Return the class of an exception, and of one from Postgres the SQLSTATE and what it is about."""
    words = [f"{type(error).__module__}.{type(error).__qualname__}"]
    if isinstance(error, psycopg2.Error):
        diag = error.diag
        words += [error.pgcode, diag.table_name, diag.column_name, diag.constraint_name]
    return " ".join(filter(None, words))


@contextlib.contextmanager
def quiet_about_mail() -> Iterator[None]:
    """Have Odoo's own loggers say no more than `outline` does while e-mails are stored in the block."""
    token = _at_mail.set(True)
    try:
        yield
    finally:
        _at_mail.reset(token)


class _WithoutValues(logging.Filter):
    """Takes the values out of what is logged while e-mails are stored; at level DEBUG there is nothing else."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not _at_mail.get():
            return True
        errors = [each for each in (record.args or ()) if isinstance(each, BaseException)]
        record.args = (str(record.msg).partition("%")[0], ", ".join(map(kind, errors)))
        record.msg = "%s(values left out, they may be of an e-mail) %s"
        record.exc_info = record.exc_text = None
        return record.levelno > logging.DEBUG


for _name in TALKATIVE:
    logging.getLogger(_name).addFilter(_WithoutValues())
