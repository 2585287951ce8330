"""Letting the contacts of many accounts into the portal at once.

Few accounts and many: what one account costs must not depend on how many there are. Stock Odoo lets in as many contacts
as the few, by its wizard, one after the other; the suite changes all three switches besides, and keeps a report. Both
write an invitation to each.
"""

import argparse
import sys

from benchmarks.support import bench
from benchmarks.support.report import print_line, print_ratio
from benchmarks.support.sides import Side, Timing, in_turns
from setup.progress import run_main, step

NAMES = {"stock": "stock Odoo (wizard)", "escala": "Escala (change)"}
MOST = 1.1  # times the queries for an account among few
ROUNDS = 2


def main(arguments: list[str]) -> int:
    """Run the benchmark; the status is 1 when somebody is not let in, or an account among many costs more queries."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--accounts", type=int, default=5000, help="how many, 5000 if not given")
    parser.add_argument("--few", type=int, default=500, help="how many on both sides, 500 if not given")
    options = parser.parse_args(arguments)
    many, few = options.accounts, options.few
    with bench.running() as place:
        pairs = {kind: _start(place, kind) for kind in NAMES}
        timings = {kind: Timing(title) for kind, title in NAMES.items()}
        for number in range(ROUNDS):
            for kind in in_turns(list(NAMES), number):
                seconds, work, *costs = _let_in(*pairs[kind], few)
                timings[kind].add(seconds, work)
                if kind == "escala":
                    of_few = costs
        many_seconds, _work, *of_many = _let_in(*pairs["escala"], many)
        expected = {"stock": ROUNDS * few, "escala": ROUNDS * few + many}
        found = {kind: side.ask("users") for kind, (_filler, side) in pairs.items()}
    print_ratio("account_bulk", "accounts", [few] * ROUNDS, *timings.values())
    print(f"\n{'accounts':>10}{'seconds':>10}{'queries each':>14}{'MB':>8}")
    for count, seconds, (queries, memory) in (
        (few, timings["escala"].seconds[-1], of_few),
        (many, many_seconds, of_many),
    ):
        print(f"{count:>10,}{seconds:>10.1f}{queries / count:>14.2f}{memory / 1e6:>8.1f}")
    growth = (of_many[0] / many) / (of_few[0] / few)
    print_line("QUERIES", "account_bulk", of_many[0] / many)
    print_line(
        "RATIO", "account_bulk_queries", growth, f"at most {MOST}, queries for one of many by one of few"
    )
    print_line("MEMORY", "account_bulk", of_many[1] / 1e6)
    for kind, count in found.items():
        if count != expected[kind]:
            print(f"{NAMES[kind]}: {count} contacts may log in instead of {expected[kind]}", file=sys.stderr)
    return 1 if found != expected or growth > MOST else 0


def _start(place: bench.Bench, kind: str) -> tuple[Side, Side]:
    """Return a process that makes accounts, and one that lets in: whose memory has held nothing else."""
    words = (place.database(kind), str(place.config))
    return tuple(place.side(kind, NAMES[kind], "account_changer", *words) for _number in range(2))


def _let_in(filler: Side, side: Side, count: int) -> tuple[float, float, int, int]:
    """Make accounts and let their contacts in; return seconds, the processor's seconds, queries, bytes of memory."""
    with step(f"{side.title}: making {count:,} accounts"):
        filler.ask(f"fill {count}")
    with step(f"{side.title}: letting in {count:,} contacts"):
        return side.ask(f"let_in {count}")


if __name__ == "__main__":
    run_main(main)
