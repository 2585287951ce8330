"""A great many e-mails in mailboxes that are there, as some years of work leave them: written past Odoo, in a minute.

They are in a folder of its own in each mailbox, which is not synchronised.
"""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from html import escape

from setup.letters import FILES
from setup.many_letters import ManyLetter, conversations, customers

FOLDER = "Histórico de clientes"
DOMAIN = "clientes.example"  # of the Message-IDs
SNIPPET = 200  # letters
# Tables in which rows have numbers that others refer to.
NUMBERED = ("escala_email_thread", "mail_message", "escala_email", "ir_attachment")
COPIED = ("name", "type", "store_fname", "checksum", "file_size", "mimetype", "create_uid")

Row = dict[str, object]


def fill(env, mailboxes, count: int) -> None:
    """Write e-mails of customers into mailboxes, conversation by conversation in turn.

    :param env: a superuser's environment; the transaction is left to the caller
    :param mailboxes: with addresses from which the answers are
    """
    people = [{"name": each.display_name, "email": each.addr_spec} for each in customers()]
    contacts = env["res.partner"].create(people)
    # what they wrote before is looked for on no server
    env["escala.history.request"].search([("email", "in", contacts.mapped("email_normalized"))]).unlink()
    contact_ids = dict(zip((person["email"] for person in people), contacts.ids, strict=True))
    folders = env["escala.mailbox.folder"].create(
        [
            {"mailbox_id": mailbox.id, "path": FOLDER, "role": "other", "uidvalidity": 1}
            for mailbox in mailboxes
        ]
    )
    files = env["ir.attachment"].create([{"name": name, "raw": raw} for name, _kind, _subtype, raw in FILES])
    env.flush_all()
    ids = {table: _reserve(env, table, count) for table in NUMBERED}
    tables: dict[str, list[Row]] = {}
    for conversation in conversations(count, datetime.now().replace(microsecond=0)):
        thread_id = next(ids["escala_email_thread"])
        tables.setdefault("escala_email_thread", []).append({"id": thread_id})
        folder = folders[conversation[0].number % len(folders)]
        for letter in conversation:
            contact_id = contact_ids[letter.customer.addr_spec]
            file = files[letter.number % len(files)] if letter.has_file else None
            for table, row in _rows(letter, ids, thread_id, contact_id, folder, file):
                tables.setdefault(table, []).append(row)
    for table, rows in tables.items():
        _copy(env, table, rows)
    env.invalidate_all()


def _reserve(env, table: str, count: int) -> Iterator[int]:
    """Return numbers that nothing else in the table will have."""
    env.cr.execute("SELECT nextval(%s)", [f"{table}_id_seq"])
    [first] = env.cr.fetchone()
    env.cr.execute("SELECT setval(%s, %s)", [f"{table}_id_seq", first + count])
    return iter(range(first, first + count))


def _rows(
    letter: ManyLetter, ids, thread_id: int, contact_id: int, folder, file
) -> Iterator[tuple[str, Row]]:
    """Yield the rows of an e-mail, with their tables, in the order in which they refer to each other."""
    email_id, mail_message_id = next(ids["escala_email"]), next(ids["mail_message"])
    us = folder.mailbox_id.email
    them = f"{letter.customer.display_name} <{letter.customer.addr_spec}>"
    sender, recipient = (us, them) if letter.is_sent else (them, us)
    names = [f"<{letter.number}.{position}@{DOMAIN}>" for position in range(letter.position + 1)]
    yield "escala_email_reference", {"message_id": names[-1], "thread_id": thread_id}
    yield (
        "mail_message",
        {
            "id": mail_message_id,
            "model": "escala.email",
            "res_id": email_id,
            "message_type": "email",
            "email_from": sender,
            "reply_to": sender,
            "subject": letter.subject,
            "date": letter.date,
            "create_date": letter.date,
            "body": "".join(f"<p>{escape(paragraph)}</p>" for paragraph in letter.paragraphs),
        },
    )
    yield (
        "escala_email",
        {
            "id": email_id,
            "thread_id": thread_id,
            "mail_message_id": mail_message_id,
            "date": letter.date,
            "direction": "out" if letter.is_sent else "in",
            "subject": letter.subject,
            "sender": sender,
            "sender_email": us if letter.is_sent else letter.customer.addr_spec,
            "recipients": recipient,
            "snippet": " ".join(letter.paragraphs)[:SNIPPET],
            "attachment_count": int(letter.has_file),
            "message_id": names[-1],
            "in_reply_to": names[-2] if letter.position else None,
            "references": " ".join(names[:-1]) or None,
            "addresses": f"{letter.customer.addr_spec} {us}",
            "content_key": f"{DOMAIN} {letter.key}",
            "words": _words(letter, sender, recipient),
            "is_history": True,
        },
    )
    yield "escala_email_res_partner_rel", {"escala_email_id": email_id, "res_partner_id": contact_id}
    yield (
        "escala_mailbox_message",
        {
            "folder_id": folder.id,
            "mailbox_id": folder.mailbox_id.id,
            "uidvalidity": folder.uidvalidity,
            "uid": email_id,  # whatever the server might have said
            "email_id": email_id,
            "state": "linked",
            "seen": not letter.is_unread,
            "internal_date": letter.date,
            "content_key": f"{DOMAIN} {letter.key}",
        },
    )
    if file:
        file_id = next(ids["ir_attachment"])
        copied = {name: file[name].id if name == "create_uid" else file[name] for name in COPIED}
        yield "ir_attachment", {"id": file_id, "res_model": "escala.email", "res_id": email_id, **copied}
        yield "message_attachment_rel", {"message_id": mail_message_id, "attachment_id": file_id}


def _words(letter: ManyLetter, sender: str, recipient: str) -> str:
    from odoo.addons.escala_mail_sync.searching import make_tsvector  # noqa: PLC0415  only once Odoo is loaded

    return make_tsvector(
        {"from": sender, "to": recipient, "subject": letter.subject, "body": "\n".join(letter.paragraphs)}
    )


def _copy(env, table: str, rows: list[Row]) -> None:
    """Store rows that have the same columns; None is NULL."""
    file = io.StringIO()
    csv.writer(file).writerows(row.values() for row in rows)
    file.seek(0)
    columns = ", ".join(f'"{column}"' for column in rows[0])
    env.cr._obj.copy_expert(f'COPY "{table}" ({columns}) FROM STDIN WITH (FORMAT csv)', file)
