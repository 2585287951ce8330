"""Debian's mbsync (isync): downloads a mailbox into files and does nothing else with it."""

import resource
import subprocess
import time
from pathlib import Path

from setup import paths
from setup.dovecot import Dovecot
from setup.progress import SetupError

CONFIG = """\
IMAPAccount bench
Host {host}
Port {port}
User {login}
Pass {password}
SSLType None
AuthMechs LOGIN

IMAPStore far
Account bench

MaildirStore near
Path {folder}/
Inbox {folder}/INBOX

Channel bench
Far :far:
Near :near:
Patterns INBOX
Sync Pull
Create Near
SyncState *
"""


# A file system in memory, which waits for no disk.
MEMORY = Path("/dev/shm")


def download(server: Dovecot, login: str, folder: Path) -> tuple[float, float]:
    """Download an inbox into an empty folder; return the seconds by clock and on a processor.

    Raises SetupError with mbsync's words when it fails.
    """
    words = {"host": server.host, "port": server.port, "login": login, "password": server.password}
    config = paths.local(folder) / "mbsyncrc"
    config.write_text(CONFIG.format(folder=folder, **words))
    started, started_work = time.perf_counter(), _children_work()
    command = ["mbsync", "--config", str(config), "--quiet", "bench"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    spent = time.perf_counter() - started, _children_work() - started_work
    if done.returncode:
        raise SetupError(f"mbsync ended with status {done.returncode}: {done.stderr}")
    return spent


def count(folder: Path) -> int:
    """Return how many messages are in the folder."""
    return sum(1 for place in ("cur", "new") for _file in (folder / "INBOX" / place).iterdir())


def _children_work() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
