"""Doing something to see what becomes of it, and undoing it."""

from collections.abc import Iterator
from contextlib import contextmanager

from odoo.tools.misc import Callbacks


@contextmanager
def undone(env) -> Iterator[None]:
    """Undo at the end what the block did to the database, and what of it would happen after the commit.

    Webhooks of automation rules, for one, would tell of records that are not there.
    """
    cursor = env.cr
    waiting, cursor.postcommit = cursor.postcommit, Callbacks()
    try:
        with cursor.savepoint() as savepoint:
            yield
            savepoint.rollback()
    finally:
        cursor.postcommit = waiting
        # What was made may be in them. Other processes have seen none of it (as base_import/models/base_import.py).
        env.registry.clear_all_caches()
        env.registry.reset_changes()
