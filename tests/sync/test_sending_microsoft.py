"""A server that puts a Message-ID of its own in the place of ours, and names it in its answer, as Microsoft's does."""

from email import message_from_bytes
from email.policy import default

import pytest

from tests.sync.sending import deliver_now, draft
from tests.sync.support import compose, deliver, ledger, sync, uids_on_server

THEIRS = "<DB1P1.{}@DB1P1.eurprd01.prod.outlook.com>"


@pytest.fixture
def office(office, login):
    """Another Message-ID for each test, as a server gives none twice."""
    office.theirs = THEIRS.format(login.partition("@")[0])
    office.answer = f"250 2.0.0 OK {office.theirs} [Hostname=DB1P1.eurprd01.prod.outlook.com]"
    return office


def file_copy(email, office, dovecot, keep_ours: bool = True) -> None:
    """Put the copy into the folder of sent mail as the server would.

    :param keep_ours: whether it keeps our Message-ID in a field of its own
    """
    ours, theirs = email.message_id.encode(), office.theirs.encode()
    content = office.got[0].content
    field = next(line for line in content.split(b"\r\n") if ours in line)
    kept = b"X-Microsoft-Original-Message-ID:\r\n " + ours + b"\r\n" if keep_ours else b""
    content = content.replace(field, kept + b"Message-ID: " + theirs) + b"\r\n-- added by the server"
    dovecot.append(email.mailbox_id.email, "Sent", content, (b"\\Seen",))


def reply_to(theirs: str, ana, sender) -> bytes:
    return compose(
        ana.email,
        "Re: Oferta",
        To=sender.email,
        In_Reply_To=theirs,
        References=theirs,
        Message_ID=f"<re.{theirs[1:]}",
    )


@pytest.mark.parametrize("keep_ours", [True, False])
def test_the_copy_with_another_message_id_is_the_same_email(env, sender, office, dovecot, ana, keep_ours):
    email = draft(sender, to=ana.email, subject="Oferta")
    deliver_now(email, file_copies=False)
    file_copy(email, office, dovecot, keep_ours)
    deliver_now(email)
    sync(sender)
    assert (email.copy_state, uids_on_server(dovecot, sender.email, "Sent")) == ("filed", [1])
    assert ledger(sender).email_id == email.email_id
    assert env["escala.email"].search([("partner_ids", "in", ana.ids)]) == email.email_id


def test_a_reply_to_the_other_message_id_joins_the_conversation(env, sender, office, dovecot, ana):
    email = draft(sender, to=ana.email, subject="Oferta")
    deliver_now(email, file_copies=False)
    deliver(dovecot, sender.email, [reply_to(office.theirs, ana, sender)])
    sync(sender)
    reply = ledger(sender).email_id.filtered(lambda each: each.direction == "in")
    assert reply.thread_id == email.email_id.thread_id


def test_one_refers_to_the_message_id_that_others_know(env, sender, office, ana):
    first = draft(sender, to=ana.email, subject="Oferta")
    deliver_now(first)
    action = first.email_id.with_user(sender.user_id).action_reply()
    second = env["escala.email.outgoing"].browse(action["res_id"])
    deliver_now(second)
    message = message_from_bytes(office.got[1].content, policy=default)
    assert message["In-Reply-To"] == office.theirs
    assert message["References"] == f"{first.message_id} {office.theirs}"
    assert second.email_id.thread_id == first.email_id.thread_id


def test_what_was_perhaps_sent_is_found_by_what_the_message_id_was(env, sender, office, dovecot, ana):
    """The answer that names the other one was never heard."""
    office.hang_up_after = 1
    email = draft(sender, to=ana.email, subject="Oferta")
    deliver_now(email, file_copies=False)
    assert (email.state, email.server_message_id) == ("unknown", False)
    file_copy(email, office, dovecot)
    deliver_now(email, send=False)
    assert (email.state, email.copy_state) == ("sent", "filed")
    deliver(dovecot, sender.email, [reply_to(office.theirs, ana, sender)])
    sync(sender)
    sent = ledger(sender).filtered(lambda row: row.folder_id.role == "sent").email_id
    reply = ledger(sender).filtered(lambda row: row.folder_id.role == "inbox").email_id
    assert sent == email.email_id
    assert sent.server_message_id == office.theirs
    assert reply.thread_id == sent.thread_id


def test_the_same_message_id_elsewhere_is_another_email(env, sender, office, dovecot, ana):
    email = draft(sender, to=ana.email, subject="Oferta")
    deliver_now(email)
    deliver(
        dovecot, sender.email, [compose(ana.email, "Otra cosa", To=sender.email, Message_ID=office.theirs)]
    )
    sync(sender)
    of_inbox = ledger(sender).filtered(lambda row: row.folder_id.role == "inbox")
    assert of_inbox.email_id
    assert email.email_id not in of_inbox.email_id


def test_what_is_removed_before_it_is_in_the_folder_does_not_come_back(env, sender, office, dovecot, ana):
    email = draft(sender, to=ana.email, subject="Quítalo")
    deliver_now(email, file_copies=False)
    email.email_id.with_user(sender.user_id).action_remove()
    file_copy(email, office, dovecot)
    sync(sender)
    assert not ledger(sender).email_id
    assert not env["escala.email"].search([("partner_ids", "in", ana.ids)])
