"""What a side has stored, and whether that is all that was sent to it, once, and on the right record."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256

from lxml import html

from setup.letters import Letter

# Where a side keeps a message, with the fields that name the leads and contacts that it is on.
STORED = {"stock": "mail.message", "escala": "escala.email"}


@dataclass(frozen=True)
class FoundMail:
    """A message in Odoo; `text` is without white space, `attachments` are names and digests.

    `owners` are the addresses of the leads that it is on, of the contacts if there are none.
    """

    message_id: str
    owners: list[str]
    subject: str
    text: str
    attachments: dict[str, str]


def last_id(env, kind: str) -> int:
    """Return the number after which everything is new."""
    return env[STORED[kind]].search([], order="id desc", limit=1).id or 0


def read_mail(env, kind: str, after: int) -> list[dict]:
    """Return what is new as dictionaries of FoundMail."""
    domain = [("id", ">", after)] + ([("message_type", "=", "email")] if kind == "stock" else [])
    return [asdict(_read(env, kind, record)) for record in env[STORED[kind]].search(domain, order="id")]


def _read(env, kind: str, record) -> FoundMail:
    if kind == "stock":
        message, owners = record, env[record.model].browse(record.res_id)
    else:
        message, owners = record.mail_message_id, record.lead_ids or record.partner_ids
    is_lead = owners._name == "crm.lead" and len(owners) == 1
    text = html.fromstring(message.body).text_content() if message.body else ""
    return FoundMail(
        message_id=record.message_id,
        owners=owners.mapped("email_normalized"),
        subject=owners.name if is_lead else message.subject,
        text="".join(text.split()),
        attachments={file.name: sha256(file.raw).hexdigest() for file in message.attachment_ids},
    )


def find_problems(title: str, found: Sequence[dict], sent: Iterable[Letter]) -> Iterator[str]:
    """Yield what a side has not stored as it was sent: once, on its sender's record, subject, text, attachments."""
    sent_ids = {letter.message_id: letter for letter in sent}
    times = Counter(mail["message_id"] for mail in found)
    by_id = {mail["message_id"]: mail for mail in found}
    for message_id in by_id.keys() - sent_ids.keys():
        yield f"{title}: {message_id} was not sent"
    for message_id, letter in sent_ids.items():
        if times[message_id] == 1:
            differences = _compare(by_id[message_id], letter)
            yield from (f"{title}: {letter.sender}: {difference}" for difference in differences)
        else:
            yield f"{title}: {letter.sender}: {message_id} is there {times[message_id]} times"


def _compare(mail: dict, letter: Letter) -> Iterator[str]:
    """Yield what differs between what is stored and the message itself."""
    if mail["owners"] != [letter.sender]:
        yield f"on {mail['owners']}"
    if mail["subject"] != letter.subject:
        yield f"subject “{mail['subject']}” instead of “{letter.subject}”"
    for text in letter.paragraphs:
        if "".join(text.split()) not in mail["text"]:
            yield f"not in the text: {text}"
    if mail["attachments"] != {name: sha256(raw).hexdigest() for name, raw in letter.attachments.items()}:
        yield f"attachments {list(mail['attachments'])} instead of {list(letter.attachments)}"
