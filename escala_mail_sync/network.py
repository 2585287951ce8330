"""Which addresses a mailbox's server may be on, and a connection to one of them. Imports nothing from Odoo.

Whoever may type a host name could otherwise have Odoo connect to what only Odoo's machine can reach. The address
that was checked is the one that is connected to: a name that is looked up twice may answer differently.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import NamedTuple

# IANA IPv4 Special-Purpose Address Registry, with multicast (RFC 5771) and what is reserved (RFC 1112, section 4).
# Listed here because Python's `is_global` differs between its minor versions.
_SPECIAL_IPV4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
# All public IPv6 addresses are global unicast ones (RFC 4291, section 2.4; IANA allocates out of this block only) ...
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
# ... but for these: protocols such as Teredo, documentation.
_SPECIAL_IPV6 = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))
#: Seconds after which a server that has not taken a connection is taken to be silent.
CONNECT_TIMEOUT = 10.0
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052, section 2.1


class AddressForbidden(OSError):
    """The host has no address that may be connected to. It says no more, so that nobody can look around with it."""


class Address(NamedTuple):
    """What a host name led to, as socket.socket and its `connect` take it."""

    family: int
    sockaddr: tuple


def is_public(text: str) -> bool:
    """Tell whether an IP address is one of the internet's: no loopback, private, link-local, multicast or reserved one.

    An IPv6 address that leads to an IPv4 one (IPv4-mapped, NAT64, 6to4) is what that one is.

    :raises ValueError: when it is no IP address
    """
    address = ipaddress.ip_address(text.partition("%")[0])  # without the zone of RFC 4007, section 11
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _SPECIAL_IPV4)
    embedded = address.ipv4_mapped or address.sixtofour
    if address in _NAT64:
        embedded = ipaddress.IPv4Address(address.packed[-4:])
    if embedded:
        return is_public(str(embedded))
    return address in _GLOBAL_UNICAST and not any(address in network for network in _SPECIAL_IPV6)


def resolve_public(host: str, port: int, allow_private: bool = False) -> list[Address]:
    """Look a host up and return the addresses that may be connected to, in the order in which to try them.

    :param host: a name, or an address in any of the forms that the operating system reads, such as `2130706433`
    :param allow_private: whether those inside of private networks may be, too
    :raises AddressForbidden: when it has other addresses only
    :raises OSError: socket.gaierror, when there is no such host
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    allowed = [
        Address(family, sockaddr)
        for family, _type, _protocol, _name, sockaddr in found
        if allow_private or is_public(str(sockaddr[0]))
    ]
    if not allowed:
        raise AddressForbidden
    return allowed


def connect(host: str, port: int, timeout: float | None, allow_private: bool = False) -> socket.socket:
    """Open a TCP connection to the first address of the host that answers and that may be connected to.

    For imaplib's and smtplib's hooks. TLS is to be asked for with the host's name, not with the address.

    :param timeout: seconds to wait for each answer later, and for each address if it is less than `CONNECT_TIMEOUT`
    :raises AddressForbidden: as `resolve_public` does
    :raises OSError: of the last address, when none answers
    """
    failure: OSError = AddressForbidden()
    for address in resolve_public(host, port, allow_private):
        connection = socket.socket(address.family)
        connection.settimeout(CONNECT_TIMEOUT if timeout is None else min(timeout, CONNECT_TIMEOUT))
        try:
            connection.connect(address.sockaddr)
            connection.settimeout(timeout)
        except OSError as error:
            connection.close()
            failure = error
        else:
            return connection
    raise failure
