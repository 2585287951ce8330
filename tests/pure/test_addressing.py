"""Nobody is written to where it is not wanted, and nobody twice."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from escala_client_portal.notifying.addressing import Address, Recipient, assign

EMAILS = st.sampled_from("abcdef")
ADDRESSES = st.lists(st.builds(Address, st.integers(), st.integers(1, 4), EMAILS, st.booleans()), max_size=8)
RECIPIENTS = st.lists(
    st.builds(Recipient, st.integers(), st.integers(1, 6) | st.none(), EMAILS | st.none()), max_size=8
)


def test_each_address_has_its_own_switch():
    ana = [Address(1, 7, "main", False), Address(2, 7, "other", True)]
    assert assign(ana, [Recipient("ana", 7, "main")]) == {"ana": [2]}


def test_who_wants_nothing_is_written_to_nowhere():
    assert assign([Address(1, 7, "main", False)], [Recipient("ana", 7, "main")]) == {"ana": []}


def test_who_is_not_on_the_account_is_left_alone():
    assert assign([Address(1, 7, "main", True)], [Recipient("otto", 8, "otto")]) == {}


def test_an_address_that_two_share_is_served_once():
    rows = [Address(1, 7, "office", True), Address(2, 8, "office", True), Address(3, 8, "own", True)]
    recipients = [Recipient("ana", 7, "ana"), Recipient("otto", 8, "otto")]
    assert assign(rows, recipients) == {"ana": [1], "otto": [3]}


def test_another_who_has_an_address_of_the_account_is_asked_its_switch():
    rows = [Address(1, 7, "office", False)]
    assert assign(rows, [Recipient("company", 5, "office"), Recipient("typed", None, "office")]) == {
        "company": [],
        "typed": [],
    }


def test_who_has_the_message_already_is_not_sent_it():
    rows = [Address(1, 7, "main", True), Address(2, 7, "other", True)]
    assert assign(rows, [Recipient("ana", 7, "main")], served=["main"]) == {"ana": [2]}


@given(ADDRESSES, RECIPIENTS, st.sets(EMAILS))
def test_only_what_is_wanted_and_each_once(addresses, recipients, served):
    addresses = [replace(address, id=number) for number, address in enumerate(addresses)]
    recipients = [replace(recipient, key=number) for number, recipient in enumerate(recipients)]
    by_id = dict(enumerate(addresses))
    got = assign(addresses, recipients, served)
    chosen = [by_id[number] for numbers in got.values() for number in numbers]
    assert all(address.wanted and address.email not in served for address in chosen)
    emails = [address.email for address in chosen]
    assert len(emails) == len(set(emails))
    # whoever is on the account and wants it at an address is served there, by whomever
    contacts = {recipient.contact for recipient in recipients}
    wanted = {address.email for address in addresses if address.wanted and address.contact in contacts}
    assert wanted - served <= set(emails)
