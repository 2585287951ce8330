"""What the tests of the synchronisation share: letters to deliver, a run to make, and what came of it."""

import contextlib
import functools
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from odoo import fields

from setup import unprivileged
from setup.dovecot import PASSWORD

TEXT = "Buenos días,\n\n¿cuánto cuesta una instalación?\n\nUn saludo\n"


def compose(sender, subject="Consulta", *, text=TEXT, html=None, attachments=(), **headers) -> bytes:
    """Return a message as it lies on a server; without a sender, it has no From.

    `attachments` are (file name, MIME type, bytes); a header's name is written with underscores.
    """
    message = EmailMessage(policy=SMTP)
    if sender:
        message["From"] = sender
    message["Subject"] = subject
    for name, value in {
        "To": "laura@nordica.example",
        "Date": "Mon, 05 Oct 2026 10:00:00 +0200",
        **headers,
    }.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for name, mimetype, content in attachments:
        maintype, _, subtype = mimetype.partition("/")
        message.add_attachment(content, maintype, subtype, filename=name)
    return message.as_bytes()


def letters(count: int, prefix: str, **values) -> list[bytes]:
    """Return that many messages, each of a sender of its own whom nobody knows."""
    return [
        compose(
            f"{prefix}{number}@stranger.example",
            f"{prefix} {number}",
            Message_ID=f"<{prefix}.{number}@stranger.example>",
            **values,
        )
        for number in range(1, count + 1)
    ]


def demo_contact(env, name: str):
    return env.ref(f"escala_contact_rules.partner_{name}")


def deliver(dovecot, login: str, raws, folder: str = "INBOX", flags=()) -> None:
    dovecot.append_all(login, folder, [(raw, flags, None) for raw in raws])


@contextlib.contextmanager
def impatience() -> Iterator[None]:
    """Don't wait half a minute for a server that says nothing: only where it is meant to, as any may be slow."""
    from odoo.addons.escala_mail_sync.models import escala_mailbox_connection

    settings = functools.partial(escala_mailbox_connection.ServerSettings, timeout=0.5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(escala_mailbox_connection, "ServerSettings", settings)
        yield


def sync(mailboxes):
    """Check these mailboxes now and no others, by the method of the cron, and return its reports."""
    env = mailboxes.env
    now = fields.Datetime.now()
    others = env["escala.mailbox"].search([("id", "not in", mailboxes.ids), ("next_check", "!=", False)])
    others.next_check = now + timedelta(hours=6)
    mailboxes.write({"next_check": now, "sync_requested": True})
    env.cr.commit()
    env.invalidate_all()  # what other processes have committed is seen from here on
    reports = env["escala.mailbox"]._cron_sync()
    mailboxes.invalidate_recordset()
    return reports


def move(mailbox, **values) -> None:
    """Change where the mailbox is said to be, with its password, and say that it was connected there before."""
    mailbox.write({"imap_password": PASSWORD, **values})
    mailbox.state = "connected"
    mailbox.env.cr.commit()


def is_in_words(text: str) -> bool:
    """Tell whether a user can read this: no traceback, no code, no class name."""
    signs = ("Traceback", "Error(", "Exception", "b'", "errno", "None", PASSWORD)
    return bool(text) and " " in text and not any(sign in text for sign in signs)


def emails_of(contact):
    """Return the e-mails of a contact, and of a company also those of its people."""
    return contact.env["escala.email"].search([("partner_ids", "child_of", contact.id)])


def ledger(mailboxes):
    """Return the ledger in the order of the server's numbers."""
    env = mailboxes.env
    env.cr.rollback()
    return env["escala.mailbox.message"].search([("mailbox_id", "in", mailboxes.ids)], order="folder_id, uid")


def subjects(mailboxes) -> list[str]:
    """Return the subjects of what was imported, in order."""
    return ledger(mailboxes).filtered("email_id").mapped("subject")


def cursors(mailboxes) -> dict[str, tuple]:
    mailboxes.env.cr.rollback()
    return {
        folder.path: (folder.uidvalidity, folder.high_uid)
        for folder in mailboxes.folder_ids
        if folder.selected
    }


def uids_on_server(dovecot, login: str, folder: str = "INBOX") -> list[int]:
    with dovecot.connect(login) as client:
        client.select_folder(folder, readonly=True)
        return client.search()


def flags_on_server(dovecot, login: str, folder: str = "INBOX") -> dict[int, set[bytes]]:
    """Map every UID to its flags; \\Recent is about the session that looks, not about the message."""
    with dovecot.connect(login) as client:
        client.select_folder(folder, readonly=True)
        flags = client.get_flags(client.search())
    return {uid: set(values) - {b"\\Recent"} for uid, values in flags.items()}


def raw_on_server(dovecot, login: str, uid: int, folder: str = "INBOX") -> bytes:
    with dovecot.connect(login) as client:
        client.select_folder(folder, readonly=True)
        return client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"]


def set_uidvalidity(dovecot, login: str, value: int, folder: str = "INBOX") -> None:
    words = ["mailbox", "update", "--uid-validity", str(value), "-u", login, folder]
    command = unprivileged.command("doveadm", "-c", str(dovecot.folder / "dovecot.conf"), *words)
    subprocess.run(command, check=True, cwd="/", capture_output=True)


def assert_sound(mailboxes) -> None:
    """Assert what holds after any run: nothing is there twice, and every e-mail is whole."""
    rows = ledger(mailboxes)
    places = Counter((row.folder_id.id, row.uidvalidity, row.uid) for row in rows)
    assert not [place for place, count in places.items() if count > 1]
    emails = rows.email_id
    assert len(set(emails.mapped("content_key"))) == len(emails)
    env = mailboxes.env
    messages = env["mail.message"].search([("model", "=", "escala.email"), ("res_id", "in", emails.ids)])
    assert sorted(messages.mapped("res_id")) == sorted(emails.ids)
    assert messages == emails.mail_message_id.sorted(lambda message: messages.ids.index(message.id))
    attachments = env["ir.attachment"].search(
        [("res_model", "=", "escala.email"), ("res_id", "in", emails.ids)]
    )
    assert set(attachments) == set(emails.attachment_ids)
    for email in emails:
        assert email.body
        assert len(email.attachment_ids) == email.attachment_count
