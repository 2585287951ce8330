"""What the processes of the sides share: commands by lines on the standard input, answers as lines of JSON."""

import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

PROCESS = Path("/proc/self")


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


def forget_peak() -> None:
    """Have the peak of this process's memory start anew from what it holds now (proc(5), clear_refs)."""
    (PROCESS / "clear_refs").write_text("5")


def read_memory() -> dict[str, int]:
    """Return the bytes of memory that this process holds `now`, and held at its `peak` (proc(5), status)."""
    status = (PROCESS / "status").read_text()
    lines = {"now": "VmRSS", "peak": "VmHWM"}
    return {
        name: int(re.search(rf"^{line}:\s+(\d+) kB$", status, re.MULTILINE)[1]) * 1024
        for name, line in lines.items()
    }
