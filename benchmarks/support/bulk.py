"""Writing a great many rows at once."""

import contextlib
from collections.abc import Iterator

from psycopg2 import sql


@contextlib.contextmanager
def without_indexes(cursor, table: str) -> Iterator[None]:
    """Drop the indexes of a table for the length of the block, but for those that keep rows apart."""
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = %s::regclass AND NOT indisunique",
        [table],
    )
    indexes = cursor.fetchall()
    for index, _definition in indexes:
        cursor.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(index)))
    yield
    for _index, definition in indexes:
        cursor.execute(definition)
