"""What every benchmark stands on: Postgres, databases and a Dovecot of its own, and the sides; all gone at the end."""

import argparse
import contextlib
import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.support.sides import Side, running_side
from setup import database, dovecot, odoo, paths, postgres
from setup.postgres import Server
from setup.progress import step

TEMPLATES = {"stock": database.stock_template, "escala": database.suite_template}


@dataclass
class Bench:
    """Where a benchmark takes place."""

    server: Server
    config: Path
    _stack: contextlib.ExitStack
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def database(self, kind: str) -> str:
        """Return the name of a fresh database: of `stock` Odoo, or with the suite, `escala`."""
        name = f"escala_bench_{os.getpid()}_{kind}_{next(self._numbers)}"
        template = TEMPLATES[kind](self.server)
        return self._stack.enter_context(database.temporary_copy(self.server, template, name))

    def mail_server(self) -> dovecot.Dovecot:
        """Return a mail server without any mail."""
        folder = paths.DOVECOT / f"bench-{os.getpid()}-{next(self._numbers)}"
        return self._stack.enter_context(dovecot.running(folder))

    def side(self, kind: str, title: str, worker: str, *words: str) -> Side:
        """Return a side: the module `worker` of `benchmarks.support`, ready to be told what to do."""
        log = f"bench-{kind}-{next(self._numbers)}"
        return self._stack.enter_context(running_side(kind, title, worker, words, log))

    def mail_side(self, kind: str, title: str, name: str, imap: dovecot.Dovecot) -> Side:
        """Return a side that fetches mail into the database of that name."""
        words = (name, str(self.config), imap.host, str(imap.port), imap.password)
        return self.side(kind, title, "mail_worker", *words)


def read_options(arguments: list[str], what: str) -> argparse.Namespace:
    """Read the options of a benchmark whose large databases are kept: how many rows, `plans` and `drop`.

    :param what: the name of the option that says how many, "emails" say; a million if it is not given
    """
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument(f"--{what}", type=int, default=1_000_000, help="how many, a million if not given")
    parser.add_argument("--plans", action="store_true", help="print Postgres's plans in full")
    parser.add_argument("--drop", action="store_true", help="drop the databases instead")
    return parser.parse_args(arguments)


@contextlib.contextmanager
def running() -> Iterator[Bench]:
    """Give the place for the length of the block."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(postgres.running())
        config = odoo.configure(server, f"bench-{os.getpid()}")
        stack.callback(config.unlink)
        try:
            yield Bench(server, config, stack)
        finally:
            with step("cleaning up"):
                stack.close()
