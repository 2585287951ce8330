"""Turns: who of a queue comes next, when some are away and the queue changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle, islice
from typing import TypeVar

T = TypeVar("T")


def get_turns(queue: Sequence[T], last: T | None, is_available: Callable[[T], bool]) -> list[T]:
    """Return those of the queue who are available in the order of their turns, the next one first.

    The turn passes to whoever stands after `last`, the one who had the last turn, and from the end of the queue
    to its beginning. Who is away is passed over, and gets nothing more for it later. With nobody, or with
    somebody who is not in the queue, as `last`, the queue starts at its beginning.
    """
    start = queue.index(last) + 1 if last in queue else 0
    return [each for each in (*queue[start:], *queue[:start]) if is_available(each)]


def deal(turns: Sequence[T], count: int) -> list[T]:
    """Return who gets each of `count` things: round after round. Nobody when nobody is there."""
    return list(islice(cycle(turns), count))
