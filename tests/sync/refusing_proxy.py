"""A proxy that says NO to commands in the server's place, and tells who listens what a client asks for."""

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterator

from setup.imap_proxy import COMMAND, ImapProxy, hang_up

# RFC 7888: what follows such an end of a line is sent without waiting for the server
LITERAL = re.compile(rb"\{(\d+)\+\}\r\n$")


class RefusingProxy(ImapProxy):
    """Refuses the lines in which `refused` is found, with the words of `answer`; calls `heard` with each line."""

    def __init__(self, host: str, port: int) -> None:
        self.refused: re.Pattern[bytes] | None = None
        self.answer = b"[CANNOT] Not here"
        self.heard: Callable[[bytes], object] = lambda line: None
        self.refusals = 0
        super().__init__(host, port)

    def _pass_requests(
        self, client: socket.socket, server: socket.socket, server_spoke: threading.Event
    ) -> None:
        with contextlib.suppress(OSError), client.makefile("rb") as lines:
            for line in lines:
                self.commands += [name.decode().upper() for name in COMMAND.findall(line)]
                self.heard(line)
                if not (self.refused and self.refused.search(line)):
                    server.sendall(line)
                    continue
                self.refusals += 1
                tag, rest = line.partition(b" ")[0], line
                while literal := LITERAL.search(rest):
                    lines.read(int(literal[1]))
                    rest = lines.readline()
                client.sendall(tag + b" NO " + self.answer + b"\r\n")
        hang_up(server)


@contextlib.contextmanager
def running(host: str, port: int) -> Iterator[RefusingProxy]:
    """Give a proxy to that server for the length of the block."""
    with contextlib.closing(RefusingProxy(host, port)) as proxy:
        yield proxy
