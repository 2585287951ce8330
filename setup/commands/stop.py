"""`make stop`: end what the project has running: a demo, and Postgres once nobody uses it.

Runs on the machine's own Python: nothing but the standard library is there for sure.
"""

import contextlib
import os
import signal
import time
from pathlib import Path

from setup import paths, postgres
from setup.progress import SetupError, run_main

PATIENCE = 30  # seconds


def main(_arguments: list[str]) -> None:
    """Stop everything, saying what.

    Raises SetupError when something does not end, or is in use by another command.
    """
    for pid_file in sorted(paths.RUN.glob("*.pid")):
        _end(pid_file)
    if not postgres.stop():
        raise SetupError("another command of the project still runs on its Postgres; end that one first")
    print("Nothing of the project runs any more.")


def _end(pid_file: Path) -> None:
    pid = int(pid_file.read_text().strip() or 0)
    if is_ours(pid):
        print(f"Stopping the {pid_file.stem} (process {pid})")
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while is_ours(pid):
            if time.monotonic() > deadline:
                raise SetupError(f"process {pid} has not ended within {PATIENCE} seconds")
            time.sleep(0.1)
    pid_file.unlink(missing_ok=True)


def is_ours(pid: int) -> bool:
    """Tell whether the process runs out of this project: the system may have given its number away since."""
    try:
        command_line = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return f"{paths.LOCAL}/".encode() in command_line


if __name__ == "__main__":
    run_main(main)
