"""Which contact a row belongs to, and where its addresses go, whatever the rows are."""

from hypothesis import given
from hypothesis import strategies as st

from escala_contact_rules.matching.address_book import LIMIT, AddressBook, Place
from escala_contact_rules.matching.address_list import split_emails, split_phones
from escala_contact_rules.matching.matcher import Matcher, Person

EMAILS = st.sampled_from([f"e{number}@x.example" for number in range(30)])
PHONES = st.sampled_from([f"+3460000{number:04}" for number in range(30)])
ROW = st.tuples(st.lists(EMAILS, max_size=4, unique=True), st.lists(PHONES, max_size=4, unique=True))
ROWS = st.lists(ROW.filter(any), max_size=25)


def register(rows, people=()):
    """Register rows one after the other and return the person and the addresses left out of each."""
    matcher = Matcher(people)
    outcomes = []
    for emails, phones in rows:
        match = matcher.find(emails, phones)
        person = match.person if match else Person()
        outcomes.append((person, matcher.add(person, emails, phones)))
    return outcomes


def addresses(book):
    return [address for address in (book.primary, *book.alternatives) if address]


@given(ROWS)
def test_an_address_never_disappears(rows):
    outcomes = register(rows)
    everywhere = {email for person, _left_out in outcomes for email in addresses(person.emails)}
    for (emails, phones), (person, left_out) in zip(rows, outcomes, strict=True):
        kept = {*addresses(person.emails), *addresses(person.phones)}
        assert kept | {*left_out.no_room, *left_out.of_others} == kept.union(emails, phones)
        assert everywhere.issuperset(left_out.of_others)
        assert not kept.intersection(left_out.of_others)


@given(ROWS)
def test_nobody_has_more_than_eleven_nor_one_twice(rows):
    for person, _left_out in register(rows):
        for book in (person.emails, person.phones):
            assert len(addresses(book)) == len(set(addresses(book))) <= LIMIT + 1


@given(ROWS)
def test_an_email_belongs_to_one_person(rows):
    people = {person for person, _left_out in register(rows)}
    emails = [email for person in people for email in addresses(person.emails)]
    assert len(emails) == len(set(emails))


@given(ROWS)
def test_the_same_rows_again_add_nothing(rows):
    first = register(rows)
    people = list(dict.fromkeys(person for person, _left_out in first))
    for number, person in enumerate(people, 1):
        person.id = number
    before = [(addresses(person.emails), addresses(person.phones)) for person in people]
    assert {person for person, _left_out in register(rows, people) if person.id is None} == set()
    # A phone may go to the person whose e-mail is next to it, though another one has it; nothing goes away.
    for person, (emails, phones) in zip(people, before, strict=True):
        assert addresses(person.emails)[: len(emails)] == emails
        assert addresses(person.phones)[: len(phones)] == phones


@given(st.data())
def test_any_order_of_rows_gives_the_same_people(data):
    """Each person is known by one address that all of their rows carry; the rest comes in any order."""
    rows = []
    for number in range(data.draw(st.integers(1, 4))):
        more_emails = st.lists(st.sampled_from([f"p{number}e{n}@x.example" for n in range(5)]), unique=True)
        phones = st.lists(st.sampled_from([f"+346{number}000000{n}" for n in range(5)]), unique=True)
        drawn = data.draw(st.lists(st.tuples(more_emails, phones), min_size=1, max_size=5))
        rows += [([*emails, f"p{number}@x.example"], phones) for emails, phones in drawn]

    def people(rows):
        return {
            (frozenset(addresses(person.emails)), frozenset(addresses(person.phones)))
            for person, _left_out in register(rows)
        }

    assert people(data.draw(st.permutations(rows))) == people(rows)


def test_the_email_comes_before_the_phone_and_the_oldest_before_the_younger():
    old = Person(1, phones=AddressBook("+34600000001"))
    younger, youngest = (Person(number, AddressBook("e@x.example")) for number in (2, 3))
    matcher = Matcher([youngest, younger, old])
    assert matcher.find(["e@x.example"], ["+34600000001"]).person is younger
    assert matcher.find(["new@x.example"], ["+34600000001"]).by == "phone"


def test_a_deleted_person_comes_last():
    deleted = Person(1, AddressBook("e@x.example"), is_deleted=True)
    younger = Person(2, AddressBook(None, ["e@x.example"]))
    assert Matcher([deleted, younger]).find(["e@x.example"], []).person is younger
    assert Matcher([deleted]).find(["e@x.example"], []).person is deleted


def test_where_an_address_goes():
    book = AddressBook()
    places = [book.add(f"e{number}@x.example") for number in range(LIMIT + 2)]
    assert places == [Place.PRIMARY, *[Place.ALTERNATIVE] * LIMIT, Place.LEFT_OUT]
    assert book.add("e0@x.example") is Place.KNOWN


def test_a_text_is_split_at_commas_semicolons_and_line_ends():
    assert split_phones("600 12 34 56;\n +34 947 12 34 56,,") == ["600 12 34 56", "+34 947 12 34 56"]
    assert split_emails("a@x.example b@x.example;Ana <c@x.example>, ,") == [
        "a@x.example",
        "b@x.example",
        "Ana <c@x.example>",
    ]
    assert split_emails("") == []
