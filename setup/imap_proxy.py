"""An IMAP server seen through a TCP proxy on a loopback port: how often it was asked, and for what."""

import contextlib
import re
import socket
import threading
from collections.abc import Iterator

CHUNK = 4096
# RFC 3501, section 2.2.1: a tag, then the command's name
COMMAND = re.compile(rb"^[^\s+]+ ((?:UID )?[A-Z]+)", re.MULTILINE | re.IGNORECASE)


class ImapProxy:
    """Passes connections on to a server.

    `commands` are the names of the commands that went by, such as `UID FETCH`. A round trip is a time that the client
    spoke after the server had: commands that are sent in one go are one. `connections` counts who came at all.
    """

    def __init__(self, host: str, port: int) -> None:
        self.commands: list[str] = []
        self.round_trips = 0
        self.connections = 0
        self.host = "127.0.0.1"
        self._target = host, port
        self._listener = socket.create_server((self.host, 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def forget(self) -> None:
        """Start counting anew."""
        self.commands.clear()
        self.round_trips = 0
        self.connections = 0

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _spoil(self, data: bytes, passed: int) -> tuple[bytes, bool]:
        """Return what is made of a piece of the answers, and whether to hang up after it.

        :param passed: how many bytes of this connection's answers came before
        """
        return data, False

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                self.connections += 1
                server = socket.create_connection(self._target)
                server_spoke = threading.Event()
                for work in (self._pass_requests, self._pass_answers):
                    threading.Thread(target=work, args=(client, server, server_spoke), daemon=True).start()

    def _pass_requests(
        self, client: socket.socket, server: socket.socket, server_spoke: threading.Event
    ) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(CHUNK):
                self.round_trips += server_spoke.is_set()
                server_spoke.clear()
                self.commands += [name.decode().upper() for name in COMMAND.findall(data)]
                server.sendall(data)
        hang_up(server)

    def _pass_answers(
        self, client: socket.socket, server: socket.socket, server_spoke: threading.Event
    ) -> None:
        passed, is_over = 0, False
        with contextlib.suppress(OSError):
            while not is_over and (data := server.recv(CHUNK)):
                server_spoke.set()
                spoiled, is_over = self._spoil(data, passed)
                client.sendall(spoiled)
                passed += len(data)
        hang_up(client)


@contextlib.contextmanager
def running(host: str, port: int) -> Iterator[ImapProxy]:
    """Give a proxy to that server for the length of the block."""
    with contextlib.closing(ImapProxy(host, port)) as proxy:
        yield proxy


def hang_up(connection: socket.socket) -> None:
    """Close a connection on which somebody may be waiting."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
