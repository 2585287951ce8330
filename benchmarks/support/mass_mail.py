"""The mail of a busy mailbox, most of which concerns no contact: any number of messages, made from a few in no time."""

import email
import email.policy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from benchmarks.support.maildir import Delivery
from setup.letters import FIRST_DATE, RECIPIENT, first_contacts, known_contact

TEMPLATES = 300
STRANGERS = 5_000
STEP = timedelta(seconds=90)  # from one message to the next
RFC_DATE = "%a, %d %b %Y %H:%M:%S %z"
# What makes mail automatic, each in its turn: nothing, a newsletter, a notification.
AUTOMATIC = (
    b"",
    b"List-Id: <novedades.tienda.example>\r\nPrecedence: bulk\r\n",
    b"Auto-Submitted: auto-generated\r\n",
)
NOTE = f"""\
Return-Path: <{{sender}}>
From: {{sender}}
To: {RECIPIENT.addr_spec}
Subject: {{subject}}
Date: {{date}}
Message-ID: {{message_id}}
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Su pedido ha salido de nuestro almacén. Le avisaremos cuando llegue.
""".replace("\n", "\r\n")


@dataclass(frozen=True)
class Template:
    """A message whose sender, Message-ID and date are replaced."""

    raw: bytes
    sender: bytes
    message_id: bytes
    date: bytes


def letters() -> list[Template]:
    """Return templates of some 8 kB, as people and their mail programs write."""
    return [
        Template(letter.raw, letter.sender.encode(), letter.message_id.encode(), _date_of(letter.raw))
        for letter in first_contacts(TEMPLATES)
    ]


def notes() -> list[Template]:
    """Return one short template, for mailboxes that have to have many messages and little to read in them."""
    words = {"sender": "sender@x.example", "message_id": "<id@x.example>", "date": "<date>"}
    raw = NOTE.format(subject="Su pedido", **words).encode()
    return [Template(raw, *(words[name].encode() for name in ("sender", "message_id", "date")))]


def is_known(number: int, one_in: int) -> bool:
    """Tell whether the message with that number is of a contact."""
    return number % one_in == 0


def message_id(number: int) -> str:
    """Return the Message-ID of the message with that number."""
    return f"<mass.{number}@correo.example>"


def mass_mail(
    templates: Sequence[Template], numbers: range, one_in: int, contacts: int, variety: int = 0
) -> Iterator[Delivery]:
    """Yield the messages with these numbers, in the order of their dates.

    :param one_in: of so many messages, one is of a contact, the others of somebody whom nobody knows, two thirds of
        them automatic
    :param contacts: how many contacts write, in turn
    :param variety: give the others again and again after so many of them; they take hardly any room then
    """
    given: dict[int, Delivery] = {}
    for number in numbers:
        template = templates[number % len(templates)]
        if is_known(number, one_in):
            sender = known_contact(number // one_in % contacts).addr_spec
            yield _fill(template, number, sender, b"")
            continue
        key = number % variety if variety else number
        delivery = given.get(key)
        if delivery is None:
            sender = f"alguien{number % STRANGERS}@otros.example"
            delivery = _fill(template, number, sender, AUTOMATIC[number % len(AUTOMATIC)])
        if variety:
            given[key] = delivery
        yield delivery


def _fill(template: Template, number: int, sender: str, header: bytes) -> Delivery:
    date = FIRST_DATE + number * STEP
    raw = template.raw.replace(template.sender, sender.encode())
    raw = raw.replace(template.message_id, message_id(number).encode())
    raw = raw.replace(template.date, date.strftime(RFC_DATE).encode())
    return Delivery(header + raw, date)


def known_ids(numbers: range, one_in: int) -> set[str]:
    """Return the Message-IDs of the messages of contacts."""
    return {message_id(number) for number in numbers if is_known(number, one_in)}


def _date_of(raw: bytes) -> bytes:
    return email.message_from_bytes(raw, policy=email.policy.compat32)["Date"].encode()
