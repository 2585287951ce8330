"""What the SMTP server refuses, or does not answer."""

from datetime import timedelta

import pytest

from odoo import fields

from tests.sync.sending import deliver_now, draft
from tests.sync.support import (
    ledger,
    sync,
    uids_on_server,
)


def test_some_are_refused(env, sender, office, ana):
    office.refused = {
        "lleno@x.example": "552 5.2.2 The mailbox is full",
        "secreto@x.example": "550 5.1.1 Nobody here",
    }
    email = draft(sender, to=f"{ana.email}, Lleno <lleno@x.example>", bcc="secreto@x.example")
    deliver_now(email)
    assert office.got[0].rcpt_tos == [ana.email]
    assert (email.state, email.refused) == ("sent", "lleno@x.example, secreto@x.example")
    assert "The mailbox is full" in email.error
    again = env["escala.email.outgoing"].browse(email.action_edit_again()["res_id"])
    assert (again.to, again.bcc, again.body, again.state) == (
        '"Lleno" <lleno@x.example>',
        "secreto@x.example",
        email.body,
        "draft",
    )


def test_nobody_takes_it(env, sender, office, ana):
    office.refused = {ana.email: "550 5.1.1 No such user here"}
    email = draft(sender, to=ana.email)
    deliver_now(email)
    assert email.state == "failed"
    assert "No such user here" in email.error
    told = env["mail.message"].search([("model", "=", email._name), ("res_id", "=", email.id)])
    assert "No such user here" in told.body
    assert sender.user_id.partner_id in told.notified_partner_ids
    office.refused = {}
    email.action_retry()
    deliver_now(email, send=False)
    assert (email.state, len(office.got)) == ("sent", 1)


def test_a_busy_server_is_tried_again_later_and_later(env, sender, office, ana):
    office.answer = "451 4.3.0 Try again later"
    email = draft(sender, to=ana.email)
    delays = []
    email.action_send()
    for _attempt in range(3):
        deliver_now(email, send=False)
        assert email.state == "outgoing"
        delays.append(email.send_at - fields.Datetime.now())
    assert delays[0] < delays[1] < delays[2]
    assert "Try again later" in email.error
    office.answer = "250 2.0.0 OK"
    deliver_now(email, send=False)
    assert (email.state, email.error, len(office.got)) == ("sent", False, 1)


def test_who_is_busy_is_tried_again_alone(env, sender, office, ana):
    office.refused = {"lista@x.example": "450 4.2.0 Greylisted"}
    email = draft(sender, to=f"{ana.email}, lista@x.example", bcc="nadie@x.example")
    deliver_now(email)
    assert office.got[0].rcpt_tos == [ana.email, "nadie@x.example"]
    assert (email.state, email.remaining) == ("outgoing", "lista@x.example")
    assert email.email_id.partner_ids == ana
    office.refused = {}
    deliver_now(email, send=False)
    assert office.got[1].rcpt_tos == ["lista@x.example"]
    assert office.got[1].content == office.got[0].content
    assert (email.state, email.error) == ("sent", False)
    assert env["escala.email"].search_count([("message_id", "=", email.message_id)]) == 1


def test_who_was_tried_again_is_not_taken_for_reached_because_others_were(env, sender, office, dovecot, ana):
    """The copy in the folder of sent mail is of the first try, and says nothing of the second."""
    office.refused = {"lista@x.example": "450 4.2.0 Greylisted"}
    email = draft(sender, to=f"{ana.email}, lista@x.example")
    deliver_now(email)
    office.refused, office.hang_up_after = {}, 2
    for _run in range(5):
        deliver_now(email, send=False)
    assert (email.state, email.remaining) == ("unknown", "lista@x.example")
    office.hang_up_after = 0
    email.action_retry()
    deliver_now(email, send=False)
    assert office.got[-1].rcpt_tos == ["lista@x.example"]
    assert (email.state, email.remaining, email.copy_state) == ("sent", False, "filed")
    assert uids_on_server(dovecot, sender.email, "Sent") == [1]


def test_a_copy_that_is_still_to_be_filed_is_so_when_others_are_tried_again(
    env, sender, office, dovecot, ana
):
    office.refused = {"lista@x.example": "450 4.2.0 Greylisted"}
    email = draft(sender, to=f"{ana.email}, lista@x.example")
    deliver_now(email, file_copies=False)
    password, office.password = office.password, "another"
    deliver_now(email, send=False, file_copies=False)
    assert (email.state, email.copy_state) == ("failed", "pending")
    office.refused, office.password = {}, password
    email.action_retry()
    deliver_now(email, send=False)
    assert (email.state, email.copy_state) == ("sent", "filed")
    assert uids_on_server(dovecot, sender.email, "Sent") == [1]


def test_a_connection_that_breaks_keeps_no_other_back(env, sender, office, ana):
    office.hang_up_after = 1
    emails = [draft(sender, to=ana.email, subject=str(number)) for number in range(3)]
    deliver_now(*emails, file_copies=False)
    assert [email.state for email in emails] == ["unknown", "outgoing", "outgoing"]
    assert [email.tries for email in emails[1:]] == [0, 0]
    deliver_now(*emails[1:], send=False)
    assert [email.state for email in emails] == ["unknown", "sent", "sent"]
    assert len(office.got) == 3


def test_what_is_only_perhaps_sent_is_not_filed_when_it_is_tried_again(env, sender, office, dovecot, ana):
    office.hang_up_after = 1
    email = draft(sender, to=ana.email)
    deliver_now(email, file_copies=False)
    assert email.state == "unknown"
    email.action_retry()
    office.answer = "451 4.3.0 Try again later"
    deliver_now(email, send=False)
    assert (email.state, email.sent_on) == ("outgoing", False)
    assert uids_on_server(dovecot, sender.email, "Sent") == []


def test_what_was_sent_is_noted_though_it_cannot_be_stored(env, sender, office, ana, monkeypatch):
    importer = type(env["escala.email.importer"])
    monkeypatch.setattr(importer, "_store_sent", lambda self, outgoing: 1 / 0)
    email = draft(sender, to=ana.email, subject="Sin guardar")
    deliver_now(email)
    assert (email.state, email.copy_state, email.email_id.id) == ("sent", "filed", False)
    sync(sender)
    assert "Sin guardar" in ledger(sender).mapped("subject")


def test_a_copy_that_the_server_does_not_take_keeps_no_other_back(
    env, sender, office, dovecot, ana, monkeypatch
):
    from odoo.addons.escala_mail_sync.imap import errors, session

    append = session.ImapSession.append

    def refuse_large(self, folder, message, flags):
        if b"Subject: Grande" in message:
            raise errors.MailboxError("server_error", "[LIMIT] too large")
        append(self, folder, message, flags)

    monkeypatch.setattr(session.ImapSession, "append", refuse_large)
    emails = [draft(sender, to=ana.email, subject=subject) for subject in ("Grande", "Chico")]
    deliver_now(*emails)
    assert [email.copy_state for email in emails] == ["pending", "filed"]


@pytest.mark.parametrize("values", [{"type": "url", "url": "https://x.example/a.pdf"}, {"raw": b"plano"}])
def test_a_file_without_content_is_not_sent_as_an_empty_one(env, sender, office, ana, values):
    file = (
        env["ir.attachment"]
        .with_user(sender.user_id)
        .create({"name": "plano.pdf", "res_model": "escala.email.outgoing", **values})
    )
    env.flush_all()
    env.cr.execute("UPDATE ir_attachment SET store_fname = 'aa/gone' WHERE id = %s", [file.id])
    env.invalidate_all()
    email = draft(sender, to=ana.email, attachment_ids=[(6, 0, file.ids)])
    deliver_now(email)
    assert (email.state, office.got) == ("failed", [])
    assert "plano.pdf" in email.error


def test_it_is_given_up_after_a_day(env, sender, office, ana):
    office.answer = "451 4.3.0 Try again later"
    email = draft(sender, to=ana.email)
    deliver_now(email)
    email.sudo().first_try = fields.Datetime.now() - timedelta(days=1, minutes=1)
    deliver_now(email, send=False)
    assert email.state == "failed"


def test_a_wrong_password_is_said(env, sender, office, ana):
    office.password = "another"
    email = draft(sender, to=ana.email)
    deliver_now(email)
    assert email.state == "failed"
    assert "contraseña" in email.error  # Laura reads Spanish
    assert email.action_open_mailbox()["res_id"] == sender.id  # where it is typed again
