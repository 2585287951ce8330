"""Contacts from the vCards that are attached to synchronised e-mails."""

from tests.conftest import make_mailbox
from tests.sync.support import assert_sound, compose, deliver, ledger, subjects, sync

CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Irene Vidal\r\nEMAIL:{email}\r\nEND:VCARD\r\n"


def with_cards(*emails, subject="Tarjeta", **headers) -> bytes:
    """Return a message of a known contact with a file of cards of these people."""
    cards = "".join(CARD.format(email=email) for email in emails)
    attachments = [("cards.vcf", "text/vcard", cards.encode())]
    return compose("ana@llamazares.example", subject, attachments=attachments, **headers)


def contacts(env, *emails):
    return env["res.partner"].search([("email_normalized", "in", emails)])


def test_every_card_becomes_a_contact_and_stays_an_attachment(env, mailbox, dovecot, login):
    deliver(dovecot, login, [with_cards("irene@cards.example", "pilar@cards.example")])
    sync(mailbox)
    assert len(contacts(env, "irene@cards.example", "pilar@cards.example")) == 2
    (email,) = ledger(mailbox).email_id
    assert email.attachment_ids.mapped("name") == ["cards.vcf"]
    assert not email.partner_ids & contacts(env, "irene@cards.example")
    assert_sound(mailbox)


def test_cards_of_history_count_too(env, mailbox, dovecot, login):
    mailbox.connected_on = "2030-01-01"
    deliver(dovecot, login, [with_cards("history@cards.example")])
    sync(mailbox)
    assert ledger(mailbox).email_id.is_history
    assert contacts(env, "history@cards.example")


def test_copy_of_a_known_email_registers_nothing_again(env, mailbox, dovecot, login):
    message = with_cards("once@cards.example")
    deliver(dovecot, login, [message])
    sync(mailbox)
    contacts(env, "once@cards.example").name = "Renamed by hand"
    env.cr.commit()
    other = make_mailbox(env, dovecot, f"other-{login}", kind="shared", user_id=False)
    deliver(dovecot, f"other-{login}", [message, with_cards("news@cards.example", subject="Otra")])
    sync(other)
    assert contacts(env, "once@cards.example").name == "Renamed by hand"
    assert contacts(env, "news@cards.example")
    assert len(ledger(mailbox + other).email_id) == 2


def test_mailbox_that_makes_none(env, mailbox, dovecot, login):
    mailbox.vcard_contacts = False
    deliver(dovecot, login, [with_cards("none@cards.example")])
    sync(mailbox)
    assert not contacts(env, "none@cards.example")
    assert subjects(mailbox) == ["Tarjeta"]


def test_bad_card_stops_no_message(env, mailbox, dovecot, login):
    bad = [("bad.vcf", "text/x-vcard", b"BEGIN:VCARD\r\nFN:\xff\x00\r\nPHOTO;BASE64:!!\r\nN:")]
    deliver(
        dovecot,
        login,
        [
            compose("ana@llamazares.example", "mala", attachments=bad),
            with_cards("good@cards.example", subject="buena"),
        ],
    )
    sync(mailbox)
    assert subjects(mailbox) == ["mala", "buena"]
    assert contacts(env, "good@cards.example")


def test_same_card_in_two_mailboxes_at_once_is_one_contact(env, mailbox, dovecot, login, sync_processes):
    """Different e-mails with the same card: whoever comes second finds the contact of the first."""
    other_login = f"second-{login}"
    other = make_mailbox(env, dovecot, other_login, kind="shared", user_id=False)
    emails = [f"at-once-{number}@cards.example" for number in range(20)]
    for address in (login, other_login):
        deliver(
            dovecot,
            address,
            [with_cards(email, subject=f"{address} {email}", To=address) for email in emails],
        )
    numbers = [sync_processes.start(each) for each in (mailbox, other)]
    assert [sync_processes.wait(number) for number in numbers] == [0, 0]
    env.cr.rollback()
    found = contacts(env, *emails).mapped("email_normalized")
    assert sorted(found) == sorted(emails)
    assert len(ledger(mailbox + other).email_id) == 2 * len(emails)
