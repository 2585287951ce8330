"""Encrypt every secret of a database anew, with the first of the keys."""

from dataclasses import dataclass

from odoo.tools import SQL

from . import secret
from .transactions import retrying

BATCH_SIZE = 1000  # rows


@dataclass
class Rotation:
    """What came of it, in numbers of secrets.

    :param unreadable: encrypted with none of the keys; they are left as they are, and have to be typed again
    """

    rotated: int = 0
    current: int = 0
    unreadable: int = 0


def rotate_database(cursor) -> Rotation:
    """Encrypt all secrets of a database with the first key, in one transaction, and commit.

    When it is interrupted nothing has changed, and what is encrypted with the first key already is left alone: it can
    be run again at any time, while Odoo runs. It starts over when somebody writes one of the rows meanwhile.

    :param cursor: an Odoo cursor of the database, with nothing done in it
    """

    def rotate_all() -> Rotation:
        rotation = Rotation()
        for table, column in find_encrypted_columns(cursor):
            _rotate_column(cursor, table, column, rotation)
        cursor.commit()
        return rotation

    return retrying(rotate_all, cursor.rollback)


def find_encrypted_columns(cursor) -> list[tuple[str, str]]:
    """Return table and column of whatever is encrypted, by the convention for their names (`secret.COLUMN_SUFFIX`).

    The catalogue is asked, not the registry: also columns of an add-on that does not load at the moment are found.
    """
    cursor.execute(
        SQL(
            """
            SELECT columns.table_name, columns.column_name
              FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
             WHERE table_schema = current_schema AND table_type = 'BASE TABLE'
               AND table_name ~ '^(escala|contact)_' AND columns.column_name LIKE %s
             ORDER BY 1, 2
            """,
            "%" + secret.COLUMN_SUFFIX.replace("_", r"\_"),
        )
    )
    return cursor.fetchall()


def _rotate_column(cursor, table: str, column: str, rotation: Rotation) -> None:
    names = {"table": SQL.identifier(table), "column": SQL.identifier(column)}
    last_id = 0
    while True:
        cursor.execute(
            SQL(
                """
                SELECT id, %(column)s FROM %(table)s WHERE id > %(last_id)s AND %(column)s > ''
                 ORDER BY id LIMIT %(limit)s FOR NO KEY UPDATE
                """,
                **names,
                last_id=last_id,
                limit=BATCH_SIZE,
            )
        )
        rows = cursor.fetchall()
        if not rows:
            return
        last_id = rows[-1][0]
        changed = []
        for id_, token in rows:
            try:
                new = secret.rotate(token)
            except secret.SecretUnreadable:
                rotation.unreadable += 1
                continue
            if new == token:
                rotation.current += 1
            else:
                changed.append((id_, new))
        rotation.rotated += len(changed)
        _write(cursor, names, changed)


def _write(cursor, names: dict[str, SQL], rows: list[tuple[int, str]]) -> None:
    if rows:
        ids, tokens = map(list, zip(*rows, strict=True))
        cursor.execute(
            SQL(
                """
                UPDATE %(table)s SET %(column)s = new.token
                  FROM unnest(%(ids)s::int[], %(tokens)s::text[]) AS new (id, token)
                 WHERE %(table)s.id = new.id
                """,
                **names,
                ids=ids,
                tokens=tokens,
            )
        )
