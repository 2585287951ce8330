"""Where the time of a run goes: two hundred times a second, a look at what the program is doing.

A look costs some microseconds, so that it may be had in the runs that are timed. A profiler, which notes every call,
makes Python twice as slow and leaves Postgres and the mail server as they are.
"""

import contextlib
import signal
import time
from collections import Counter
from collections.abc import Iterator
from types import FrameType

INTERVAL = 0.005  # seconds
# The innermost function of the stack that is in here says what it is all about: part of the file's path, start of the
# function's name, what it does; where that is empty, the function around it says so.
STEPS = (
    ("imap/server_session.py", "", "connecting"),
    ("imap/session.py", "fetch", ""),
    ("imap/session.py", "search", ""),
    ("imap/folder_sync.py", "fetch_bodies", "fetching messages"),
    ("imap/folder_sync.py", "", "fetching headers"),
    ("imap/", "", "asking the server"),
    ("mime/headers.py", "parse_headers", "reading headers"),
    ("mime/parser.py", "parse_email", "reading messages"),
    ("mime/", "", ""),
    ("escala_email_classifier.py", "", "deciding"),
    ("escala_email_importer.py", "_create_leads", "storing: leads"),
    ("escala_email_importer.py", "_create_envelopes", "storing: e-mails"),
    ("escala_email_importer.py", "_create_attachments", "storing: files"),
    ("escala_email_importer.py", "_create_messages", "storing: messages"),
    ("escala_email_importer.py", "_store", "storing: the rest"),
    ("escala_mailbox", "", "mailbox and folders"),
)
OTHER = "anything else"
# Waiting for somebody else, by the function that does it.
WAITING = (
    ("odoo/sql_db.py", "execute", "Postgres"),
    ("odoo/sql_db.py", "commit", "Postgres"),
    ("odoo/sql_db.py", "rollback", "Postgres"),
    ("/socket.py", "", "mail server"),
    ("/ssl.py", "", "mail server"),
)
PYTHON = "Python"
COLUMNS = (PYTHON, "Postgres", "mail server")


@contextlib.contextmanager
def sampled() -> Iterator[Counter]:
    """Give a counter of seconds by step and by who was at work, which grows for the length of the block.

    A signal that comes while C code runs is answered when that code returns; the time since the one before is then
    put down to it.
    """
    seconds: Counter = Counter()
    last = time.perf_counter()

    def look(_signal: int, frame: FrameType | None) -> None:
        nonlocal last
        now = time.perf_counter()
        seconds[_place(frame)] += now - last
        last = now

    before = signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, INTERVAL, INTERVAL)
    try:
        yield seconds
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def print_steps(title: str, seconds: dict[tuple[str, str], float]) -> None:
    """Print a line for each step: its share of the time, and who was at work; nothing if none was sampled."""
    total = sum(seconds.values())
    if not total:
        return
    print(f"\n{title:<24}{'seconds':>9}{'share':>9}   of which " + "".join(f"{name:>13}" for name in COLUMNS))
    for step in dict.fromkeys((*(name for _file, _function, name in STEPS), OTHER)):
        row = [seconds.get((step, column), 0.0) for column in COLUMNS]
        if sum(row) > total / 1000:
            columns = "".join(f"{value:13.2f}" for value in row)
            print(f"{step:<24}{sum(row):>9.2f}{sum(row) / total:>9.1%}{'':12}{columns}")
    totals = (sum(value for place, value in seconds.items() if place[1] == column) for column in COLUMNS)
    print(f"{'together':<24}{total:>9.2f}{1:>9.1%}{'':12}" + "".join(f"{value:13.2f}" for value in totals))


def _place(frame: FrameType | None) -> tuple[str, str]:
    """Return the step, and who is at work on it."""
    step, worker = "", ""
    while frame and not step:
        file, function = frame.f_code.co_filename, frame.f_code.co_name
        worker = worker or _first_match(WAITING, file, function)
        step = _first_match(STEPS, file, function)
        frame = frame.f_back
    return step or OTHER, worker or PYTHON


def _first_match(rules: tuple[tuple[str, str, str], ...], file: str, function: str) -> str:
    return next((name for part, start, name in rules if part in file and function.startswith(start)), "")
