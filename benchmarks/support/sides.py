"""One of those that a benchmark compares: Odoo on a database, in a process of its own, told what to do by lines.

The process has loaded Odoo before any clock starts. The sides take turns, so that whatever else the machine does
meanwhile falls on both; processor seconds hardly feel it.
"""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from setup import paths
from setup.progress import SetupError, step, tail


@dataclass
class Timing:
    """What a side's rounds took, in seconds by clock and of its process on a processor."""

    title: str
    seconds: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)

    def add(self, seconds: float, work: float) -> None:
        """Note one more round."""
        self.seconds.append(seconds)
        self.work.append(work)


@dataclass
class Side:
    """One of them, with the process that works for it."""

    kind: str
    title: str
    process: subprocess.Popen
    log: Path

    def ask(self, command: str):
        """Send a command to the process and return its answer.

        Raises SetupError with the end of its log when it has ended instead.
        """
        self.tell(command)
        return self.answer()

    def tell(self, command: str) -> None:
        """Send a command to the process, whose answer is to be fetched later."""
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(f"{command}\n")
            self.process.stdin.flush()

    def answer(self):
        """Wait for the next answer of the process and return it.

        Raises SetupError with the end of its log when it has ended instead.
        """
        line = self.process.stdout.readline()
        if not line:
            raise SetupError(f"{self.title} has ended:\n{tail(self.log)}")
        return json.loads(line)

    def steps(self) -> dict[tuple[str, str], float]:
        """Return where the time of fetching mail went since this was asked last (benchmarks.support.sampler)."""
        return {(step, worker): seconds for step, worker, seconds in self.ask("steps")}


@contextlib.contextmanager
def running_side(kind: str, title: str, worker: str, words: Sequence[str], log_name: str) -> Iterator[Side]:
    """Start a side: the module `worker` of `benchmarks.support` with the words after its kind."""
    log = paths.local(paths.LOGS) / f"{log_name}.log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            [sys.executable, "-m", f"benchmarks.support.{worker}", kind, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, "PYTHONPATH": str(paths.PROJECT), "PYTHONWARNINGS": "ignore"},
        ) as process,
    ):
        side = Side(kind, title, process, log)
        with step(f"starting {title}"):
            side.answer()
        try:
            yield side
        finally:
            process.stdin.close()


def in_turns(sides: Sequence, number: int) -> Sequence:
    """Return the sides in the order of a round: A B, B A, A B, …"""
    return sides[::-1] if number % 2 else sides
