"""New leads from e-mail: stock Odoo's fetchmail against the suite's mailboxes, same mail, same run.

Both sides fetch from the same IMAP server into a database of their own on the same Postgres, each in a
process of its own.
"""

import argparse
import contextlib
import itertools
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from benchmarks.support.first_contacts import FirstContact, first_contacts
from benchmarks.support.report import print_ratio
from benchmarks.support.sides import Side, Timing, in_turns, running_side
from setup import database, dovecot, odoo, paths, postgres
from setup.progress import run_main, step

ROUNDS = 5
NAMES = {"stock": "stock Odoo (fetchmail)", "escala": "Escala (mailbox)"}


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
        timings = [Timing(side.title) for side in sides]
        sent = first_contacts(options.messages)
        rounds = _split(sent, ROUNDS)
        for number, messages in enumerate(rounds):
            turns = in_turns(list(zip(sides, timings, strict=True)), number)
            _run_round(f"round {number + 1} of {len(rounds)}", imap, messages, turns)
        with step("comparing the leads with what was sent"):
            problems = [problem for side in sides for problem in _find_problems(side, sent)]
    size = sum(len(message.raw) for message in sent) / 1000 / len(sent)
    print(f"\n{len(sent)} messages, {size:.1f} kB on average, each from a sender whom nobody knows")
    print_ratio("sync_new_leads", "messages", [len(messages) for messages in rounds], *timings)
    for problem in problems[:20]:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


@contextlib.contextmanager
def _side(kind: str, server, template: str, config: Path, imap) -> Iterator[Side]:
    """Give a side with a fresh database and an empty mailbox, ready to fetch."""
    login = _login(kind)
    imap.create_user(login)
    with database.temporary_copy(server, template, f"escala_bench_{os.getpid()}_{kind}") as name:
        words = [name, str(config), imap.host, str(imap.port), login, imap.password]
        with running_side(kind, NAMES[kind], "lead_fetcher", words) as side:
            yield side


def _login(kind: str) -> str:
    return f"{kind}@nordica.example"


def _split(messages: Sequence[FirstContact], parts: int) -> list[Sequence[FirstContact]]:
    """Return the messages in as many rounds of about the same size."""
    bounds = [len(messages) * part // parts for part in range(parts + 1)]
    return [messages[start:end] for start, end in itertools.pairwise(bounds) if start < end]


def _run_round(
    title: str, imap, messages: Sequence[FirstContact], turns: Sequence[tuple[Side, Timing]]
) -> None:
    """Deliver some messages to both mailboxes, then have the sides fetch them in the given order."""
    for side, _timing in turns:
        imap.append_all(_login(side.kind), "INBOX", [(message.raw, (), None) for message in messages])
    for side, timing in turns:
        with step(f"{title}: {side.title}, {len(messages)} messages"):
            timing.add(*side.ask(f"fetch {len(messages)}"))


def _find_problems(side: Side, sent: Sequence[FirstContact]) -> Iterator[str]:
    """Yield what is not in the side's database as it was sent: leads, subjects, texts, attachments."""
    name = side.title
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


if __name__ == "__main__":
    run_main(main)
