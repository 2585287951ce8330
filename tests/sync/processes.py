"""The test's side of run_sync.py."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from setup import paths


class SyncProcesses:
    """Runs of the synchronisation, each in a process of its own."""

    def __init__(self, server: subprocess.Popen) -> None:
        self._server = server

    def start(self, *mailboxes) -> int:
        """Check these mailboxes, or those that are due if none is given; return the process's number."""
        return self._ask({"sync": [mailbox.id for mailbox in mailboxes]})

    def start_sending(self) -> int:
        """Send what is due; return the process's number."""
        return self._ask({"send": True})

    def wait(self, pid: int) -> int:
        """Return the exit status; negative, the signal that ended the process."""
        return self._ask({"wait": pid})

    def answer(self):
        line = self._server.stdout.readline()
        assert line, "run_sync.py has ended"
        return json.loads(line)

    def _ask(self, command: dict):
        print(json.dumps(command), file=self._server.stdin, flush=True)
        return self.answer()


@contextlib.contextmanager
def running(database: str, config: str, batch_size: int) -> Iterator[SyncProcesses]:
    """Give them for the length of the block."""
    words = [sys.executable, str(Path(__file__).with_name("run_sync.py")), database, config, str(batch_size)]
    environment = {**os.environ, "PYTHONPATH": str(paths.PROJECT), "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as server:
        processes = SyncProcesses(server)
        assert processes.answer() == "ready"
        yield processes
        server.stdin.close()
