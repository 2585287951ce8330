"""Finding contacts among a million: stock Odoo's lookup and search against the suite's.

With the suite each contact has three e-mail addresses and three phone numbers; stock Odoo has the primary ones.
The two databases take some minutes and 2 GB once; they are kept until the suite changes or `--drop` is given.
"""

import inspect
import statistics
import sys
from collections.abc import Sequence

from benchmarks.support import bench, many_contacts
from benchmarks.support.contact_finder import ALTERNATIVES, COMMON, PRIMARIES, SEARCHES
from benchmarks.support.sides import Side, Timing, in_turns
from setup import database
from setup.progress import run_main, step

SETS = 15
SEARCH_ROUNDS = 3
NAMES = {"stock": "stock Odoo", "escala": "Escala"}
KIND = "escala_lookup"


def main(arguments: list[str]) -> int:
    """Run the benchmark; the status is 1 when a side did not find what it should."""
    options = bench.read_options(arguments, "contacts")
    with bench.running() as place:
        if options.drop:
            database.drop_templates(place.server, KIND)
            return 0
        sides = []
        for kind, title in NAMES.items():
            name = _filled_database(place.server, kind, options.contacts)
            print(f"  {name}: {database.size(place.server, name) / 1e9:.1f} GB")
            sides.append(place.side(kind, title, "contact_finder", name, str(place.config)))
        problems = _compare_lookups(sides, options.contacts)
        _compare_searches(sides)
        problems += _print_plans(sides[1], options)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _filled_database(server, kind: str, count: int) -> str:
    source = database.stock_template(server) if kind == "stock" else database.suite_template(server)
    content = f"{count}{inspect.getsource(many_contacts)}".encode()

    def fill(name: str) -> None:
        many_contacts.fill(server, name, count, with_alternatives=kind == "escala")

    return database.filled_template(server, f"{KIND}_{count}_{kind}", source, content, fill)


def _compare_lookups(sides: Sequence[Side], count: int) -> list[str]:
    """Look up sets of a hundred addresses in turns; print the medians, return what was not found."""
    stock, escala = sides
    expected = {"stock": PRIMARIES, "escala": PRIMARIES + ALTERNATIVES}
    ways = [
        (stock, "core", Timing("stock: _find_or_create_from_emails")),
        (escala, "core", Timing("Escala: _find_or_create_from_emails")),
        (escala, "direct", Timing("Escala: _find_by_addresses")),
    ]
    problems = []
    with step(f"looking up {SETS} sets of a hundred e-mail addresses"):
        for side, way, _timing in ways:
            side.ask(f"find {way} {SETS} {count}")  # what Odoo reads once
        for number in range(SETS):
            for side, way, timing in in_turns(ways, number):
                seconds, work, found = side.ask(f"find {way} {number} {count}")
                timing.add(seconds, work)
                if found != expected[side.kind]:
                    problems.append(f"{timing.title}: {found} found instead of {expected[side.kind]}")
    print(f"\n{'a hundred addresses':<40}{'median ms':>10}{'slowest':>10}{'processor':>11}")
    medians = []
    for _side, _way, timing in ways:
        medians.append(statistics.median(timing.seconds))
        print(
            f"{timing.title:<40}{medians[-1] * 1000:>10.1f}{max(timing.seconds) * 1000:>10.1f}"
            f"{statistics.median(timing.work) * 1000:>11.1f}"
        )
    print(f"\nRATIO lookup_1m={medians[0] / medians[2]:.0f}")
    print(f"RATIO find_or_create_1m={medians[0] / medians[1]:.0f}", flush=True)
    return problems


def _compare_searches(sides: Sequence[Side]) -> None:
    """Type each text in turns; print the medians."""
    print(f"\n{'typed search, median ms':<34}{'stock':>10}{'Escala':>10}{'times as fast':>15}   found")
    for number, title in enumerate(SEARCHES):
        timings = [Timing(side.title) for side in sides]
        found = {}
        for round_ in range(SEARCH_ROUNDS + 1):
            for side, timing in in_turns(list(zip(sides, timings, strict=True)), round_):
                seconds, work, found[side.kind] = side.ask(f"search {number}")
                if round_:  # the first one warms the caches of Odoo and Postgres
                    timing.add(seconds, work)
        stock, escala = (statistics.median(timing.seconds) * 1000 for timing in timings)
        print(
            f"{title:<34}{stock:>10.1f}{escala:>10.1f}{stock / escala:>15.1f}   "
            f"{found['stock']}, {found['escala']}",
            flush=True,
        )


def _print_plans(escala: Side, options) -> list[str]:
    """Print how Postgres finds; return where it reads a whole table, though few of its rows are asked for."""
    plans = {"a hundred addresses": escala.ask(f"plan direct 0 {options.contacts}")}
    plans |= {title: escala.ask(f"plan-search {number}") for number, title in enumerate(SEARCHES)}
    problems = []
    for title, (query, *lines) in plans.items():
        if options.plans:
            print(f"\n{title}: {query}\n" + "\n".join(f"    {line}" for line in lines))
        scanned = [line.strip() for line in lines if "Seq Scan on res_partner" in line]
        if scanned and title not in COMMON:
            problems.append(f"Escala, {title}: {scanned[0]}")
    return problems


if __name__ == "__main__":
    run_main(main)
