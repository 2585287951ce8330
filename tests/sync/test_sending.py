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


def test_an_answer_to_a_colleague_goes_to_the_colleague(env, sender, office, ana):
    """What a colleague sent is "sent" in the colleague's mailbox only."""
    marcos = env.ref("escala_mail_sync.user_marcos")
    email = draft(sender, to=f"{ana.email}, {marcos.email}", cc="eva@y.example")
    deliver_now(email)
    email.email_id.sudo().shared_by_mailbox_ids = sender
    theirs = email.email_id.with_user(marcos)
    answer = env["escala.email.outgoing"].browse(theirs.action_reply()["res_id"])
    assert answer._get_recipients() == [sender.email]
    own = env["escala.email.outgoing"].browse(email.email_id.action_reply_all()["res_id"])
    assert own._get_recipients() == [ana.email, marcos.email, "eva@y.example"]


def test_what_is_removed_before_it_is_in_the_folder_does_not_come_back(env, sender, office, dovecot, ana):
    email = draft(sender, to=ana.email, subject="Quítalo")
    deliver_now(email, file_copies=False)
    email.email_id.with_user(sender.user_id).action_remove()
    assert not email.email_id
    deliver_now(email)
    assert uids_on_server(dovecot, sender.email, "Sent") == [1]
    sync(sender)
    assert not ledger(sender).email_id


def test_what_was_sent_goes_with_the_mailbox(env, sender, office, ana):
    email = draft(sender, to=ana.email)
    deliver_now(email, file_copies=False)
    stored = email.email_id.sudo()
    sender.with_user(sender.user_id).action_disconnect_and_remove()
    env.cr.commit()
    env["escala.mailbox"]._cron_remove_emails()
    assert not stored.exists()


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

    def test_it_is_put_off_while_others_are_sent(self, env, sender, office, ana):
        """Found due, and put off before its turn."""
        email = draft(sender, to=ana.email)
        email.action_send()
        env.cr.commit()
        email.action_undo()
        email.send_at = fields.Datetime.now() + timedelta(days=1)
        email.action_send()
        env.cr.commit()
        assert not email.sudo()._begin()
        email.end_undo_time()
        assert email.send_at > fields.Datetime.now() + timedelta(hours=23)

    def test_it_cannot_be_deleted_while_it_is_sent(self, env, sender, ana):
        email = draft(sender, to=ana.email)
        email.sudo().state = "sending"
        with pytest.raises(UserError):
            email.unlink()
        with pytest.raises(UserError):
            email.action_undo()

    def test_headers_are_one_line_each(self, env, sender, office, ana):
        email = draft(
            sender,
            to=f"{ana.email},\n luis@x.example",
            bcc="a@x.example,\r\n b@x.example",
            subject="Uno\nX-Dos: 2",
        )
        deliver_now(email)
        message = message_from_bytes(office.got[0].content, policy=default)
        assert (message["Subject"], message["X-Dos"]) == ("Uno X-Dos: 2", None)
        assert (email.state, email.copy_state) == ("sent", "filed")

    def test_domains_with_letters_of_their_own(self, env, sender, office):
        email = draft(sender, to="Íñigo <ventas@ñandú.example>")
        deliver_now(email)
        message = message_from_bytes(office.got[0].content, policy=default)
        [address] = message["To"].addresses
        assert (address.display_name, address.domain) == ("Íñigo", "xn--and-6ma2c.example")

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
        env.cr.commit()


class TestFailures:
    def test_some_are_refused(self, env, sender, office, ana):
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

    def test_who_is_busy_is_tried_again_alone(self, env, sender, office, ana):
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

    def test_a_connection_that_breaks_keeps_no_other_back(self, env, sender, office, ana):
        office.hang_up_after = 1
        emails = [draft(sender, to=ana.email, subject=str(number)) for number in range(3)]
        deliver_now(*emails, file_copies=False)
        assert [email.state for email in emails] == ["unknown", "outgoing", "outgoing"]
        assert [email.tries for email in emails[1:]] == [0, 0]
        deliver_now(*emails[1:], send=False)
        assert [email.state for email in emails] == ["unknown", "sent", "sent"]
        assert len(office.got) == 3

    def test_what_is_only_perhaps_sent_is_not_filed_when_it_is_tried_again(
        self, env, sender, office, dovecot, ana
    ):
        office.hang_up_after = 1
        email = draft(sender, to=ana.email)
        deliver_now(email, file_copies=False)
        assert email.state == "unknown"
        email.action_retry()
        office.answer = "451 4.3.0 Try again later"
        deliver_now(email, send=False)
        assert (email.state, email.sent_on) == ("outgoing", False)
        assert uids_on_server(dovecot, sender.email, "Sent") == []

    def test_what_was_sent_is_noted_though_it_cannot_be_stored(self, env, sender, office, ana, monkeypatch):
        importer = type(env["escala.email.importer"])
        monkeypatch.setattr(importer, "_store_sent", lambda self, outgoing: 1 / 0)
        email = draft(sender, to=ana.email, subject="Sin guardar")
        deliver_now(email)
        assert (email.state, email.copy_state, email.email_id.id) == ("sent", "filed", False)
        sync(sender)
        assert "Sin guardar" in ledger(sender).mapped("subject")

    def test_a_copy_that_the_server_does_not_take_keeps_no_other_back(
        self, env, sender, office, dovecot, ana, monkeypatch
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
    def test_a_file_without_content_is_not_sent_as_an_empty_one(self, env, sender, office, ana, values):
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
        assert "contraseña" in email.error  # Laura reads Spanish
        assert email.action_open_mailbox()["res_id"] == sender.id  # where it is typed again


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

    def test_no_value_comes_in_by_the_context(self, env, sender, ana):
        marcos = env.ref("escala_mail_sync.user_marcos")
        context = {
            "default_state": "outgoing",
            "default_user_id": sender.user_id.id,
            "default_message_id": "<x@y>",
        }
        email = env["escala.email.outgoing"].with_user(marcos).with_context(context).create({"to": ana.email})
        assert (email.state, email.user_id, email.message_id) == ("draft", marcos, False)
        with pytest.raises(AccessError):
            email.with_context(default_mailbox_id=sender.id).create({"to": ana.email})

    def test_what_it_answers_tells_nothing(self, env, sender, office, dovecot, ana):
        deliver(dovecot, sender.email, [compose(ana.email, "Privado")])
        sync(sender)
        drafts = env["escala.email.outgoing"].with_user(env.ref("escala_mail_sync.user_marcos"))
        with pytest.raises(AccessError):
            drafts.create({"answered_email_id": ledger(sender).email_id.id, "mailbox_id": False})
        with pytest.raises(AccessError):
            drafts.create({"mailbox_id": False}).read(["answered_email_id"])

    def test_the_mailing_of_another_tells_nothing(self, env, sender, ana):
        mailings = env["escala.email.mailing"].with_user(sender.user_id)
        mailing = mailings.create({"model": "res.partner", "res_ids": ana.ids, "subject": "Secreto"})
        marcos = env.ref("escala_mail_sync.user_marcos")
        with pytest.raises(AccessError):
            env["escala.email.outgoing"].with_user(marcos).create(
                {"mailing_id": mailing.id, "mailbox_id": False}
            )
        with pytest.raises(AccessError):
            mailings.with_user(marcos).create(
                {"model": "res.partner", "res_ids": ana.ids, "mailbox_id": sender.id}
            )

    def test_who_may_not_send_any_more_does_not(self, env, sender, office, ana):
        email = draft(sender, to=ana.email)
        email.action_send()
        sender.action_disconnect()
        deliver_now(email, send=False)
        assert (email.state, office.got) == ("failed", [])

    def test_one_reads_what_one_has_sent_oneself(self, env, sender, office):
        marcos = env.ref("escala_mail_sync.user_marcos")
        sender.write({"kind": "shared", "user_id": False, "member_ids": [(6, 0, [])], "create_leads": False})
        email = (
            env["escala.email.outgoing"]
            .with_user(marcos)
            .create(
                {
                    "mailbox_id": sender.id,
                    "to": "desconocido@x.example",
                    "subject": "Mío",
                    "body": "<p>Hola</p>",
                }
            )
        )
        deliver_now(email)
        assert email.email_id.with_user(marcos).subject == "Mío"
        with pytest.raises(AccessError):
            email.sudo().email_id.with_user(env.ref("escala_mail_sync.user_laura")).read(["subject"])

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
