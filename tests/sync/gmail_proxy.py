"""What no server here can do: Gmail's identifiers of messages and conversations, added to the answers of Dovecot.

https://developers.google.com/workspace/gmail/imap/imap-extensions: X-GM-EXT-1, X-GM-MSGID, X-GM-THRID
"""

import contextlib
import re
import socket
import threading
from collections.abc import Iterator

_CAPABILITY = re.compile(rb"\bIMAP4rev1\b")
_FETCHED = re.compile(rb"^\* (\d+) FETCH \(", re.MULTILINE)
_ITEMS = re.compile(rb" X-GM-MSGID X-GM-THRID")


class GmailProxy:
    """Passes connections on; `threads` maps the sequence number of a message to its conversation."""

    def __init__(self, host: str, port: int, threads: dict[int, int]) -> None:
        self.threads = threads
        self.asked = 0
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
                threading.Thread(target=self._pass, args=(client, server, self._ask), daemon=True).start()
                threading.Thread(target=self._pass, args=(server, client, self._answer), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, change) -> None:
        with contextlib.suppress(OSError), source.makefile("rb") as lines:
            for line in lines:
                target.sendall(change(line))
        for each in (source, target):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _ask(self, line: bytes) -> bytes:
        asked, count = _ITEMS.subn(b"", line)
        self.asked += count
        return asked

    def _answer(self, line: bytes) -> bytes:
        if b"CAPABILITY" in line:
            return _CAPABILITY.sub(b"IMAP4rev1 X-GM-EXT-1", line)
        return _FETCHED.sub(self._add_identifiers, line)

    def _add_identifiers(self, match: re.Match[bytes]) -> bytes:
        number = int(match[1])
        thread = self.threads.get(number, number)
        return match[0] + b"X-GM-MSGID %d X-GM-THRID %d " % (1700000000000000000 + number, 10**18 + thread)


@contextlib.contextmanager
def running(host: str, port: int, threads: dict[int, int]) -> Iterator[GmailProxy]:
    """Give a proxy to that server for the length of the block."""
    proxy = GmailProxy(host, port, threads)
    try:
        yield proxy
    finally:
        proxy.close()
