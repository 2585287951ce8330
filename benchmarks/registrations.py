"""Fifty clients that register contacts by a form at once, as fast as two workers of Odoo answer.

Seven in ten are new, two come again under an address that was sent before, one was deleted. Each accepted submission has
to become its contact and its lead, and no address may have two contacts. A client whose connection is broken off sends
the same once more, with the same key. Beside it stock Odoo, where the same clients
make a contact each by RPC (`res.partner.create`), which looks for no duplicate and makes no lead.
"""

import argparse
import itertools
import json
import statistics
import time

from benchmarks.support import bench, clients
from benchmarks.support.registrar import deleted_email
from benchmarks.support.report import print_line
from setup import paths, web_server
from setup.progress import run_main, step

CLIENTS = 50
SECONDS, SMALL_SECONDS = 60, 10
DELETED = 1000
GOAL = 60  # a second
PATIENCE = 600  # seconds, until all is registered
JSON = {"Content-Type": "application/json"}


def main(arguments: list[str]) -> int:
    """Run the benchmark; the status is 1 when anything is lost, refused or there twice."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--seconds", type=int, default=SECONDS, help=f"{SECONDS} if not given")
    parser.add_argument("--small", action="store_true", help=f"{SMALL_SECONDS} seconds")
    options = parser.parse_args(arguments)
    seconds = SMALL_SECONDS if options.small else options.seconds
    with bench.running() as place:
        stock = _load_stock(place, seconds)
        answers, spent, drained, result = _load_escala(place, seconds)
    print(f"\n{'':<28}{'a second':>10}{'p50 ms':>9}{'p95 ms':>9}{'answers':>9}")
    _print_row("stock Odoo: create", *stock)
    _print_row("Escala: taken in", answers, spent)
    registered = len(answers) / (spent + drained)
    print(f"{'Escala: registered':<28}{registered:>10.1f}   the last {drained:.1f} s after the clients had stopped")
    duplicates = sum(count - 1 for count in result["contacts"].values())
    lost = _count_lost(answers, result)
    print(f"\nduplicates={duplicates} lost={lost}")
    print_line("RATE", "registrations_taken_in", len(answers) / spent, f"at least {GOAL} a second")
    print_line("RATE", "registrations", registered, f"at least {GOAL} a second")
    print_line("RATIO", "registrations", registered / (len(stock[0]) / stock[1]))
    return 1 if duplicates or lost else 0


def _load_stock(place: bench.Bench, seconds: int) -> tuple[list[clients.Answer], float]:
    database = place.database("stock")
    side = place.side("stock", "stock Odoo", "registrar", database, str(place.config))
    side.ask("prepare 0")
    with web_server.with_workers(place.config, database, paths.LOGS / f"{database}.log") as server:
        cookie = _log_in(server.url, database)

        def create(number: int) -> tuple[int, bytes]:
            args = [{"name": f"Person {number}", "email": _email(number)}]
            content = {"params": {"model": "res.partner", "method": "create", "args": args, "kwargs": {}}}
            path = "/web/dataset/call_kw/res.partner/create"
            headers = {**JSON, "Cookie": cookie}
            return clients.send(server.url, path, json.dumps(content).encode(), headers)[:2]

        return _warm_up_and_run(create, seconds, "stock Odoo")


def _load_escala(place: bench.Bench, seconds: int):
    """Return the answers, how long they took, how long the rest took, and what became of it."""
    database = place.database("escala")
    side = place.side("escala", "Escala", "registrar", database, str(place.config))
    path = side.ask(f"prepare {DELETED}")
    with web_server.with_workers(place.config, database, paths.LOGS / f"{database}.log") as server:

        def register(number: int) -> tuple[int, bytes]:
            content = {"name": f"Person {number}", "email": _email(number), "message": "Do you do roofs?"}
            headers = {**JSON, "Idempotency-Key": str(number)}
            return clients.send(server.url, path, json.dumps(content).encode(), headers)[:2]

        answers, spent = _warm_up_and_run(register, seconds, "Escala")
        with step("registering the rest"):
            start = time.monotonic()
            while side.ask("waiting") and time.monotonic() < start + PATIENCE:
                time.sleep(0.2)
            drained = time.monotonic() - start
    return answers, spent, drained, side.ask("result")


def _warm_up_and_run(request, seconds: int, title: str) -> tuple[list[clients.Answer], float]:
    """Have all clients send for so long; before, each worker has loaded what it needs."""
    numbers = itertools.count(10**6)
    clients.run(4, 3, lambda _number: request(next(numbers)))
    with step(f"{title}: {CLIENTS} clients, {seconds} seconds"):
        return clients.run(CLIENTS, seconds, request)


def _email(number: int) -> str:
    """Return the address that a client sends with this number."""
    kind = number % 10
    if kind == 9:
        return deleted_email(number // 10 % DELETED)
    if kind in (4, 7) and number > CLIENTS:
        number -= CLIENTS + kind  # of somebody new, some moments ago
    return f"person{number}@clientes.example"


def _log_in(url: str, database: str) -> str:
    content = {"params": {"db": database, "login": "admin", "password": "admin"}}
    _status, _body, cookies = clients.send(
        url, "/web/session/authenticate", json.dumps(content).encode(), JSON
    )
    return next(cookie.partition(";")[0] for cookie in cookies if cookie.startswith("session_id="))


def _count_lost(answers: list[clients.Answer], result: dict) -> int:
    """Return how many of the answers are of a submission that is not registered, or of which there is no contact."""
    states = {id_: (state, email) for id_, state, email in result["submissions"]}
    lost = 0
    for answer in answers:
        id_ = json.loads(answer.body)["id"] if answer.status == 202 else None
        state, email = states.get(id_, ("", ""))
        lost += state != "done" or email not in result["contacts"]
    return lost


def _print_row(title: str, answers: list[clients.Answer], spent: float) -> None:
    times = sorted(answer.seconds * 1000 for answer in answers)
    p95 = statistics.quantiles(times, n=20)[-1]
    print(
        f"{title:<28}{len(answers) / spent:>10.1f}{statistics.median(times):>9.0f}{p95:>9.0f}{len(answers):>9,}"
    )


if __name__ == "__main__":
    run_main(main)
