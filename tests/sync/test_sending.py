"""E-mails that are written in Odoo and leave through the mailbox's own SMTP server."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from odoo import fields
from odoo.exceptions import AccessError, UserError

from tests.sync.sending import deliver_now, draft
from tests.sync.support import (
    assert_sound,
    compose,
    deliver,
    flags_on_server,
    ledger,
    raw_on_server,
    sync,
    uids_on_server,
)


def test_everybody_gets_it_and_nobody_sees_the_bcc(env, sender, office, dovecot, ana):
    email = draft(
        sender, to=f"Ana <{ana.email}>", cc="luis@x.example", bcc="secreto@y.example", subject="Hola"
    )
    deliver_now(email)
    assert email.state == "sent"
    [envelope] = office.got
    assert sorted(envelope.rcpt_tos) == sorted([ana.email, "luis@x.example", "secreto@y.example"])
    assert b"secreto" not in envelope.content
    message = message_from_bytes(envelope.content, policy=default)
    assert message["From"].addresses[0].addr_spec == sender.email
    assert message["Cc"] == "luis@x.example"
    own = message_from_bytes(raw_on_server(dovecot, sender.email, 1, "Sent"), policy=default)
    assert own["Bcc"] == "secreto@y.example"
    assert flags_on_server(dovecot, sender.email, "Sent") == {1: {b"\\Seen"}}


def test_what_was_sent_is_on_the_contact_at_once_and_once_only(env, sender, office, dovecot, ana):
    email = draft(sender, to=ana.email, subject="Oferta")
    deliver_now(email)
    assert email.email_id.partner_ids == ana
    assert email.email_id.direction == "out"
    assert email.email_id.with_user(sender.user_id).body
    sync(sender)
    assert uids_on_server(dovecot, sender.email, "Sent") == [1]
    assert env["escala.email"].search([("message_id", "=", email.message_id)]) == email.email_id
    assert ledger(sender).email_id == email.email_id
    assert_sound(sender)


def test_it_is_on_the_lead_that_it_was_written_on(env, sender, office):
    lead = env["crm.lead"].create({"name": "Placas", "email_from": "compras@cliente.example"})
    email = draft(sender, to="otra@cliente.example", model="crm.lead", res_id=lead.id)
    deliver_now(email)
    assert lead in email.email_id.lead_ids


def test_a_copy_that_the_server_files_and_changes_is_the_only_one(env, sender, office, dovecot, ana):
    """Some servers file what leaves by them, with other boundaries and headers of their own."""
    email = draft(sender, to=ana.email, subject="Factura")
    deliver_now(email, file_copies=False)
    changed = office.got[0].content.replace(b"Subject: Factura", b"X-Server: 1\r\nSubject:  Factura")
    dovecot.append(sender.email, "Sent", changed + b"\r\n-- added by the server", (b"\\Seen",))
    deliver_now(email)
    assert email.copy_state == "filed"
    sync(sender)
    assert uids_on_server(dovecot, sender.email, "Sent") == [1]
    assert ledger(sender).email_id == email.email_id


def test_a_forged_message_id_in_the_inbox_is_another_email(env, sender, office, dovecot, ana):
    email = draft(sender, to=ana.email, subject="Precio")
    deliver_now(email)
    forged = compose(sender.email, "Otro precio", Message_ID=email.message_id, To=ana.email)
    deliver(dovecot, sender.email, [forged])
    sync(sender)
    of_inbox = ledger(sender).filtered(lambda row: row.folder_id.role == "inbox")
    assert email.email_id not in of_inbox.email_id


def test_a_mailbox_without_a_folder_for_sent_mail_gets_one(env, sender, office, dovecot, ana):
    with dovecot.connect(sender.email) as client:
        client.unsubscribe_folder("Sent")
    deliver_now(draft(sender, to=ana.email))
    assert uids_on_server(dovecot, sender.email, "Sent") == [1]


def test_an_answer_belongs_to_the_conversation_and_completes_the_activity(env, sender, office, dovecot, ana):
    question = compose(
        ana.email, "¿Precio?", To=sender.email, Message_ID="<uno@x.example>", References="<cero@x.example>"
    )
    deliver(dovecot, sender.email, [question])
    sync(sender)
    asked = ledger(sender).email_id
    assert env["mail.activity"].search_count([("escala_email_id", "=", asked.id)]) == 1
    action = asked.with_user(sender.user_id).action_reply()
    answer = env["escala.email.outgoing"].browse(action["res_id"])
    assert (answer.mailbox_id, answer.subject) == (sender, "Re: ¿Precio?")
    assert "¿cuánto cuesta una instalación?" in answer.body
    deliver_now(answer)
    message = message_from_bytes(office.got[0].content, policy=default)
    assert message["In-Reply-To"] == "<uno@x.example>"
    assert message["References"] == "<cero@x.example> <uno@x.example>"
    assert office.got[0].rcpt_tos == [ana.email]
    assert answer.email_id.thread_id == asked.thread_id
    assert not env["mail.activity"].search_count([("escala_email_id", "=", asked.id)])


def test_reply_all_goes_to_everybody_but_oneself(env, sender, office, dovecot, ana):
    question = compose(
        f'"Pérez, Ana" <{ana.email}>',
        "Reunión",
        To=f"Laura <{sender.email}>, Luis <luis@x.example>",
        Cc="Eva <eva@y.example>",
        Reply_To="oficina@llamazares.example",
    )
    deliver(dovecot, sender.email, [question])
    sync(sender)
    action = ledger(sender).email_id.with_user(sender.user_id).action_reply_all()
    answer = env["escala.email.outgoing"].browse(action["res_id"])
    assert answer._get_recipients() == ["oficina@llamazares.example", "luis@x.example", "eva@y.example"]
    assert answer.cc == "eva@y.example"


def test_a_forwarded_email_takes_its_files_along(env, sender, office, dovecot, ana):
    files = [("plano.pdf", "application/pdf", b"%PDF-1.4 plano")]
    deliver(dovecot, sender.email, [compose(ana.email, "Plano", attachments=files)])
    sync(sender)
    action = ledger(sender).email_id.with_user(sender.user_id).action_forward()
    forwarded = env["escala.email.outgoing"].browse(action["res_id"])
    forwarded.with_user(sender.user_id).to = "obra@z.example"
    deliver_now(forwarded)
    message = message_from_bytes(office.got[0].content, policy=default)
    [file] = message.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("plano.pdf", b"%PDF-1.4 plano")
    assert "¿cuánto cuesta" in message.get_body(("html",)).get_content()
    assert not message["In-Reply-To"]


def test_pictures_in_the_text_travel_with_it(env, sender, office, ana):
    picture = (
        env["ir.attachment"]
        .with_user(sender.user_id)
        .create(
            {
                "name": "foto.png",
                "raw": b"\x89PNG foto",
                "mimetype": "image/png",
                "res_model": "escala.email.outgoing",
            }
        )
    )
    email = draft(
        sender, to=ana.email, body=f'<p>Mira <img src="/web/image/{picture.id}-0a1b/foto.png?x=1"></p>'
    )
    deliver_now(email)
    message = message_from_bytes(office.got[0].content, policy=default)
    [image] = [part for part in message.walk() if part.get_content_maintype() == "image"]
    assert image.get_content() == picture.raw
    html = message.get_body(("html",)).get_content()
    assert f"cid:{image['Content-ID'][1:-1]}" in html
    assert "/web/image" not in html


class TestBeforeItLeaves:
    def test_it_can_be_undone(self, env, sender, office, ana):
        email = draft(sender, to=ana.email)
        email.action_send()
        assert email.action_undo()["res_id"] == email.id
        deliver_now(email, send=False)
        assert (email.state, office.got) == ("draft", [])

    def test_it_waits_some_seconds(self, env, sender, office, ana):
        email = draft(sender, to=ana.email)
        email.action_send()
        env.cr.commit()
        email.env["escala.email.outgoing"].sudo()._cron_send()
        assert (email.state, office.got) == ("outgoing", [])

    def test_it_waits_for_its_time(self, env, sender, office, ana):
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        email = draft(sender, to=ana.email, send_at=tomorrow)
        email.action_send()
        assert email.send_at == tomorrow
        deliver_now(email, send=False)
        assert office.got == []

    def test_it_cannot_be_changed_any_more(self, env, sender, ana):
        email = draft(sender, to=ana.email)
        email.action_send()
        with pytest.raises(UserError):
            email.to = "otro@x.example"

    @pytest.mark.parametrize("wrong", ["", "nadie", "ana@", "Pérez, Ana <ana@x.example>"])
    def test_who_gets_it_must_be_clear(self, env, sender, wrong):
        with pytest.raises(UserError):
            draft(sender, to=wrong).action_send()

    def test_no_more_in_a_minute_than_odoo_allows(self, env, sender, office, ana):
        env["ir.config_parameter"].set_param("mail.server.personal.limit.minutes", "2")
        emails = [draft(sender, to=ana.email, subject=str(number)) for number in range(3)]
        for email in emails:
            email.action_send()
        deliver_now(*emails, send=False)
        assert [email.state for email in emails] == ["sent", "sent", "outgoing"]
        assert emails[2].send_at > fields.Datetime.now() + timedelta(seconds=30)
        env["ir.config_parameter"].set_param("mail.server.personal.limit.minutes", "30")


class TestFailures:
    def test_some_are_refused(self, env, sender, office, ana):
        office.refused = {"lleno@x.example": "552 5.2.2 The mailbox is full"}
        email = draft(sender, to=f"{ana.email}, lleno@x.example")
        deliver_now(email)
        assert office.got[0].rcpt_tos == [ana.email]
        assert (email.state, email.refused) == ("sent", "lleno@x.example")
        assert "The mailbox is full" in email.error
        again = env["escala.email.outgoing"].browse(email.action_edit_again()["res_id"])
        assert (again.to, again.cc, again.body, again.state) == (
            "lleno@x.example",
            False,
            email.body,
            "draft",
        )

    def test_nobody_takes_it(self, env, sender, office, ana):
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

    def test_a_busy_server_is_tried_again_later_and_later(self, env, sender, office, ana):
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

    def test_it_is_given_up_after_a_day(self, env, sender, office, ana):
        office.answer = "451 4.3.0 Try again later"
        email = draft(sender, to=ana.email)
        deliver_now(email)
        email.sudo().first_try = fields.Datetime.now() - timedelta(days=1, minutes=1)
        deliver_now(email, send=False)
        assert email.state == "failed"

    def test_a_wrong_password_is_said(self, env, sender, office, ana):
        office.password = "another"
        email = draft(sender, to=ana.email)
        deliver_now(email)
        assert email.state == "failed"
        assert "password" in email.error


class TestWhoMay:
    def test_nobody_reads_the_drafts_of_others(self, env, sender, ana):
        email = draft(sender, to=ana.email, subject="Secreto")
        for login in ("marcos", "admin"):
            other = env["escala.email.outgoing"].with_user(env["res.users"].search([("login", "=", login)]))
            assert not other.search([("id", "=", email.id)])
            with pytest.raises(AccessError):
                other.browse(email.id).read(["subject"])

    def test_nobody_sends_from_the_mailbox_of_another(self, env, sender, office, ana):
        marc = env.ref("escala_mail_sync.user_marcos")
        drafts = env["escala.email.outgoing"].with_user(marc)
        with pytest.raises((UserError, AccessError)):
            drafts.create({"mailbox_id": sender.id, "to": ana.email}).action_send()

    def test_a_shared_mailbox_is_for_its_members(self, env, sender, ana):
        sender.write({"kind": "shared", "user_id": False, "member_ids": [(6, 0, [])]})
        marc = env.ref("escala_mail_sync.user_marcos")
        mailboxes = env["escala.mailbox"].with_user(marc)
        assert sender in mailboxes._find_for_sending()
        sender.member_ids = env.ref("escala_mail_sync.user_laura")
        assert sender not in mailboxes._find_for_sending()
        sender.write({"member_ids": [(6, 0, [])], "kind": "marketing"})
        assert sender not in mailboxes._find_for_sending()

    def test_files_that_one_may_not_read_cannot_be_sent(self, env, sender, ana):
        secret = env["ir.attachment"].create({"name": "nóminas.txt", "raw": b"1"})
        with pytest.raises(AccessError):
            draft(sender, to=ana.email, attachment_ids=[(6, 0, secret.ids)]).action_send()

    def test_what_became_of_it_cannot_be_written(self, env, sender, ana):
        email = draft(sender, to=ana.email)
        for values in ({"state": "sent"}, {"user_id": 2}, {"message_id": "<x@y>"}, {"email_id": False}):
            with pytest.raises(AccessError):
                email.write(values)
