"""How much memory a worker needs beyond stock Odoo: on a mailbox of 100,000 messages, and on messages of 50 MB.

Stock Odoo is a process that has loaded it and done nothing yet. A worker of the suite is another one, at the most that
it holds while it synchronises a mailbox for the first time; each case has a worker of its own. The bytes of a large
message are in a file, in its text or in its HTML; one without a sender ends in quarantine, as it was received.
"""

import argparse
import base64
import os
from collections.abc import Iterable

from benchmarks.support import bench, maildir, mass_mail
from benchmarks.support.bench import Bench
from benchmarks.support.maildir import Delivery
from benchmarks.support.report import print_line
from setup.dovecot import Dovecot
from setup.letters import FIRST_DATE, known_contact
from setup.progress import SetupError, run_main, step

ONE_IN = 100
CONTACTS = 10
VARIETY = 900
VALUES = '{"create_leads":false,"scope":"known"}'
MEGABYTE = 1_000_000
BYTES_IN_LINE, LINE = 57, 78  # of base64 (RFC 2045, section 6.8), with its end
HEADER = """\
From: {sender}
To: ventas@nordica.example
Subject: Planos
Date: Mon, 02 Mar 2026 08:00:00 +0100
Message-ID: <planos@correo.example>
MIME-Version: 1.0
"""
WITH_FILE = """\
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
WITH_TEXT = """\
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{lines}"""
WITH_HTML = """\
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: 8bit

<html><body><table>{lines}</table></body></html>"""
TEXT_LINE = "{number:>9} Plano de la instalación, medida {number}, con una línea más — “ñandú” 🚢\n"
HTML_LINE = (
    "<tr><td style='color:#333'>{number}</td><td><b>Plano</b> de la instalación “ñandú” 🚢</td></tr>\n"
)


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
        workers = {"mailbox": of_mailbox}
        sender, size = known_contact(0).addr_spec, options.megabytes * MEGABYTE
        for name, message in (
            ("file", HEADER.format(sender=sender) + _with_file(size)),
            ("text", HEADER.format(sender=sender) + _with_text(size)),
            ("html", HEADER.format(sender=sender) + _with_html(size)),
            ("quarantined", HEADER.format(sender="") + _with_file(size)),
        ):
            delivery = Delivery(message.replace("\n", "\r\n").encode(), FIRST_DATE)
            workers[name] = _measure(place, imap, name, [delivery], (1, 1))
    print(f"\n{options.messages:,} messages in the mailbox, {options.megabytes} MB in each message")
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


def _with_file(size: int) -> str:
    """Return a message of about that many bytes, nearly all of them a file that cannot be compressed."""
    file = base64.encodebytes(os.urandom(size * BYTES_IN_LINE // LINE)).decode()
    return WITH_FILE.replace("{file}", file)


def _with_text(size: int) -> str:
    return WITH_TEXT.replace("{lines}", _lines(TEXT_LINE, size))


def _with_html(size: int) -> str:
    return WITH_HTML.replace("{lines}", _lines(HTML_LINE, size))


def _lines(line: str, size: int) -> str:
    """Return lines of about that many bytes together."""
    count = size // len(line.format(number=0).encode())
    return "".join(line.format(number=number) for number in range(count))


if __name__ == "__main__":
    run_main(main)
