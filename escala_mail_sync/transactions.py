"""Two workers on one database, and a machine that fails: what to try again, and what to blame on a message."""

import contextlib
import errno
import logging
from collections.abc import Callable, Iterator

from psycopg2 import InterfaceError, OperationalError
from psycopg2.errors import DeadlockDetected, LockNotAvailable, SerializationFailure, UniqueViolation

from .private_log import kind

_logger = logging.getLogger(__name__)

ATTEMPTS = 5
DISK_FULL_SQLSTATE = "53100"
# Classes of SQLSTATE (PostgreSQL manual, appendix A) that say nothing about the values in a statement:
# connection, transaction rollback, insufficient resources, not in prerequisite state, operator intervention.
SQLSTATE_OF_THE_MACHINE = ("08", "40", "53", "55", "57")


class ConcurrentWrite(Exception):
    """Another transaction has stored the same thing since this one began, where it cannot be seen yet."""


RACES = (SerializationFailure, DeadlockDetected, LockNotAvailable, ConcurrentWrite)


@contextlib.contextmanager
def unique_elsewhere(*constraints: str) -> Iterator[None]:
    """Take a violation of these unique indexes for a race: rows that could be seen were looked up before."""
    try:
        yield
    except UniqueViolation as error:
        if error.diag.constraint_name in constraints:
            raise ConcurrentWrite(error.diag.constraint_name) from error
        raise


def retrying(work: Callable, rollback: Callable[[], None], progress: Callable[[], int] = lambda: 0):
    """Run `work` and return what it returns; again from the start while it loses races.

    It gives up after five lost races in a row without `progress` having changed, and raises what `work` raised.
    """
    lost, reached = 0, progress()
    while True:
        try:
            return work()
        except RACES as error:
            rollback()
            lost = 1 if progress() != reached else lost + 1
            reached = progress()
            if lost == ATTEMPTS:
                raise
            _logger.info("Lost a race (%s), trying again", kind(error))


@contextlib.contextmanager
def rolled_back_on_failure(rollback: Callable[[], None]) -> Iterator[None]:
    """Call `rollback` as soon as the block fails: what is done on the way out holds no lock."""
    try:
        yield
    except BaseException:
        rollback()
        raise


def is_disk_full(error: Exception) -> bool:
    """Tell whether the disk of Odoo or of the database has no room left."""
    no_room = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return no_room or getattr(error, "pgcode", None) == DISK_FULL_SQLSTATE


def is_of_the_machine(error: Exception) -> bool:
    """Tell whether trying the same again may succeed: no value is to blame for the failure.

    An OSError without a number comes from a library that read a damaged file, not from the system.
    """
    if isinstance(error, OSError):
        return error.errno is not None
    if isinstance(error, OperationalError):
        return not error.pgcode or error.pgcode.startswith(SQLSTATE_OF_THE_MACHINE)
    return isinstance(error, (*RACES, InterfaceError, MemoryError))
