"""`python3 -m setup COMMAND`: bring the machine up with nothing but the standard library, then hand over.

The commands themselves run in the project's own Python environment, as modules of `setup.commands`.
"""

import os
import sys

from setup import debian, odoo_source, paths, python_env
from setup.progress import SetupError, fail

# What each command needs from Debian, beside Python itself.
SERVERS = ("postgresql", "dovecot-imapd", "libmagic1")
NEEDS = {
    "demo": SERVERS,
    # libatomic1 is for the browser driver, which needs it and does not bring it.
    "test": (*SERVERS, "chromium", "libatomic1"),
    # isync's mbsync copies a mailbox and does nothing else, which is what the suite is measured by.
    "bench": (*SERVERS, "isync"),
    "shell": SERVERS,
    "screenshots": (*SERVERS, "chromium", "libatomic1"),
    "lint": (),
    "stop": None,
    "clean": None,
}


def main(argv: list[str]) -> None:
    """Prepare what the command needs, then replace this process by it.

    Raises SystemExit with a message that says what to do when something is missing.
    """
    if not argv or argv[0] not in NEEDS:
        fail(f"usage: python3 -m setup ({' | '.join(NEEDS)})")
    command, needs = argv[0], NEEDS[argv[0]]
    python = sys.executable
    if needs is not None:
        debian.ensure_packages(python_env.debian_packages() + needs)
        python = python_env.ensure()
        if needs:
            odoo_source.ensure(python)
    environment = {**os.environ, "PYTHONPATH": str(paths.PROJECT)}
    os.chdir(paths.PROJECT)
    os.execve(python, [python, "-m", f"setup.commands.{command}", *argv[1:]], environment)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except SetupError as error:
        fail(str(error))
