"""Finding e-mails among a million: the workspace's pages and searches.

A salesperson can read half of them, a newcomer thirty.
Stock Odoo has the same texts as messages on contacts. The two databases take some minutes and 6 GB once; they are kept
until the suite changes or `--drop` is given.
"""

import inspect
import statistics
import sys

from benchmarks.support import bench, email_finder, many_emails
from benchmarks.support.report import print_line
from benchmarks.support.sides import Side, running_side
from setup import database
from setup.progress import run_main, step

ROUNDS = 3
KIND = "escala_emails"
LIMIT = 1.0  # seconds
USERS = ("salesperson", "newcomer")


def main(arguments: list[str]) -> int:
    """Run the benchmark; the status is 1 when something takes a second or longer."""
    options = bench.read_options(arguments, "emails")
    with bench.running() as place:
        if options.drop:
            database.drop_templates(place.server, KIND)
            return 0
        sides = []
        for kind, title in (("stock", "stock Odoo"), ("escala", "Escala")):
            name = _filled_database(place, kind, options.emails)
            print(f"  {name}: {database.size(place.server, name) / 1e9:.1f} GB")
            sides.append(place.side(kind, title, "email_finder", name, str(place.config)))
        stock, escala = sides
        theirs = _look(stock, "salesperson", email_finder.STOCK)
        slow = []
        for user in USERS:
            ours = _look(escala, user, email_finder.ESCALA)
            slow += [
                f"{user}, {name}: {seconds:.2f} s"
                for name, seconds in ours.items()
                if seconds >= LIMIT * email_finder.PAGES.get(name, 1)
            ]
            if user == "salesperson":
                for name, seconds in theirs.items():
                    label = f"emails_{name}".replace(" ", "_").replace(",", "").replace("-", "")
                    print_line("RATIO", label, seconds / ours[name], "at least 1, stock Odoo's time by ours")
        if options.plans:
            for name in email_finder.ESCALA:
                query, *lines = escala.ask(f"plan salesperson {name}")
                print(f"\n{name}: {query}\n" + "\n".join(f"    {line}" for line in lines))
    for line in slow:
        print(f"Too slow: {line}", file=sys.stderr)
    return 1 if slow else 0


def _filled_database(place: bench.Bench, kind: str, count: int) -> str:
    template = bench.TEMPLATES[kind](place.server)
    content = f"{count}{inspect.getsource(many_emails)}".encode()

    def fill(name: str) -> None:
        words = (name, str(place.config))
        log = f"bench-fill-{kind}"
        with (
            running_side(kind, kind, "email_finder", words, log) as side,
            step(f"writing {count:,} e-mails"),
        ):
            side.ask(f"fill {count}")

    return database.filled_template(place.server, f"{KIND}_{count}_{kind}", template, content, fill)


def _look(side: Side, user: str, names) -> dict[str, float]:
    """Do each look some times; print and return the medians of the seconds."""
    print(f"\n{side.title}, {user:<40}{'median ms':>10}{'slowest':>10}{'queries':>9}{'found':>7}")
    medians = {}
    for name in names:
        answers = [side.ask(f"look {user} {name}") for _round in range(ROUNDS + 1)]
        seconds = [answer[0] for answer in answers[1:]]  # the first one warms the caches of Odoo and Postgres
        medians[name] = statistics.median(seconds)
        _seconds, queries, found = answers[-1]
        width = len(side.title) + 42
        print(
            f"{name:<{width}}{medians[name] * 1000:>10.1f}{max(seconds) * 1000:>10.1f}{queries:>9}{found:>7}",
            flush=True,
        )
    return medians


if __name__ == "__main__":
    run_main(main)
