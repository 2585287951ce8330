"""A TCP proxy that hangs up after a given number of bytes, as a bad network does."""

import contextlib
import socket
import threading
from collections.abc import Iterator

CHUNK = 4096


class CuttingProxy:
    """Passes connections on to a server; `limit` is how many bytes of its answers a connection may carry."""

    def __init__(self, host: str, port: int) -> None:
        self.limit: int | None = None
        self.passed = 0
        self.cuts = 0
        self._target = host, port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                server = socket.create_connection(self._target)
                threading.Thread(target=self._pass_requests, args=(client, server), daemon=True).start()
                threading.Thread(target=self._pass_answers, args=(server, client), daemon=True).start()

    def _pass_requests(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(CHUNK):
                server.sendall(data)
        _hang_up(server)

    def _pass_answers(self, server: socket.socket, client: socket.socket) -> None:
        left, self.passed = self.limit, 0
        with contextlib.suppress(OSError):
            while data := server.recv(CHUNK):
                if left is not None:
                    data, left = data[:left], max(0, left - len(data))
                client.sendall(data)
                self.passed += len(data)
                if left == 0:
                    self.cuts += 1
                    break
        _hang_up(client)


@contextlib.contextmanager
def running(host: str, port: int) -> Iterator[CuttingProxy]:
    """Give a proxy to that server for the length of the block."""
    proxy = CuttingProxy(host, port)
    try:
        yield proxy
    finally:
        proxy.close()


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
            _hang_up(each)


def _hang_up(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
