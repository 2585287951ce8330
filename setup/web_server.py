"""Odoo's own server as a child process, for the demo and for the browser tests."""

import contextlib
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from setup import odoo
from setup.postgres import free_port
from setup.progress import SetupError, tail

USUAL_PORT = 8069
START_TIMEOUT = 90  # seconds
STOP_TIMEOUT = 15  # seconds
WORKERS = 2


@dataclass
class WebServer:
    """A running web client at `url`."""

    url: str
    process: subprocess.Popen


@contextlib.contextmanager
def running(config: Path, database: str, log: Path, *options: str, port: int = 0) -> Iterator[WebServer]:
    """Serve one database for the length of the block; port 0 takes a free one.

    Raises SetupError with the end of Odoo's log when it does not answer.
    """
    port = port or free_port()
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    words = [
        f"--database={database}",
        f"--db-filter=^{database}$",
        f"--http-port={port}",
        f"--logfile={log}",
        *options,
    ]
    server = WebServer(
        f"http://127.0.0.1:{port}", subprocess.Popen(odoo.command(config, *words), start_new_session=True)
    )
    try:
        _wait_for(server, log)
        yield server
    finally:
        _stop(server.process)


@contextlib.contextmanager
def with_workers(config: Path, database: str, log: Path, *options: str) -> Iterator[WebServer]:
    """Serve as `running` does, by two processes for requests and one for scheduled actions, as in production.

    Without a filter: with one, Odoo asks Postgres for all databases at each request (odoo/service/db.py, `list_dbs`).
    """
    words = (f"--workers={WORKERS}", "--max-cron-threads=1", f"--gevent-port={free_port()}", "--db-filter=")
    with running(config, database, log, *words, *options) as server:
        yield server


def is_free(port: int) -> bool:
    """Tell whether nothing listens on this loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _wait_for(server: WebServer, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline and server.process.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{server.url}/web/login", timeout=30).close()  # noqa: S310  our own
            return
        time.sleep(0.2)
    raise SetupError(f"the web client does not answer:\n{tail(log)}")


def _stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
