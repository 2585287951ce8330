"""Two worker processes against one: 40 mailboxes that are due, each with mail of people whom nobody knows.

Workers, Postgres and the mail server share the processors of this machine, so that with two of them two workers cannot
be quite twice as fast. What each of them had of the processors is printed.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence

import psutil

from benchmarks.support import bench, maildir
from benchmarks.support.found_mail import find_problems
from benchmarks.support.maildir import Delivery
from benchmarks.support.report import print_ratio
from benchmarks.support.sampler import print_steps
from benchmarks.support.sides import Side, Timing, in_turns
from setup import database
from setup.dovecot import Dovecot
from setup.letters import FIRST_DATE, Letter, first_contacts
from setup.progress import run_main, step

ROUNDS = 3  # of one worker, and of two
WARM_UP = 2  # messages for each mailbox
TITLES = {1: "one worker", 2: "two workers"}


def main(arguments: list[str]) -> int:
    """Run the benchmark; the status is 1 when a message is not there exactly once."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--mailboxes", type=int, default=40, help="40 if not given")
    parser.add_argument("--messages", type=int, default=25, help="in each mailbox and round, 25 if not given")
    options = parser.parse_args(arguments)
    timings = {count: Timing(title) for count, title in TITLES.items()}
    processors = {count: Counter() for count in TITLES}
    steps = {count: Counter() for count in TITLES}
    sent: list[Letter] = []
    problems: list[str] = []
    with bench.running() as place:
        imap, name = place.mail_server(), place.database("escala")
        workers = [place.mail_side("escala", f"worker {number}", name, imap) for number in (1, 2)]
        logins = [f"box{number}@nordica.example" for number in range(options.mailboxes)]
        with step(f"connecting {len(logins)} mailboxes"):
            for login in logins:
                imap.create_user(login)
                workers[0].ask(f"connect {login}")
        workers[0].ask("ready")
        sent += _deliver(imap, logins, WARM_UP, len(sent))
        _check(workers, Timing("warm-up"))
        for number in range(ROUNDS):
            for count in in_turns(list(TITLES), number):
                letters = _deliver(imap, logins, options.messages, len(sent))
                sent += letters
                database.vacuum(place.server, name)  # else it comes in the middle of some round
                for worker in workers:
                    worker.steps()
                with step(f"round {number + 1} of {ROUNDS}: {TITLES[count]}, {len(letters)} messages"):
                    seen, used = _check(workers[:count], timings[count])
                processors[count].update(used)
                for worker in workers[:count]:
                    steps[count].update(worker.steps())
                if seen != len(letters):
                    problems.append(f"{TITLES[count]}: {seen} messages seen instead of {len(letters)}")
        with step("comparing what is stored with what was sent"):
            problems += _find_problems(workers[0], logins, sent)
    for count, title in TITLES.items():
        print_steps(title, steps[count])
    _print_processors(processors)
    sizes = [len(logins) * options.messages] * ROUNDS
    print_ratio("scale_workers", "messages", sizes, *timings.values(), goal="at least 1.7")
    for problem in problems[:20]:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _deliver(imap: Dovecot, logins: Sequence[str], count: int, first: int) -> list[Letter]:
    """Put so many messages, all different, into each mailbox and return them."""
    letters = first_contacts(count * len(logins), first)
    for number, login in enumerate(logins):
        part = letters[number * count : (number + 1) * count]
        maildir.deliver(imap, [login], [Delivery(letter.raw, FIRST_DATE, flags="") for letter in part])
    return letters


def _check(workers: Sequence[Side], timing: Timing) -> tuple[int, Counter]:
    """Have the workers check all mailboxes together.

    Return how many messages they have seen, and the seconds that processors worked for them, for others, and not.
    """
    workers[0].ask("due")
    before, started = psutil.cpu_times(), time.perf_counter()
    for worker in workers:
        worker.tell("check")
    answers = [worker.answer() for worker in workers]
    spent, after = time.perf_counter() - started, psutil.cpu_times()
    work = sum(work for _seconds, work, _seen in answers)
    timing.add(spent, work)
    idle = after.idle + after.iowait - before.idle - before.iowait
    others = psutil.cpu_count() * spent - idle - work
    return sum(seen for *_spent, seen in answers), Counter(workers=work, others=others, idle=idle)


def _find_problems(worker: Side, logins: Sequence[str], sent: Sequence[Letter]) -> list[str]:
    """Return which messages are not there once, on a lead of their own, in their mailbox."""
    problems = list(find_problems("Escala", worker.ask("found"), sent))
    expected = len(sent) // len(logins)
    ledger = {login: counts for login, *counts in worker.ask("ledger")}
    problems += [
        f"{login}: {ledger.get(login)} messages in the ledger and different ones, instead of {expected}"
        for login in logins
        if ledger.get(login) != [expected, expected]
    ]
    if (leads := worker.ask("leads")) != len(sent):
        problems.append(f"{leads} leads instead of {len(sent)}")
    return problems


def _print_processors(processors: dict[int, Counter]) -> None:
    print(f"\n{'seconds of processors':<24}{'workers':>9}{'Postgres, Dovecot, others':>28}{'idle':>9}")
    for count, used in processors.items():
        print(f"{TITLES[count]:<24}{used['workers']:>9.1f}{used['others']:>28.1f}{used['idle']:>9.1f}")


if __name__ == "__main__":
    run_main(main)
