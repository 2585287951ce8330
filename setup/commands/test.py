"""`make test ARGS=…`: pytest on a fresh copy of the template database; ends on pytest's own summary.

Without arguments everything runs, and beside the rest what drives a browser or installs add-ons, which takes as long.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from setup import database, odoo, postgres
from setup.progress import run_main

BESIDE = ["tests/browser", "tests/install"]


def main(arguments: list[str]) -> int:
    """Run pytest with the given arguments and return its exit status."""
    with postgres.running() as server:
        template = database.suite_template(server)
        if arguments:
            with _pytest(server, template, "", arguments) as tests:
                return tests.wait()
        with (
            tempfile.TemporaryFile("w+") as output,
            _pytest(server, template, "_beside", BESIDE, stdout=output) as beside,
            _pytest(server, template, "", [f"--ignore={folder}" for folder in BESIDE]) as rest,
        ):
            statuses = [rest.wait(), beside.wait()]
            output.seek(0)
            print(f"== {' '.join(BESIDE)}", output.read(), sep="\n")
        return max(statuses)


@contextlib.contextmanager
def _pytest(server, template, suffix, arguments, stdout=None) -> Iterator[subprocess.Popen]:
    """Start pytest on a database of its own, which is dropped after the block."""
    name = f"escala_test_{os.getpid()}{suffix}"
    # Odoo would limit its own memory, and with it that of the browser that the tests start.
    config = odoo.configure(server, name, limit_memory_hard="0")
    command = [
        sys.executable,
        "-m",
        "pytest",
        f"--odoo-database={name}",
        f"--odoo-config={config}",
        "--odoo-http",
        *arguments,
    ]
    environment = {**os.environ, **server.environment(), "ESCALA_TEMPLATE": template}
    try:
        with (
            database.temporary_copy(server, template, name),
            subprocess.Popen(command, env=environment, stdout=stdout) as tests,
        ):
            yield tests
    finally:
        config.unlink()


if __name__ == "__main__":
    run_main(main)
