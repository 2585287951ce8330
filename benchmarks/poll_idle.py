"""Checking a mailbox in which nothing has happened: it should cost the same however much mail lies there.

Two mailboxes, of 1,000 and of 100,000 messages, one in a hundred of a contact, and a tenth as many in Sent. Both are
synchronised once; then they are checked in turns, as the cron does it. A third one, behind a proxy, tells how often the
server is asked: by round trips, since it is for these that one waits when the server is far away.
"""

import argparse
import statistics
import sys

from benchmarks.support import bench, maildir, mass_mail
from benchmarks.support.report import print_line
from benchmarks.support.sampler import print_steps
from benchmarks.support.sides import Side, Timing, in_turns
from setup import imap_proxy
from setup.dovecot import Dovecot
from setup.progress import run_main, step

SMALL = 1_000
POLLS = 60
ONE_IN = 100
CONTACTS = 10
VARIETY = 900
VALUES = '"create_leads":false,"scope":"known"'


def main(arguments: list[str]) -> int:
    """Run the benchmark; the status is 1 when a first synchronisation missed mail, or a check found any."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument(
        "--messages", type=int, default=100_000, help="in the large mailbox, 100000 if not given"
    )
    parser.add_argument("--polls", type=int, default=POLLS, help=f"of each mailbox, {POLLS} if not given")
    options = parser.parse_args(arguments)
    sizes = (SMALL, options.messages)
    with bench.running() as place:
        imap = place.mail_server()
        side = place.mail_side("escala", "Escala (mailbox)", place.database("escala"), imap)
        side.ask(f"contacts {CONTACTS}")
        problems = [problem for size in sizes for problem in _fill_and_sync(side, imap, size)]
        side.ask("ready")
        side.steps()
        timings = {size: Timing(f"{size:,} messages") for size in sizes}
        with step(f"checking both mailboxes {options.polls} times"):
            for number in range(options.polls):
                for size in in_turns(sizes, number):
                    problems += _poll(side, _login(size), timings[size])
        steps = side.steps()
        commands, round_trips = _count_round_trips(imap, side)
    _print_timings(timings)
    print_steps("checking both", steps)
    print(f"\nOne check of two folders: {', '.join(commands)}")
    print_line("ROUND_TRIPS", "poll_idle", round_trips, "at most 6")
    small, large = (statistics.median(timings[size].seconds) for size in sizes)
    print_line("RATIO", "poll_idle", large / small, "at most 1.3, the large mailbox by the small one")
    for problem in problems[:20]:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _login(size: int) -> str:
    return f"idle{size}@nordica.example"


def _fill_and_sync(side: Side, imap: Dovecot, size: int) -> list[str]:
    """Fill a mailbox and have it synchronised for the first time; return what is wrong."""
    login, numbers = _login(size), range(size + size // 10)
    with step(f"delivering {size:,} messages, and {size // 10:,} into Sent"):
        deliveries = list(mass_mail.mass_mail(mass_mail.notes(), numbers, ONE_IN, CONTACTS, VARIETY))
        maildir.deliver(imap, [login], deliveries[:size])
        maildir.deliver(imap, [login], deliveries[size:], folder="Sent")
    side.ask(f"connect {login} {{{VALUES}}}")
    side.ask(f"due {login}")
    with step(f"synchronising {size:,} messages for the first time"):
        _seconds, _work, seen = side.ask("check")
    linked = {email: count for email, count, _different in side.ask("ledger")}.get(login)
    expected = len(mass_mail.known_ids(numbers, ONE_IN))
    problems = [f"{login}: {seen} seen instead of {len(numbers)}"] if seen != len(numbers) else []
    return problems + ([f"{login}: {linked} linked instead of {expected}"] if linked != expected else [])


def _poll(side: Side, login: str, timing: Timing) -> list[str]:
    side.ask(f"due {login}")
    *spent, seen = side.ask("check")
    timing.add(*spent)
    return [f"{login}: {seen} messages seen, though nothing has come"] if seen else []


def _count_round_trips(imap: Dovecot, side: Side) -> tuple[list[str], int]:
    """Return the commands of a check of a mailbox that is up to date, and in how many round trips they went."""
    login = "proxied@nordica.example"
    maildir.deliver(imap, [login], mass_mail.mass_mail(mass_mail.notes(), range(200), ONE_IN, CONTACTS))
    with imap_proxy.running(imap.host, imap.port) as proxy:
        side.ask(f'connect {login} {{{VALUES},"imap_port":{proxy.port}}}')
        for _first_then_idle in range(2):
            proxy.forget()
            side.ask(f"due {login}")
            side.ask("check")
        return list(proxy.commands), proxy.round_trips


def _print_timings(timings: dict[int, Timing]) -> None:
    print(f"\n{'a check, milliseconds':<24}{'median':>9}{'fastest':>9}{'slowest':>9}{'processor':>11}")
    for timing in timings.values():
        seconds = (statistics.median(timing.seconds), min(timing.seconds), max(timing.seconds))
        columns = "".join(f"{value * 1000:9.1f}" for value in seconds)
        print(f"{timing.title:<24}{columns}{statistics.median(timing.work) * 1000:11.1f}")


if __name__ == "__main__":
    run_main(main)
