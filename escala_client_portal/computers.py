"""Which computers count as one, where attempts are counted."""

import ipaddress

IPV6_SITE = 64  # bits; the rest of the address is the computer's own to choose (RFC 4291, section 2.5.4)


def computer_of(address: str | None) -> str:
    """Return what to count the attempts from a network address by.

    >>> computer_of("192.0.2.7"), computer_of("2001:db8::1"), computer_of("2001:db8::2")
    ('192.0.2.7', '2001:db8::/64', '2001:db8::/64')
    """
    try:
        ip = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or ""
    if ip.version == 4 or ip.ipv4_mapped:
        return str(ip if ip.version == 4 else ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip, IPV6_SITE), strict=False))
