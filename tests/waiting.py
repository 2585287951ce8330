"""Waiting for what other processes do."""

import time
from collections.abc import Callable
from typing import Any


def wait_until(condition: Callable[[], Any], seconds: float = 60) -> Any:
    """Ask again and again until the answer is true, and return it.

    :raise AssertionError: it is not true after so many seconds
    """
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"{condition.__name__} is still {answer!r} after {seconds} s"
        time.sleep(0.1)
    return answer
