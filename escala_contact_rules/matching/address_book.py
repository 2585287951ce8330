"""The addresses of one contact, of one kind: a primary and at most ten alternatives."""

from dataclasses import dataclass, field
from enum import Enum

LIMIT = 10


class Place(Enum):
    """What became of an address that was added."""

    KNOWN = "known"
    PRIMARY = "primary"
    ALTERNATIVE = "alternative"
    LEFT_OUT = "left out"


@dataclass
class AddressBook:
    """Normalised addresses. `new_primary` and `new_alternatives` are what was added since the book was opened."""

    primary: str | None = None
    alternatives: list[str] = field(default_factory=list)
    new_primary: str | None = field(default=None, init=False)
    new_alternatives: list[str] = field(default_factory=list, init=False)

    def __contains__(self, address: str) -> bool:
        return address == self.primary or address in self.alternatives

    def add(self, address: str) -> Place:
        """Give the address a place. None of those that are there already ever loses its own."""
        if address in self:
            return Place.KNOWN
        if not self.primary:
            self.primary = self.new_primary = address
            return Place.PRIMARY
        if len(self.alternatives) >= LIMIT:
            return Place.LEFT_OUT
        self.alternatives.append(address)
        self.new_alternatives.append(address)
        return Place.ALTERNATIVE
