"""Two workers on one database: a transaction that loses a race is done again, on what the other one wrote."""

import contextlib
import logging
from collections.abc import Callable, Iterator
from typing import TypeVar

from psycopg2.errors import DeadlockDetected, SerializationFailure, UniqueViolation

_logger = logging.getLogger(__name__)

ATTEMPTS = 5
T = TypeVar("T")


class ConcurrentWrite(Exception):
    """Another transaction has stored the same thing since this one began, where it cannot be seen yet."""


@contextlib.contextmanager
def unique_elsewhere(constraint: str) -> Iterator[None]:
    """Take a violation of this unique index for a race: rows that could be seen were looked up before."""
    try:
        yield
    except UniqueViolation as error:
        if error.diag.constraint_name == constraint:
            raise ConcurrentWrite(constraint) from error
        raise


def retrying(work: Callable[[], T], rollback: Callable[[], None]) -> T:
    """Return what `work` returns, running it again from the start while it loses races, at most five times.

    Raises what `work` raises last.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return work()
        except (SerializationFailure, DeadlockDetected, ConcurrentWrite) as error:
            rollback()
            if attempt == ATTEMPTS:
                raise
            _logger.info("Lost a race (%s), trying again", error)
