"""Which addresses of an account the recipients of a notification get it at."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Address:
    """An address of a contact on an account, and whether it wants notifications of the kind in question."""

    id: int
    contact: int
    email: str
    wanted: bool


@dataclass(frozen=True)
class Recipient:
    """Whom Odoo would write to: a contact, or an address alone (`contact` is then None).

    :param key: what the caller knows it by
    """

    key: Hashable
    contact: int | None
    email: str | None


def assign(
    addresses: Iterable[Address], recipients: Iterable[Recipient], served: Iterable[str] = ()
) -> dict[Hashable, list[int]]:
    """Return, by key, the ids of the addresses at which each recipient is written to: none is served twice.

    A recipient that has addresses on the account is written to at those that want it, be it none. So is one whose
    own e-mail address is there as somebody else's, such as the company with the address of its office. Others are
    not in the result: it is not for the account to say anything about them.

    :param served: addresses that have the message already
    """
    by_contact, by_email = defaultdict(list), defaultdict(list)
    for address in addresses:
        by_contact[address.contact].append(address)
        by_email[address.email].append(address)
    done = set(served)
    assigned = {}
    for recipient in recipients:
        on_account = by_contact.get(recipient.contact) or by_email.get(recipient.email)
        if on_account:
            assigned[recipient.key] = chosen = []
            for address in on_account:
                if address.wanted and address.email not in done:
                    done.add(address.email)
                    chosen.append(address.id)
    return assigned
