"""What the processes of the sides share: commands by lines on the standard input, answers as lines of JSON."""

import json
import sys
import time
from collections.abc import Callable


def serve(commands: dict[str, Callable]) -> None:
    """Say that Odoo is loaded, then answer each line, a command with its words, until the input ends."""
    answer("ready")
    for line in sys.stdin:
        command, *words = line.split()
        answer(commands[command](*words))


def answer(value) -> None:
    """Send an answer."""
    print(json.dumps(value), flush=True)


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """Return the seconds that a piece of work took: by clock, and of this process on a processor."""
    started, started_work = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - started, time.process_time() - started_work
