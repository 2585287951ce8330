"""`make shell`: Odoo's Python shell on the demo database; a script on standard input runs there instead."""

import contextlib
import os
import signal
import subprocess
import sys

from setup import database, odoo, postgres
from setup.progress import SetupError, run_main


def main(_arguments: list[str]) -> int:
    """Run the shell and return its exit status.

    Raises SetupError when there is no demo database.
    """
    # A script's standard output is its own.
    with contextlib.redirect_stdout(sys.stderr), postgres.running() as server:
        if not database.exists(server, database.DEMO):
            raise SetupError("there is no demo database yet: run `make demo` first")
        config = odoo.configure(server, "shell")
        words = ["shell", "--database", database.DEMO, "--no-http", "--log-level=warn"]
        # Ctrl-C is for the shell, which goes on; whoever waits for it must not end before it does.
        signal.signal(signal.SIGINT, lambda *_: None)
        environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
        return subprocess.run(odoo.command(config, *words), env=environment).returncode


if __name__ == "__main__":
    run_main(main)
