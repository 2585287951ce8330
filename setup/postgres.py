"""A Postgres of the project's own on a loopback port, or the one that PGHOST names.

Several commands may run at once (the demo in one terminal, the tests in another): the first starts the
server, the last one to leave stops it.
"""

import contextlib
import fcntl
import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from setup import paths, unprivileged
from setup.progress import SetupError, run, step

ROLE = "escala"
CLUSTER = paths.POSTGRES / "cluster"
# Nothing here outlives the project's folder, so durability over a power cut is traded for speed.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10min",
    "logging_collector": "off",
}


@dataclass(frozen=True)
class Server:
    """How to reach a Postgres server; `password` may be empty."""

    host: str
    port: int
    user: str
    password: str

    def environment(self) -> dict[str, str]:
        """Return the libpq variables for a child process."""
        values = {"PGHOST": self.host, "PGPORT": str(self.port), "PGUSER": self.user}
        return values | ({"PGPASSWORD": self.password} if self.password else {})


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """Give a running server for the length of the block."""
    if os.environ.get("PGHOST"):
        yield given()
        return
    paths.local(paths.POSTGRES)
    with (paths.POSTGRES / "users.lock").open("w") as lock:
        with (paths.POSTGRES / "start.lock").open("w") as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            fcntl.flock(lock, fcntl.LOCK_SH)
            server = _start()
        try:
            yield server
        finally:
            stop(lock)


def stop(lock=None) -> bool:
    """Stop the project's server unless another command still uses it; tell whether it is stopped now."""
    if not CLUSTER.exists():
        return True
    with contextlib.ExitStack() as stack:
        if lock is None:
            lock = stack.enter_context((paths.POSTGRES / "users.lock").open("w"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        if _port():
            run(_pg_ctl("stop", "--mode=fast"), "postgres-stop", cwd="/")
        return True


def free_port() -> int:
    """Return a loopback TCP port that nothing listens on.

    It is below those that systems give to outgoing connections: one of them might take it before it is listened on.
    """
    while True:
        port = secrets.choice(range(20_000, 32_768))
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def given() -> Server:
    """Return the server that the libpq variables name (PostgreSQL manual, section 34.15)."""
    return Server(
        host=os.environ["PGHOST"],
        port=int(os.environ.get("PGPORT", "5432")),
        user=os.environ.get("PGUSER", unprivileged.user_name()),
        password=os.environ.get("PGPASSWORD", ""),
    )


def _start() -> Server:
    password_file = paths.POSTGRES / "password"
    if not (CLUSTER / "PG_VERSION").exists():
        _create(password_file)
    port = _port()
    if not port:
        port = free_port()
        options = " ".join(f"-c {key}={value}" for key, value in {**SETTINGS, "port": port}.items())
        log = CLUSTER / "server.log"
        with step("starting Postgres"):
            run(_pg_ctl("start", "--wait", f"--log={log}", f"--options={options}"), "postgres-start", cwd="/")
    return Server("127.0.0.1", port, ROLE, password_file.read_text())


def _create(password_file: Path) -> None:
    with step("creating a Postgres cluster"):
        password = secrets.token_hex(16)
        unprivileged.own(CLUSTER)
        handed_over = unprivileged.own(paths.POSTGRES / "handed-over") / "password"
        handed_over.write_text(password)
        initdb = unprivileged.command(
            str(_binaries() / "initdb"),
            f"--pgdata={CLUSTER}",
            f"--username={ROLE}",
            f"--pwfile={handed_over}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        )
        run(initdb, "postgres-initdb", cwd="/")
        shutil.rmtree(handed_over.parent)
        password_file.touch(mode=0o600)
        password_file.write_text(password)


def _port() -> int:
    """Return the port of the running server, 0 when none runs (postmaster.pid, fourth line)."""
    if not CLUSTER.exists():
        return 0
    alive = not subprocess.run(_pg_ctl("status"), capture_output=True, cwd="/").returncode
    return int((CLUSTER / "postmaster.pid").read_text().splitlines()[3]) if alive else 0


def _pg_ctl(*words: str) -> list[str]:
    return unprivileged.command(str(_binaries() / "pg_ctl"), f"--pgdata={CLUSTER}", "--silent", *words)


def _binaries() -> Path:
    """Find Postgres's server programs, which Debian keeps off the PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not versions:
        raise SetupError(
            "no Postgres server programs in /usr/lib/postgresql; or set PGHOST to a running server"
        )
    return versions[-1]
