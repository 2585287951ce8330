"""What the person at the terminal sees: each step, how long it takes, and why one failed."""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

from setup import paths

TICK = 2  # seconds
INTERRUPTED = 130  # the status that a shell gives a program ended by Ctrl-C


class SetupError(Exception):
    """Something the person at the terminal has to know or do; the message says what."""


def fail(message: str) -> NoReturn:
    """Say why it ends here and leave with status 1."""
    print(f"\nERROR: {message}", file=sys.stderr, flush=True)
    raise SystemExit(1)


def run_main(main: Callable[[list[str]], int | None]) -> NoReturn:
    """Run a command's `main` with its arguments and leave with its status, errors told in a line."""
    try:
        raise SystemExit(main(sys.argv[1:]) or 0)
    except (SetupError, PermissionError) as error:
        fail(str(error))
    except KeyboardInterrupt:
        print("Stopped.", flush=True)
        raise SystemExit(INTERRUPTED) from None


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a step; tell every two seconds (a terminal) or ten (a log) that it is still at it."""
    started = time.monotonic()
    done = threading.Event()
    terminal = sys.stdout.isatty()

    def tick() -> None:
        while not done.wait(TICK if terminal else 5 * TICK):
            elapsed = time.monotonic() - started
            if terminal:
                print(f"\r  … {title} ({elapsed:.0f} s)", end="", flush=True)
            else:
                print(f"    still {title} ({elapsed:.0f} s)", flush=True)

    print(f"  … {title}", end="" if terminal else "\n", flush=True)
    ticker = threading.Thread(target=tick, daemon=True)
    ticker.start()
    try:
        yield
    finally:
        done.set()
        ticker.join()
        start = "\r" if terminal else ""
        print(f"{start}  · {title} ({time.monotonic() - started:.1f} s)", flush=True)


def run(command: list[str], log_name: str, **kwargs) -> None:
    """Run a command with its output in `.local/logs/<log_name>.log`.

    Raises SetupError with the last lines of that log when the command fails.
    """
    log = paths.local(paths.LOGS) / f"{log_name}.log"
    with log.open("wb") as output:
        status = subprocess.run(
            command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **kwargs
        ).returncode
    if status:
        raise SetupError(f"{command[0]} ended with status {status}; see {log}:\n{tail(log)}")


def tail(log: Path, lines: int = 25) -> str:
    """Return the last lines of a log, for an error message."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
