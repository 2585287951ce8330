"""One side of a benchmark of mail in a process of its own.

    python -m benchmarks.support.mail_worker (stock | escala) DATABASE CONFIG HOST PORT PASSWORD

Its commands:

    contacts COUNT          make those of `known_contact`
    connect LOGIN [JSON]    connect a mailbox, with further values as JSON
    ready                   collect the statistics that Postgres plans with
    due [LOGIN]             have all mailboxes checked next, or this one alone
    fetch COUNT             answer with the seconds that the cron's method took for that many new messages
    check                   run the cron's method; answer with the seconds and the number of messages seen
    steps                   where the time of fetching went since this was asked last
    profile                 note every call from now on, which makes it slower
    calls                   what has been noted: a table of the functions that took longest
    found                   what is new since the contacts and mailboxes were made
    leads                   how many leads are new since then
    ledger                  how many messages are in each folder's ledger, and how many different ones
    forget-peak, memory     bytes of memory of this process
"""

import cProfile
import io
import json
import pstats
import sys
from collections import Counter
from pathlib import Path

from benchmarks.support import found_mail
from benchmarks.support.fetchers import Escala, Imap, Stock
from benchmarks.support.sampler import sampled
from benchmarks.support.worker import forget_peak, read_memory, serve, timed
from setup import odoo_env

TOP = 45  # functions of a profile


class MailWorker:
    """The side: its database, its way to fetch, and what it has noted on the way."""

    def __init__(self, kind: str, database: str, imap: Imap) -> None:
        self.kind = kind
        self.way = {"stock": Stock, "escala": Escala}[kind]()
        self.database = database
        self.imap = imap
        self.steps: Counter = Counter()
        self.profiler: cProfile.Profile | None = None
        self.reports: list = []
        self.last_mail = self.last_lead = 0
        with self.environment() as env:
            env["res.partner"].search_count([])

    def environment(self):
        """Return a superuser's environment; the block commits what it wants kept."""
        return odoo_env.environment(self.database)

    def contacts(self, count: str) -> None:
        with self.environment() as env:
            self.way.add_contacts(env, int(count))
            env.cr.commit()

    def connect(self, login: str, values: str = "{}") -> None:
        with self.environment() as env:
            self.way.connect(env, self.imap, login, **json.loads(values))
            env.cr.commit()

    def ready(self) -> None:
        with self.environment() as env:
            env.cr.execute("ANALYZE")
            self.last_mail = found_mail.last_id(env, self.kind)
            self.last_lead = self._leads(env)[:1].id or 0
            env.cr.commit()

    def due(self, login: str = "") -> None:
        with self.environment() as env:
            self.way.make_due(env, login)
            env.cr.commit()

    def fetch(self, count: str) -> tuple[float, float]:
        self.due()
        with self.environment() as env:
            return self._timed(lambda: self.way.fetch(env, int(count)))

    def check(self) -> tuple[float, float, int]:
        with self.environment() as env:
            spent = self._timed(lambda: self.reports.__iadd__(self.way.check(env)))
            seen = sum(report.seen for report in self.reports)
            self.reports.clear()
            return *spent, seen

    def found(self) -> list[dict]:
        with self.environment() as env:
            return found_mail.read_mail(env, self.kind, self.last_mail)

    def leads(self) -> int:
        with self.environment() as env:
            return len(self._leads(env).filtered(lambda lead: lead.id > self.last_lead))

    def ledger(self) -> list[tuple[str, int, int]]:
        with self.environment() as env:
            env.cr.execute(
                """
                SELECT mailbox.email, count(*), count(DISTINCT email_id)
                  FROM escala_mailbox_message message JOIN escala_mailbox mailbox ON mailbox.id = message.mailbox_id
                 GROUP BY mailbox.email
                """
            )
            return env.cr.fetchall()

    def take_steps(self) -> list[tuple[str, str, float]]:
        steps, self.steps = self.steps, Counter()
        return [(*place, seconds) for place, seconds in steps.items()]

    def profile(self) -> None:
        self.profiler = cProfile.Profile()

    def calls(self) -> str:
        text = io.StringIO()
        pstats.Stats(self.profiler, stream=text).sort_stats("tottime").print_stats(TOP)
        pstats.Stats(self.profiler, stream=text).sort_stats("cumtime").print_stats(2 * TOP)
        return text.getvalue()

    def _timed(self, work) -> tuple[float, float]:
        if self.profiler:
            return timed(lambda: self.profiler.runcall(work))
        with sampled() as steps:
            spent = timed(work)
        self.steps.update(steps)
        return spent

    def _leads(self, env):
        return env["crm.lead"].with_context(active_test=False).search([], order="id desc")


def main(kind: str, database: str, config: str, host: str, port: str, password: str) -> None:
    """Load Odoo, then do as the standard input says until it ends."""
    odoo_env.load(Path(config))
    worker = MailWorker(kind, database, Imap(host, int(port), password))
    serve(
        {
            "contacts": worker.contacts,
            "connect": worker.connect,
            "ready": worker.ready,
            "due": worker.due,
            "fetch": worker.fetch,
            "check": worker.check,
            "steps": worker.take_steps,
            "profile": worker.profile,
            "calls": worker.calls,
            "found": worker.found,
            "leads": worker.leads,
            "ledger": worker.ledger,
            "forget-peak": forget_peak,
            "memory": read_memory,
        }
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
