"""`make test ARGS=…`: pytest on a fresh copy of the template database; ends on pytest's own summary."""

import os
import subprocess
import sys

from setup import database, odoo, postgres
from setup.progress import run_main


def main(arguments: list[str]) -> int:
    """Run pytest with the given arguments and return its exit status."""
    with postgres.running() as server:
        template = database.suite_template(server)
        name = f"escala_test_{os.getpid()}"
        # Odoo would limit its own memory, and with it that of the browser that the tests start.
        config = odoo.configure(server, name, limit_memory_hard="0")
        try:
            with database.temporary_copy(server, template, name):
                return subprocess.run(
                    [
                        sys.executable,
                        "-m",
                        "pytest",
                        f"--odoo-database={name}",
                        f"--odoo-config={config}",
                        "--odoo-http",
                        *arguments,
                    ],
                    env={**os.environ, **server.environment(), "ESCALA_TEMPLATE": template},
                ).returncode
        finally:
            config.unlink()


if __name__ == "__main__":
    run_main(main)
