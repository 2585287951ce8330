"""A row of data on its way to becoming a contact, or part of one."""

from dataclasses import dataclass, field

from ..matching.matcher import Person


@dataclass
class RegistrationRow:
    """The values of a row without its addresses, the addresses, and what becomes of it."""

    values: dict
    id: int | None = None
    # Whether somebody of ours answers for the addresses.
    is_attended: bool = False
    # Of each kind: normalised -> as typed, the primary first; and what could not be normalised.
    emails: dict[str, str] = field(default_factory=dict)
    invalid_emails: list[str] = field(default_factory=list)
    phones: dict[str, str] = field(default_factory=dict)
    invalid_phones: list[str] = field(default_factory=list)
    # How a phone is read depends on whose it is.
    typed_phones: list[str] = field(default_factory=list)
    # As typed -> work, home or other.
    labels: dict[str, str] = field(default_factory=dict)
    # The values of people and addresses that the row has under its own contact.
    children: list[dict] = field(default_factory=list)
    # What is decided
    person: Person | None = None
    matched_by: str | None = None
    result: str | None = None
    reasons: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name, or what else to call the contact by."""
        valid = (*self.emails.values(), *self.phones.values())
        addresses = (*valid, *self.invalid_emails, *self.invalid_phones)
        return self.values.get("name") or next(iter(addresses), "")

    @property
    def is_stored(self) -> bool:
        """Whether the row has been decided to go into a contact."""
        return self.result in ("created", "updated", "restored")

    def end(self, result: str, *reasons: str) -> None:
        """Decide the row."""
        self.result = result
        self.reasons.extend(reasons)

    def start_over(self) -> None:
        """Forget an attempt that was rolled back."""
        self.person = self.matched_by = self.result = None
        self.reasons.clear()
