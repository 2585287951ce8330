"""A large mailbox that hardly concerns the CRM: the suite against mbsync, which downloads it all.

Of 20,000 messages, one in twenty is of a contact. The suite reads all headers and the messages of contacts, and stores
these. mbsync (isync) writes every message into a file; it is as fast as a program gets that is about nothing else. Each
run has a mailbox of its own, filled with the same messages, that Dovecot has numbered before.

mbsync waits for the disk after every message, so what it takes depends on the disk. A second figure, without a goal,
is that of mbsync writing into memory: what is left is the mail server and the program.
"""

import argparse
import os
import shutil
import sys
from collections import Counter

from benchmarks.support import bench, maildir, mass_mail, mbsync
from benchmarks.support.report import print_ratio
from benchmarks.support.sampler import print_steps
from benchmarks.support.sides import Side, Timing, in_turns
from setup.dovecot import Dovecot
from setup.progress import run_main, step

ROUNDS = 2
ONE_IN = 20
CONTACTS = 200
VALUES = '{"create_leads":false,"scope":"known"}'
ESCALA, MBSYNC, IN_MEMORY = "Escala (mailbox)", "mbsync", "mbsync into memory"
LOGINS = {ESCALA: "escala", MBSYNC: "mbsync", IN_MEMORY: "memory"}


def main(arguments: list[str]) -> int:
    """Run the benchmark; the status is 1 when a side has not got what it should have."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--messages", type=int, default=20_000, help="in the mailbox, 20000 if not given")
    parser.add_argument("--profile", action="store_true", help="print which functions take how long")
    options = parser.parse_args(arguments)
    timings = {title: Timing(title) for title in LOGINS}
    problems: list[str] = []
    with bench.running() as place:
        imap = place.mail_server()
        side = place.mail_side("escala", ESCALA, place.database("escala"), imap)
        side.ask(f"contacts {CONTACTS}")
        side.ask("ready")
        if options.profile:
            side.ask("profile")
        for number in range(ROUNDS):
            numbers = range(number * options.messages, (number + 1) * options.messages)
            size = _fill(imap, numbers)
            side.ask(f"connect {_login(ESCALA, numbers)} {VALUES}")
            for title in in_turns(list(LOGINS), number):
                with step(f"round {number + 1} of {ROUNDS}: {title}, {len(numbers)} messages"):
                    problems += _run(title, side, imap, numbers, timings[title])
        with step("comparing what is stored with what was sent"):
            problems += _find_problems(side, range(ROUNDS * options.messages))
        steps = side.steps()
        if options.profile:
            print(side.ask("calls"))
    print(
        f"\n{options.messages} messages, {size / options.messages / 1000:.1f} kB each, 1 in {ONE_IN} of a contact"
    )
    print_steps(ESCALA, steps)
    sizes = [options.messages] * ROUNDS
    print_ratio("sync_ignored_memory", "messages", sizes, timings[ESCALA], timings[IN_MEMORY])
    goal = "at most 3, the suite's time by that of mbsync"
    print_ratio("sync_ignored", "messages", sizes, timings[ESCALA], timings[MBSYNC], goal)
    for problem in problems[:20]:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _login(title: str, numbers: range) -> str:
    return f"{LOGINS[title]}{numbers.start}@nordica.example"


def _fill(imap: Dovecot, numbers: range) -> int:
    """Deliver the same messages to everybody; return how many bytes they are."""
    deliveries = list(mass_mail.mass_mail(mass_mail.letters(), numbers, ONE_IN, CONTACTS))
    with step(f"delivering {len(numbers)} messages"):
        maildir.deliver(imap, [_login(title, numbers) for title in LOGINS], deliveries)
    return sum(len(delivery.raw) for delivery in deliveries)


def _run(title: str, side: Side, imap: Dovecot, numbers: range, timing: Timing) -> list[str]:
    """Have one of them read its mailbox; return what is wrong."""
    login = _login(title, numbers)
    if title == ESCALA:
        side.ask(f"due {login}")
        *spent, count = side.ask("check")
    else:
        folder = (mbsync.MEMORY if title == IN_MEMORY else imap.folder) / f"downloaded-{os.getpid()}"
        try:
            spent = mbsync.download(imap, login, folder)
            count = mbsync.count(folder)
        finally:
            shutil.rmtree(folder)
    timing.add(*spent)
    return [] if count == len(numbers) else [f"{title}: {count} messages instead of {len(numbers)}"]


def _find_problems(side: Side, numbers: range) -> list[str]:
    """Return which messages of contacts are not there once, and which others are."""
    found = Counter(mail["message_id"] for mail in side.ask("found"))
    expected = Counter(mass_mail.known_ids(numbers, ONE_IN))
    problems = [f"{ESCALA}: {message_id} is missing" for message_id in expected - found]
    problems += [
        f"{ESCALA}: {message_id} is there, and should not be, or once" for message_id in found - expected
    ]
    if leads := side.ask("leads"):
        problems.append(f"{ESCALA}: {leads} leads, though nobody asked for any")
    return problems


if __name__ == "__main__":
    run_main(main)
