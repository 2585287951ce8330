"""Which addresses may be connected to, by every way to write and to hide them, and that no other one is."""

import socket
import ssl
import threading
import time

import pytest

from escala_mail_sync import network
from escala_mail_sync.imap import ImapSession, MailboxError, ServerSettings

FORBIDDEN = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2002:c0a8:101::1",
    "3fff::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%lo",
    "fec0::1",
    "ff02::1",
]
PUBLIC = [
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.1",
    "172.15.255.255",
    "172.32.0.1",
    "192.167.1.1",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001::1",
    "::ffff:1.1.1.1",
    "64:ff9b::1.1.1.1",
    "2002:101:101::1",
]
# What the C library reads as 127.0.0.1 (inet_aton), and as ::1.
LOOPBACKS = ["127.0.0.1", "2130706433", "0x7f000001", "017700000001", "127.1", "0", "localhost", "::1"]


@pytest.mark.parametrize("address", FORBIDDEN)
def test_special_addresses_are_not_public(address):
    assert not network.is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_internet_are_public(address):
    assert network.is_public(address)


@pytest.mark.parametrize("host", [*LOOPBACKS, "[::1]", "::ffff:127.0.0.1"])
def test_no_form_of_loopback_is_connected_to(host, listener):
    # forms differ between C libraries: what one does not read is no host
    with pytest.raises((network.AddressForbidden, socket.gaierror)):
        network.connect(host, listener.port, 0.3)
    assert not listener.connections


@pytest.mark.parametrize("host", LOOPBACKS)
def test_an_open_and_a_closed_port_get_the_same_answer(host, listener):
    answers = set()
    for port in (listener.port, closed_port()):
        settings = ServerSettings(host, port, "none", "ana", "secret", timeout=0.3)
        with pytest.raises(MailboxError) as raised, ImapSession(settings):
            pass
        answers.add((raised.value.code, raised.value.detail))
    assert len(answers) == 1
    assert answers.pop()[0] == "address_forbidden"
    assert not listener.connections


def test_it_is_connected_to_where_the_administrator_allows_it(listener):
    network.connect("localhost", listener.port, 30, allow_private=True).close()
    assert listener.wait()


def test_a_connection_is_waited_for_less_long_than_an_answer(monkeypatch):
    """By a server whose queue of connections is full: the system answers no further one."""
    monkeypatch.setattr(network, "CONNECT_TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        port = server.getsockname()[1]
        with network.connect("127.0.0.1", port, 30, allow_private=True) as connection:
            assert connection.gettimeout() == 30
            began = time.monotonic()
            with pytest.raises(TimeoutError):
                network.connect("127.0.0.1", port, 5, allow_private=True)
            assert time.monotonic() - began < 3


def test_the_name_is_looked_up_once(monkeypatch):
    """By a server for names that answers with a public address first, and with a private one from then on."""
    public, private = "127.0.0.2", "127.0.0.1"  # both on loopback, so that nothing leaves this machine
    answers = iter([public])
    lookups = []

    def look_up(host, port, **_options):
        lookups.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers, private), port))]

    monkeypatch.setattr(network, "is_public", lambda address: address == public)
    with socket.create_server((private, 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        with pytest.raises(ConnectionRefusedError):
            network.connect("rebinding.example", port, 1)
    assert lookups == ["rebinding.example"]


def test_of_several_addresses_only_public_ones_are_tried(monkeypatch, listener):
    def look_up(_host, port, **_options):
        addresses = ["127.0.0.1", "1.1.1.1", "::1"]
        return [
            (socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
            for each in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert [each.sockaddr[0] for each in network.resolve_public("mixed.example", 993)] == ["1.1.1.1"]


def test_the_certificate_has_to_be_of_the_name_whatever_the_address(monkeypatch, listener):
    """TLS asks the server for the name that was typed (RFC 6066, section 3)."""
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda _host, port, **options: resolve("127.0.0.1", port, **options)
    )
    settings = ServerSettings(
        "imap.nordica.example", listener.port, "tls", "ana", "secret", timeout=30, allow_private=True
    )
    with pytest.raises(MailboxError), ImapSession(settings):
        pass
    assert b"imap.nordica.example" in listener.wait()


def test_starttls_keeps_to_the_checked_address_too(listener):
    settings = ServerSettings("localhost", listener.port, "starttls", "ana", "secret", timeout=0.3)
    with pytest.raises(MailboxError) as raised, ImapSession(settings, ssl.create_default_context()):
        pass
    assert raised.value.code == "address_forbidden"
    assert not listener.connections


class Listener:
    """Counts who connects to a loopback port, and keeps what they say first."""

    def __init__(self, server: socket.socket) -> None:
        self.server = server
        self.port = server.getsockname()[1]
        self.connections: list[bytes] = []
        self._heard = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def wait(self) -> bytes:
        assert self._heard.wait(30)
        return self.connections[0]

    def _listen(self) -> None:
        while True:
            try:
                connection, _address = self.server.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(30)
                self.connections.append(connection.recv(4096) or b"nothing")
                self._heard.set()


@pytest.fixture
def listener():
    """On IPv6 and IPv4 loopback."""
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as server:
        yield Listener(server)


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
