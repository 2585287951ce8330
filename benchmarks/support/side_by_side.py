"""Stock Odoo's fetchmail against the suite's mailboxes: same mail, same server, same run, in turns."""

import argparse
import itertools
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.support import bench
from benchmarks.support.found_mail import find_problems
from benchmarks.support.report import print_ratio
from benchmarks.support.sampler import print_steps
from benchmarks.support.sides import Side, Timing, in_turns
from setup.dovecot import Dovecot
from setup.letters import Letter
from setup.progress import step

ROUNDS = 5
NAMES = {"stock": "stock Odoo (fetchmail)", "escala": "Escala (mailbox)"}


@dataclass(frozen=True)
class Comparison:
    """What is compared.

    `make_letters` is given how many; a lead is expected for each of them, or none. `contacts` are known to both sides.
    """

    name: str
    goal: str
    about: str
    make_letters: Callable[[int], list[Letter]]
    contacts: int = 0
    with_leads: bool = False


def run(comparison: Comparison, arguments: list[str]) -> int:
    """Run it; the status is 1 when a side did not store all that was sent."""
    options = _parse(arguments)
    letters = comparison.make_letters(options.messages)
    rounds = _split(letters, ROUNDS)
    with bench.running() as place:
        imap = place.mail_server()
        sides = [place.mail_side(kind, NAMES[kind], place.database(kind), imap) for kind in NAMES]
        for side in sides:
            _prepare(side, imap, comparison.contacts)
        if options.profile:
            sides[-1].ask("profile")
        timings = [Timing(side.title) for side in sides]
        for number, part in enumerate(rounds):
            turns = in_turns(list(zip(sides, timings, strict=True)), number)
            _run_round(f"round {number + 1} of {len(rounds)}", imap, part, turns)
        with step("comparing what is stored with what was sent"):
            problems = [problem for side in sides for problem in _find_problems(comparison, side, letters)]
        steps = sides[-1].steps()
        if options.profile:
            print(sides[-1].ask("calls"))
    size = sum(len(letter.raw) for letter in letters) / 1000 / len(letters)
    print(f"\n{len(letters)} messages, {size:.1f} kB on average, {comparison.about}")
    print_steps(NAMES["escala"], steps)
    print_ratio(comparison.name, "messages", [len(part) for part in rounds], *timings, goal=comparison.goal)
    for problem in problems[:20]:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--messages", type=int, default=1000, help="how many, 1000 if not given")
    parser.add_argument(
        "--profile",
        action="store_true",
        help="print which functions take how long; the noting itself slows them, so that the ratio does not count",
    )
    return parser.parse_args(arguments)


def _prepare(side: Side, imap: Dovecot, contacts: int) -> None:
    """Have the side know its contacts, and connect an empty mailbox."""
    imap.create_user(_login(side.kind))
    side.ask(f"contacts {contacts}")
    side.ask(f"connect {_login(side.kind)}")
    side.ask("ready")


def _login(kind: str) -> str:
    return f"{kind}@nordica.example"


def _split(letters: Sequence[Letter], parts: int) -> list[Sequence[Letter]]:
    """Return the letters in as many rounds of about the same size."""
    bounds = [len(letters) * part // parts for part in range(parts + 1)]
    return [letters[start:end] for start, end in itertools.pairwise(bounds) if start < end]


def _run_round(
    title: str, imap: Dovecot, letters: Sequence[Letter], turns: Sequence[tuple[Side, Timing]]
) -> None:
    """Deliver some messages to both mailboxes, then have the sides fetch them in the given order."""
    for side, _timing in turns:
        imap.append_all(_login(side.kind), "INBOX", [(letter.raw, (), None) for letter in letters])
    for side, timing in turns:
        with step(f"{title}: {side.title}, {len(letters)} messages"):
            timing.add(*side.ask(f"fetch {len(letters)}"))


def _find_problems(comparison: Comparison, side: Side, letters: Sequence[Letter]) -> list[str]:
    problems = list(find_problems(side.title, side.ask("found"), letters))
    leads, expected = side.ask("leads"), len(letters) * comparison.with_leads
    if leads != expected:
        problems.append(f"{side.title}: {leads} new leads instead of {expected}")
    return problems
