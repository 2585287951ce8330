"""New leads from e-mail: stock Odoo's fetchmail against the suite's mailboxes, same mail, same run.

Both sides fetch from the same IMAP server into a database of their own on the same Postgres, each in a
process of its own that has loaded Odoo before the clock starts. They take turns, so that whatever else the
machine does meanwhile falls on both; processor seconds, of the Odoo process alone, hardly feel it.
"""

import argparse
import contextlib
import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from benchmarks.support.first_contacts import FirstContact, first_contacts
from setup import database, dovecot, odoo, paths, postgres
from setup.progress import SetupError, run_main, step, tail

ROUNDS = 5
QUIET = 1.5  # a side's rounds differ by less than this factor when the machine does nothing else
NAMES = {"stock": "stock Odoo (fetchmail)", "escala": "Escala (mailbox)"}


@dataclass
class Side:
    """One of the two, with the process that works for it and its rounds' seconds, by clock and processor."""

    kind: str
    mailbox: str
    process: subprocess.Popen
    log: Path
    seconds: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)

    def ask(self, command: str):
        """Send a command to the process and return its answer.

        Raises SetupError with the end of its log when it has ended instead.
        """
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(f"{command}\n")
            self.process.stdin.flush()
        return self.answer()

    def answer(self):
        """Wait for the next answer of the process and return it."""
        line = self.process.stdout.readline()
        if not line:
            raise SetupError(f"{NAMES[self.kind]} has ended:\n{tail(self.log)}")
        return json.loads(line)


def main(arguments: list[str]) -> int:
    """Run the benchmark; the status is 1 when a side did not store all that was sent."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--messages", type=int, default=1000, help="how many, 1000 if not given")
    options = parser.parse_args(arguments)
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(postgres.running())
        config = odoo.configure(server, f"bench-{os.getpid()}")
        stack.callback(config.unlink)
        templates = {"stock": database.stock_template(server), "escala": database.suite_template(server)}
        mail = paths.DOVECOT / f"bench-{os.getpid()}"
        stack.callback(shutil.rmtree, mail, ignore_errors=True)
        imap = stack.enter_context(dovecot.running(mail))
        sides = [stack.enter_context(_side(kind, server, templates[kind], config, imap)) for kind in NAMES]
        sent = first_contacts(options.messages)
        rounds = _split(sent, ROUNDS)
        for number, messages in enumerate(rounds):
            turns = sides[::-1] if number % 2 else sides
            _run_round(f"round {number + 1} of {len(rounds)}", imap, messages, turns)
        with step("comparing the leads with what was sent"):
            problems = [problem for side in sides for problem in _find_problems(side, sent)]
    _print_result(sent, rounds, *sides)
    for problem in problems[:20]:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


@contextlib.contextmanager
def _side(kind: str, server, template: str, config: Path, imap) -> Iterator[Side]:
    """Give a side with a fresh database and an empty mailbox, ready to fetch."""
    login = f"{kind}@nordica.example"
    imap.create_user(login)
    log = paths.local(paths.LOGS) / f"bench-{kind}.log"
    with (
        database.temporary_copy(server, template, f"escala_bench_{os.getpid()}_{kind}") as name,
        log.open("wb") as errors,
    ):
        words = [kind, name, str(config), imap.host, str(imap.port), login, imap.password]
        with subprocess.Popen(
            [sys.executable, "-m", "benchmarks.support.lead_fetcher", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, "PYTHONPATH": str(paths.PROJECT), "PYTHONWARNINGS": "ignore"},
        ) as process:
            side = Side(kind, login, process, log)
            with step(f"starting {NAMES[kind]}"):
                side.answer()
            try:
                yield side
            finally:
                process.stdin.close()


def _split(messages: Sequence[FirstContact], parts: int) -> list[Sequence[FirstContact]]:
    """Return the messages in as many rounds of about the same size."""
    bounds = [len(messages) * part // parts for part in range(parts + 1)]
    return [messages[start:end] for start, end in itertools.pairwise(bounds) if start < end]


def _run_round(title: str, imap, messages: Sequence[FirstContact], sides: Sequence[Side]) -> None:
    """Deliver some messages to both mailboxes, then have the sides fetch them in the given order."""
    for side in sides:
        imap.append_all(side.mailbox, "INBOX", [(message.raw, (), None) for message in messages])
    for side in sides:
        with step(f"{title}: {NAMES[side.kind]}, {len(messages)} messages"):
            seconds, work = side.ask(f"fetch {len(messages)}")
        side.seconds.append(seconds)
        side.work.append(work)


def _find_problems(side: Side, sent: Sequence[FirstContact]) -> Iterator[str]:
    """Yield what is not in the side's database as it was sent: leads, subjects, texts, attachments."""
    name = NAMES[side.kind]
    found = side.ask("leads")
    if len(found) != len(sent):
        yield f"{name}: {len(found)} leads instead of {len(sent)}"
    by_sender = {lead["sender"]: lead for lead in found}
    for sender in sorted(by_sender.keys() - {message.sender for message in sent}):
        yield f"{name}: a lead of {sender}, who has not written"
    for message in sent:
        lead = by_sender.get(message.sender)
        differences = _compare(lead, message) if lead else ["no lead"]
        yield from (f"{name}: {message.sender}: {difference}" for difference in differences)


def _compare(lead: dict, message: FirstContact) -> Iterator[str]:
    """Yield what differs between a lead and the message it was made from."""
    if lead["subject"] != message.subject:
        yield f"subject “{lead['subject']}” instead of “{message.subject}”"
    for text in message.paragraphs:
        if "".join(text.split()) not in lead["text"]:
            yield f"not in the text: {text}"
    if lead["attachments"] != {name: sha256(raw).hexdigest() for name, raw in message.attachments.items()}:
        yield f"attachments {list(lead['attachments'])} instead of {list(message.attachments)}"


def _print_result(
    sent: Sequence[FirstContact], rounds: Sequence[Sequence[FirstContact]], stock: Side, escala: Side
) -> None:
    size = sum(len(message.raw) for message in sent) / 1000 / len(sent)
    print(f"\n{len(sent)} messages, {size:.1f} kB on average, each from a sender whom nobody knows\n")
    print(f"{'':<24}{'seconds':>9}{'processor':>11}{'messages/s':>12}   round by round")
    rates = {}
    for side in (stock, escala):
        rates[side.kind] = [len(part) / spent for part, spent in zip(rounds, side.seconds, strict=True)]
        total = sum(side.seconds)
        print(
            f"{NAMES[side.kind]:<24}{total:>9.2f}{sum(side.work):>11.2f}{len(sent) / total:>12.1f}  "
            f"{_columns(rates[side.kind])}"
        )
    ratios = [ours / theirs for ours, theirs in zip(rates["escala"], rates["stock"], strict=True)]
    ratio = sum(stock.seconds) / sum(escala.seconds)
    work_ratio = sum(stock.work) / sum(escala.work)
    print(f"{'times as fast':<24}{ratio:>9.2f}{work_ratio:>11.2f}{'':14}{_columns(ratios)}")
    scatter = max(max(values) / min(values) for values in rates.values())
    if scatter > QUIET:
        print(f"\nThe machine has other work: rounds differ by a factor of {scatter:.1f}; better run again.")
    print(f"\nRATIO sync_new_leads={ratio:.2f}", flush=True)


def _columns(values: Sequence[float]) -> str:
    return "".join(f"{value:7.1f}" for value in values)


if __name__ == "__main__":
    run_main(main)
