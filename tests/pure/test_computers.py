"""Attempts are counted by computer: whoever has a network of IPv6 addresses is one."""

import pytest

from escala_client_portal.computers import computer_of


@pytest.mark.parametrize(
    ("first", "second", "are_one"),
    [
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("192.0.2.7", "::ffff:192.0.2.7", True),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.8", False),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("fe80::1%eth0", "fe80::1", True),
        ("unknown", None, False),
    ],
)
def test_who_is_one(first, second, are_one):
    assert (computer_of(first) == computer_of(second)) == are_one
