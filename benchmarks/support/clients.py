"""Clients of a web server that send as fast as it answers, each in a thread of its own."""

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

TIMEOUT = 120  # seconds
# As a proxy before Odoo does, have no more connections open than Odoo with two workers lets wait
# (odoo/service/server.py, `listen`); the kernel drops others, and clients try again seconds later. Who waits here waits
# for the answer.
CONNECTIONS = threading.Semaphore(16)


@dataclass
class Answer:
    """What a server answered to a request, and after how many seconds."""

    status: int
    body: bytes = field(repr=False)
    seconds: float = 0.0


def send(url: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, list[str]]:
    """Post to a server; return the status, the body and the cookies of its answer."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT)
    try:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        return response.status, response.read(), response.headers.get_all("Set-Cookie") or []
    finally:
        connection.close()


def _insist(request: Callable[[], tuple[int, bytes]]) -> tuple[int, bytes]:
    """Send a request until it is answered."""
    while True:
        try:
            with CONNECTIONS:
                return request()
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)


def run(
    clients: int, seconds: float, request: Callable[[int], tuple[int, bytes]]
) -> tuple[list[Answer], float]:
    """Have so many clients send one request after the other, for so long; return the answers, and how long it took.

    :param request: sends the request with this number, and returns status and body
    """
    answers: list[Answer] = []
    numbers = iter(range(10**9))
    lock = threading.Lock()
    start = time.monotonic()

    def work() -> None:
        while time.monotonic() < start + seconds:
            with lock:
                number = next(numbers)
            begin = time.monotonic()
            answers.append(Answer(*_insist(lambda number=number: request(number)), time.monotonic() - begin))

    threads = [threading.Thread(target=work) for _client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers, time.monotonic() - start
