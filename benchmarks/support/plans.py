"""What Postgres does for a piece of work: the plan of its slowest query."""

import contextlib
from collections.abc import Callable, Iterator
from unittest.mock import patch

from benchmarks.support.worker import timed


def explain_slowest(env, work: Callable[[], object]) -> list[str]:
    """Do the work, and return its slowest query and the lines of that query's plan."""
    with recorded_queries() as queries:
        work()
    _seconds, query = max(queries)
    env.cr.execute(f"EXPLAIN (ANALYZE, BUFFERS) {query}")
    return [query, *(line for (line,) in env.cr.fetchall())]


@contextlib.contextmanager
def recorded_queries() -> Iterator[list[tuple[float, str]]]:
    """Give a list that each query of the block is added to, with the seconds that it took."""
    from odoo.sql_db import Cursor  # noqa: PLC0415  only once Odoo is loaded

    execute, queries = Cursor.execute, []

    def record(cursor, *args, **kwargs):
        seconds, _work = timed(lambda: execute(cursor, *args, **kwargs))
        queries.append((seconds, cursor._obj.query.decode()))

    with patch.object(Cursor, "execute", record):
        yield queries
