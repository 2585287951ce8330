"""A proxy that hangs up after a given number of bytes, or spoils some of them, as a bad network does."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from setup.imap_proxy import ImapProxy, hang_up


class Garbling(Protocol):
    """What spoils the answers of a connection."""

    def apply(self, data: bytes, passed: int) -> bytes:
        """Return what is made of a piece of them, after so many bytes that have passed before."""


@dataclass(frozen=True)
class GarbledBytes:
    """From a byte on, so many are turned over, and others put in before them."""

    offset: int
    flipped: int = 0
    inserted: bytes = b""

    def apply(self, data: bytes, passed: int) -> bytes:
        start, end = (max(0, place - passed) for place in (self.offset, self.offset + self.flipped))
        inserted = self.inserted if 0 <= self.offset - passed < len(data) else b""
        return data[:start] + inserted + _flipped(data[start:end]) + data[max(start, end) :]


@dataclass
class GarbledWord:
    """The first byte of a word is turned over where it occurs for the n-th time."""

    word: bytes
    occurrence: int
    count: int = 0

    def apply(self, data: bytes, passed: int) -> bytes:
        self.count = self.count if passed else 0
        pieces = data.split(self.word)
        hit = self.occurrence - self.count
        self.count += len(pieces) - 1
        if not 0 < hit < len(pieces):
            return data
        spoiled = _flipped(self.word[:1]) + self.word[1:]
        return self.word.join(pieces[:hit]) + spoiled + self.word.join(pieces[hit:])


def _flipped(data: bytes) -> bytes:
    """Return bytes with their highest bit turned over: nothing in ASCII stays in it."""
    return bytes(byte ^ 0x80 for byte in data)


class CuttingProxy(ImapProxy):
    """Hangs up on a connection when `limit` bytes of the answers have passed, and applies `garbling` to them.

    `passed` is how many did on the connection that spoke last, `cuts` how many connections were hung up on.
    """

    def __init__(self, host: str, port: int) -> None:
        self.limit: int | None = None
        self.garbling: Garbling | None = None
        self.passed = 0
        self.cuts = 0
        super().__init__(host, port)

    def _spoil(self, data: bytes, passed: int) -> tuple[bytes, bool]:
        kept = data if self.limit is None else data[: self.limit - passed]
        is_over = self.limit is not None and passed + len(data) >= self.limit
        self.cuts += is_over
        self.passed = passed + len(kept)
        return (self.garbling.apply(kept, passed) if self.garbling else kept), is_over


@contextlib.contextmanager
def running(host: str, port: int) -> Iterator[CuttingProxy]:
    """Give a proxy to that server for the length of the block."""
    with contextlib.closing(CuttingProxy(host, port)) as proxy:
        yield proxy


@contextlib.contextmanager
def saying(words: bytes) -> Iterator[int]:
    """Give the port of a server that says these words, and nothing more, to whoever connects."""
    listener = socket.create_server(("127.0.0.1", 0))
    connections = []

    def answer() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _address = listener.accept()
                connections.append(connection)
                connection.sendall(words)

    threading.Thread(target=answer, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        for each in (*connections, listener):
            hang_up(each)
