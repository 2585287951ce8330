"""How much memory a worker needs beyond stock Odoo: on a mailbox of 100,000 messages, and on a message of 50 MB.

Stock Odoo is a process that has loaded it and done nothing yet. A worker of the suite is another one, at the most that
it holds while it synchronises a mailbox for the first time; each of the two cases has a worker of its own.
"""

import argparse
import base64
import os
from collections.abc import Iterable

from benchmarks.support import bench, maildir, mass_mail
from benchmarks.support.bench import Bench
from benchmarks.support.letters import FIRST_DATE, known_contact
from benchmarks.support.maildir import Delivery
from benchmarks.support.report import print_line
from setup.dovecot import Dovecot
from setup.progress import SetupError, run_main, step

ONE_IN = 100
CONTACTS = 10
VARIETY = 900
VALUES = '{"create_leads":false,"scope":"known"}'
MEGABYTE = 1_000_000
BYTES_IN_LINE, LINE = 57, 78  # of base64 (RFC 2045, section 6.8), with its end
BIG_MESSAGE = """\
From: {sender}
To: ventas@nordica.example
Subject: Planos
Date: Mon, 02 Mar 2026 08:00:00 +0100
Message-ID: <planos@correo.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=part

--part
Content-Type: text/plain; charset=utf-8

Adjunto los planos.

--part
Content-Type: application/octet-stream
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename=planos.bin

{file}
--part--
"""


def main(arguments: list[str]) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument(
        "--messages", type=int, default=100_000, help="in the large mailbox, 100000 if not given"
    )
    parser.add_argument("--megabytes", type=int, default=50, help="of the large message, 50 if not given")
    options = parser.parse_args(arguments)
    numbers = range(options.messages)
    with bench.running() as place:
        imap = place.mail_server()
        stock = place.mail_side("stock", "stock Odoo", place.database("stock"), imap)
        idle = stock.ask("memory")["now"]
        mailbox = mass_mail.mass_mail(mass_mail.notes(), numbers, ONE_IN, CONTACTS, VARIETY)
        expected = len(numbers), len(mass_mail.known_ids(numbers, ONE_IN))
        of_mailbox = _measure(place, imap, "mailbox", mailbox, expected)
        message = [Delivery(_big_message(options.megabytes * MEGABYTE), FIRST_DATE)]
        of_message = _measure(place, imap, "message", message, (1, 1))
    workers = {"mailbox": of_mailbox, "message": of_message}
    print(f"\n{options.messages:,} messages in the mailbox, {options.megabytes} MB in the message")
    print(f"\n{'megabytes':<24}{'idle':>9}{'at most':>9}")
    print(f"{'stock Odoo':<24}{idle / MEGABYTE:>9.0f}")
    for name, memory in workers.items():
        print(f"{f'Escala, {name}':<24}{memory['now'] / MEGABYTE:>9.0f}{memory['peak'] / MEGABYTE:>9.0f}")
    for name, memory in workers.items():
        print_line("MEMORY", name, (memory["peak"] - idle) / MEGABYTE, "below 300, megabytes over stock Odoo")
    return 0


def _measure(
    place: Bench, imap: Dovecot, name: str, deliveries: Iterable[Delivery], expected: tuple[int, int]
) -> dict[str, int]:
    """Return the bytes that a worker holds when it is idle, `now`, and at its `peak`.

    Raises SetupError when it has seen, or linked, another number of messages than expected.
    """
    login = f"{name}@nordica.example"
    worker = place.mail_side("escala", f"Escala for the {name}", place.database("escala"), imap)
    idle = worker.ask("memory")["now"]
    with step(f"delivering the {name}"):
        maildir.deliver(imap, [login], deliveries)
    worker.ask(f"contacts {CONTACTS}")
    worker.ask(f"connect {login} {VALUES}")
    worker.ask("forget-peak")
    with step(f"synchronising the {name}"):
        _seconds, _work, seen = worker.ask("check")
    memory = worker.ask("memory")
    found = seen, sum(count for _login, count, _different in worker.ask("ledger"))
    if found != expected:
        raise SetupError(f"{name}: {found} seen and linked instead of {expected}")
    return {"now": idle, "peak": memory["peak"]}


def _big_message(size: int) -> bytes:
    """Return a message of about that many bytes, nearly all of them a file that cannot be compressed."""
    file = base64.encodebytes(os.urandom(size * BYTES_IN_LINE // LINE)).decode()
    text = BIG_MESSAGE.format(sender=known_contact(0).addr_spec, file=file)
    return text.replace("\n", "\r\n").encode()


if __name__ == "__main__":
    run_main(main)
