"""Fifty clients that register contacts by a form at once, as fast as two workers of Odoo answer.

Seven in ten are new, two come again under an address that was sent before, one was deleted. Each accepted submission
has to become its contact and its lead, and no address may have two contacts. A client whose connection is broken off
sends the same once more, with the same key. Beside it stock Odoo, where the same clients make a contact each by RPC
(`res.partner.create`), which looks for no duplicate and makes no lead.
"""

import argparse
import itertools
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil

from benchmarks.support import bench, clients
from benchmarks.support.registrar import deleted_email
from benchmarks.support.report import print_line
from setup import paths, web_server
from setup.progress import run_main, step

CLIENTS = 50
SECONDS, SMALL_SECONDS = 60, 10
WARM_UP_CLIENTS, WARM_UP_SECONDS = 4, 3
DELETED = 1000
GOAL = 60  # a second
PATIENCE = 600  # seconds, until all is registered
JSON = {"Content-Type": "application/json"}


@dataclass
class Load:
    """What a server did under load; `seconds` until the last answer, and `until_done` until the last registration.

    `work` is what Odoo's processes took of the processors, in seconds; Postgres' are not in it.
    """

    title: str
    answers: list[clients.Answer]
    seconds: float
    until_done: float
    work: float

    @property
    def rate(self) -> float:
        """How many registrations a second there were in the end."""
        return len(self.answers) / self.until_done


def main(arguments: list[str]) -> int:
    """Run the benchmark; the status is 1 when anything is lost, refused or there twice."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--seconds", type=int, default=SECONDS, help=f"{SECONDS} if not given")
    parser.add_argument("--small", action="store_true", help=f"{SMALL_SECONDS} seconds")
    options = parser.parse_args(arguments)
    seconds = SMALL_SECONDS if options.small else options.seconds
    with bench.running() as place:
        stock = _load_stock(place, seconds)
        escala, result = _load_escala(place, seconds)
    _print_loads(stock, escala)
    duplicates = sum(count - 1 for count in result["contacts"].values())
    lost = _count_lost(escala.answers, result)
    print(f"\nduplicates={duplicates} lost={lost}")
    taken_in = len(escala.answers) / escala.seconds
    print_line("RATE", "registrations_taken_in", taken_in, f"at least {GOAL} a second")
    print_line("RATE", "registrations", escala.rate, f"at least {GOAL} a second")
    print_line("RATIO", "registrations", escala.rate / stock.rate)
    return 1 if duplicates or lost else 0


def _load_stock(place: bench.Bench, seconds: int) -> Load:
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

        return _run("stock Odoo", server, seconds, create, lambda: 0)


def _load_escala(place: bench.Bench, seconds: int) -> tuple[Load, dict]:
    """Return what the server did, and what became of all submissions (benchmarks.support.registrar)."""
    database = place.database("escala")
    side = place.side("escala", "Escala", "registrar", database, str(place.config))
    path = side.ask(f"prepare {DELETED}")
    with web_server.with_workers(place.config, database, paths.LOGS / f"{database}.log") as server:

        def register(number: int) -> tuple[int, bytes]:
            content = {"name": f"Person {number}", "email": _email(number), "message": "Do you do roofs?"}
            headers = {**JSON, "Idempotency-Key": str(number)}
            return clients.send(server.url, path, json.dumps(content).encode(), headers)[:2]

        load = _run("Escala", server, seconds, register, lambda: side.ask("waiting"))
    return load, side.ask("result")


def _run(
    title: str, server: web_server.WebServer, seconds: int, request: Callable, count_waiting: Callable
) -> Load:
    """Have all clients send for so long, and wait for what is still to be registered.

    Before, each worker has loaded what it needs.
    """
    numbers = itertools.count(10**6)
    clients.run(WARM_UP_CLIENTS, WARM_UP_SECONDS, lambda _number: request(next(numbers)))
    _wait_for_none(count_waiting)
    work = _read_work(server)
    start = time.monotonic()
    with step(f"{title}: {CLIENTS} clients, {seconds} seconds"):
        answers, spent = clients.run(CLIENTS, seconds, request)
        _wait_for_none(count_waiting)
    return Load(title, answers, spent, time.monotonic() - start, _read_work(server) - work)


def _wait_for_none(count_waiting: Callable[[], int]) -> None:
    deadline = time.monotonic() + PATIENCE
    while count_waiting() and time.monotonic() < deadline:
        time.sleep(0.2)


def _read_work(server: web_server.WebServer) -> float:
    """Return the seconds that a server and its workers have taken of the processors."""
    parent = psutil.Process(server.process.pid)
    times = [process.cpu_times() for process in (parent, *parent.children(recursive=True))]
    return sum(each.user + each.system for each in times)


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
    path = "/web/session/authenticate"
    _status, _body, cookies = clients.send(url, path, json.dumps(content).encode(), JSON)
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


def _print_loads(*loads: Load) -> None:
    names = ("answers", "a second", "p50 ms", "p95 ms", "registered", "processor")
    print(f"\n{'':<14}" + "".join(f"{name:>12}" for name in names) + "  (ms of Odoo's, each)")
    for load in loads:
        times = sorted(answer.seconds * 1000 for answer in load.answers)
        count = len(times)
        print(
            f"{load.title:<14}{count:>12,}{count / load.seconds:>12.1f}{statistics.median(times):>12.0f}"
            f"{statistics.quantiles(times, n=20)[-1]:>12.0f}{load.rate:>12.1f}{load.work * 1000 / count:>12.1f}"
        )
    print(f"\nLoad average of the machine, this benchmark included: {psutil.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    run_main(main)
