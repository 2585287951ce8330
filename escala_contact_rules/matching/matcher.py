"""Which contact each row of a batch belongs to, as if the rows had come one after the other.

By its id if it has one, else by e-mail, else by phone; of several contacts the oldest, and one that was
deleted only if nobody else has the address. A contact that an earlier row of the batch makes is the youngest.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from .address_book import AddressBook, Place


@dataclass(eq=False)
class Person:
    """A contact during a batch: one that exists, or one that is going to (its `id` is None)."""

    id: int | None = None
    emails: AddressBook = field(default_factory=AddressBook)
    phones: AddressBook = field(default_factory=AddressBook)
    is_deleted: bool = False
    company_id: int | None = None


@dataclass(frozen=True)
class Match:
    """The contact that was found, and by what: "id", "email", "phone", or "name" (by the caller)."""

    person: Person
    by: str


@dataclass
class LeftOut:
    """Addresses that a person did not get: for want of room, or since they are another one's e-mail."""

    no_room: list[str] = field(default_factory=list)
    of_others: list[str] = field(default_factory=list)


class Matcher:
    """Finds and remembers the people of a batch."""

    def __init__(self, people: Iterable[Person] = ()) -> None:
        """Start with the existing contacts that any of the rows may belong to, in any order."""
        self._age: dict[Person, int] = {}
        self._by_id: dict[int, Person] = {}
        self._by_email: dict[str, list[Person]] = defaultdict(list)
        self._by_phone: dict[str, list[Person]] = defaultdict(list)
        for person in sorted(people, key=lambda person: person.id):
            self._remember(person)

    def find(
        self,
        emails: Sequence[str],
        phones: Sequence[str],
        id_: int | None = None,
        is_eligible: Callable[[Person, str], bool] = lambda person, by: True,
    ) -> Match | None:
        """Return the person whom these normalised addresses belong to. Phones count if no e-mail is known.

        `is_eligible` tells whether a person may be the one, if found by "email" or by "phone".
        """
        if id_ is not None:
            return Match(self._by_id[id_], "id") if id_ in self._by_id else None
        for addresses, index, by in ((emails, self._by_email, "email"), (phones, self._by_phone, "phone")):
            people = {person for address in addresses for person in index.get(address, ())}
            people = {person for person in people if is_eligible(person, by)}
            if people:
                return Match(min(people, key=lambda person: (person.is_deleted, self._age[person])), by)
        return None

    def add(self, person: Person, emails: Sequence[str], phones: Sequence[str]) -> LeftOut:
        """Give a person, known or new, these addresses and return the ones that it did not get.

        An e-mail address is one person's, until that one is deleted; a phone may be shared.
        """
        if person not in self._age:
            self._remember(person)
        left_out = LeftOut()
        for email in emails:
            if any(other is not person and not other.is_deleted for other in self._by_email[email]):
                if email not in person.emails:
                    left_out.of_others.append(email)
            else:
                self._place(email, person, person.emails, self._by_email, left_out)
        for phone in phones:
            self._place(phone, person, person.phones, self._by_phone, left_out)
        return left_out

    @staticmethod
    def _place(address, person, book, index, left_out) -> None:
        place = book.add(address)
        if place is Place.LEFT_OUT:
            left_out.no_room.append(address)
        elif place is not Place.KNOWN:
            index[address].append(person)

    def _remember(self, person: Person) -> None:
        self._age[person] = len(self._age)
        if person.id is not None:
            self._by_id[person.id] = person
        for book, index in ((person.emails, self._by_email), (person.phones, self._by_phone)):
            for address in filter(None, (book.primary, *book.alternatives)):
                index[address].append(person)
