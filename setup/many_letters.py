"""Conversations with customers over some years: any number of e-mails, of the same people and words every time."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address

from setup.letters import known_contact, write_text

CONTACTS = 1_000
TEXTS = 2_000  # after which they come again
MOST_IN_CONVERSATION = 8
PERIOD = timedelta(days=3 * 365)
UNREAD_SINCE = timedelta(days=10)
ANSWERED = 0.5  # of what comes after the first e-mail of a conversation
WITH_FILE = 0.1


@dataclass(frozen=True)
class ManyLetter:
    """One e-mail of a conversation: `number` counts conversations, `position` the e-mails of each."""

    number: int
    position: int
    customer: Address
    is_sent: bool
    is_unread: bool
    has_file: bool
    date: datetime
    subject: str
    paragraphs: tuple[str, ...]

    @property
    def key(self) -> str:
        """What no other e-mail has."""
        return f"{self.number}.{self.position}"


def customers() -> list[Address]:
    """Return everybody who takes part."""
    return [known_contact(number) for number in range(CONTACTS)]


def conversations(count: int, until: datetime) -> Iterator[list[ManyLetter]]:
    """Yield so many e-mails in conversations of one to some, those that end first before others.

    :param until: when the last one ends
    """
    texts: dict[str, list[tuple]] = {}
    for seed in range(TEXTS):
        language, *text = write_text(random.Random(f"text {seed}"))
        texts.setdefault(language, []).append(tuple(text))
    people = customers()
    written = number = 0
    while written < count:
        chance = random.Random(f"conversation {number}")
        size = min(chance.randint(1, MOST_IN_CONVERSATION), count - written)
        written += size
        ends = until - PERIOD * (1 - written / count)
        said = chance.choices(texts[chance.choice(sorted(texts))], k=size)
        yield _conversation(chance, number, people[number % CONTACTS], said, ends, until)
        number += 1


def _conversation(chance, number, customer, texts, ends: datetime, until: datetime) -> list[ManyLetter]:
    dates = [ends]
    for _text in texts[1:]:
        dates.insert(0, dates[0] - timedelta(minutes=chance.randint(30, 2_400)))
    subject = texts[0][0]
    letters = []
    for position, ((_subject, paragraphs), date) in enumerate(zip(texts, dates, strict=True)):
        is_sent = position > 0 and chance.random() < ANSWERED
        letters.append(
            ManyLetter(
                number=number,
                position=position,
                customer=customer,
                is_sent=is_sent,
                is_unread=not is_sent and date == ends and until - date < UNREAD_SINCE,
                has_file=chance.random() < WITH_FILE,
                date=date,
                subject=f"Re: {subject}" if position else subject,
                paragraphs=paragraphs,
            )
        )
    return letters
