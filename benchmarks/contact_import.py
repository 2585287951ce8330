"""Importing contacts from a file: stock Odoo's `load` against the suite's, as the import screen calls it.

Stock creates new contacts, with the columns that it knows. The suite looks for each row's contact first and keeps
a log; it creates the same new contacts, a twentieth of them with alternative addresses besides, and then updates
every one of them while stock creates others.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence

from benchmarks.support import bench
from benchmarks.support.contact_rows import FIELDS, contact_rows
from benchmarks.support.report import print_ratio
from benchmarks.support.sides import Side, Timing, in_turns
from setup.progress import run_main, step

BATCH = 2000  # rows, as of the import screen
NAMES = {"stock": "stock Odoo", "escala": "Escala"}


def main(arguments: list[str]) -> int:
    """Run the benchmark; the status is 1 when a side did not store what the rows say."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--rows", type=int, default=10_000, help="how many, 10000 if not given")
    options = parser.parse_args(arguments)
    with bench.running() as place:
        sides = [
            place.side(kind, title, "contact_importer", place.database(kind), str(place.config))
            for kind, title in NAMES.items()
        ]
        new = _run_rounds(sides, options.rows, ("new", 0), ("new", 0))
        existing = _run_rounds(sides, options.rows, ("new", options.rows), ("changed", 0))
        with step("comparing the contacts with the rows"):
            problems = [problem for side in sides for problem in _find_problems(side, options.rows)]
    sizes = [count for _start, count in _batches(options.rows)]
    print(f"\n{options.rows} rows of {len(FIELDS)} columns: new contacts on both sides")
    print_ratio("import_new", "rows", sizes, *new)
    print(f"\n{options.rows} rows: new contacts for stock Odoo, existing ones that change for Escala")
    print_ratio("import_existing", "rows", sizes, *existing)
    for problem in problems[:20]:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _run_rounds(sides: Sequence[Side], rows: int, *commands: tuple[str, int]) -> list[Timing]:
    """Have each side import its rows batch by batch; a command is followed by the number of its first row."""
    timings = [Timing(side.title) for side in sides]
    batches = list(_batches(rows))
    for number, (start, count) in enumerate(batches):
        for side, (command, first), timing in in_turns(
            list(zip(sides, commands, timings, strict=True)), number
        ):
            with step(f"batch {number + 1} of {len(batches)}: {side.title}, {count} rows, {command}"):
                timing.add(*side.ask(f"{command} {first + start} {count}"))
    return timings


def _batches(rows: int) -> Iterator[tuple[int, int]]:
    """Yield where each batch starts and how many rows it has."""
    for start in range(0, rows, BATCH):
        yield start, min(BATCH, rows - start)


def _find_problems(side: Side, count: int) -> Iterator[str]:
    """Yield what is not in the side's database as the last rows say."""
    ref, street = FIELDS.index("ref"), FIELDS.index("street")
    rows = contact_rows(0, 2 * count) if side.kind == "stock" else contact_rows(0, count, changed=True)
    alternatives = {row[ref]: 3 * bool(row[-1]) * (side.kind == "escala") for row in rows}
    found = {ref: (street, number) for ref, street, number in side.ask("contacts")}
    for row in rows:
        expected = (row[street], alternatives[row[ref]])
        if found.get(row[ref]) != expected:
            yield f"{side.title}: {row[ref]} is {found.get(row[ref])} instead of {expected}"
    if len(found) != len(rows):
        yield f"{side.title}: {len(found)} contacts instead of {len(rows)}"


if __name__ == "__main__":
    run_main(main)
