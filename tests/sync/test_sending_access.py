"""Who may write, read and send which e-mail."""

import pytest

from odoo.exceptions import AccessError, UserError

from tests.sync.sending import deliver_now, draft
from tests.sync.support import (
    compose,
    deliver,
    ledger,
    sync,
)


def test_nobody_reads_the_drafts_of_others(env, sender, ana):
    email = draft(sender, to=ana.email, subject="Secreto")
    for login in ("marcos", "admin"):
        other = env["escala.email.outgoing"].with_user(env["res.users"].search([("login", "=", login)]))
        assert not other.search([("id", "=", email.id)])
        with pytest.raises(AccessError):
            other.browse(email.id).read(["subject"])


def test_nobody_reads_what_became_of_the_emails_of_others(env, sender, office, ana):
    """Their author is told by a message of Odoo's, with the subject and what the server said."""
    office.refused = {ana.email: "550 5.1.1 Nobody here"}
    email = draft(sender, to=ana.email, subject="Secreto")
    deliver_now(email)
    told = env["mail.message"].search([("model", "=", email._name), ("res_id", "=", email.id)])
    assert "Secreto" in told.with_user(sender.user_id).subject
    admin = told.with_user(env.ref("base.user_admin"))
    assert not admin.search([("id", "=", told.id)])
    with pytest.raises(AccessError):
        admin.read(["subject"])
    with pytest.raises(AccessError):
        admin.export_data(["subject"])
    raw = env["ir.attachment"].search([("res_model", "=", email._name), ("res_field", "=", "raw")])
    assert raw
    with pytest.raises(AccessError):
        raw.with_user(env.ref("base.user_admin")).read(["datas"])


def test_nobody_sends_from_the_mailbox_of_another(env, sender, office, ana):
    marc = env.ref("escala_mail_sync.user_marcos")
    drafts = env["escala.email.outgoing"].with_user(marc)
    with pytest.raises((UserError, AccessError)):
        drafts.create({"mailbox_id": sender.id, "to": ana.email}).action_send()


def test_no_value_comes_in_by_the_context(env, sender, ana):
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


def test_what_it_answers_tells_nothing(env, sender, office, dovecot, ana):
    deliver(dovecot, sender.email, [compose(ana.email, "Privado")])
    sync(sender)
    drafts = env["escala.email.outgoing"].with_user(env.ref("escala_mail_sync.user_marcos"))
    with pytest.raises(AccessError):
        drafts.create({"answered_email_id": ledger(sender).email_id.id, "mailbox_id": False})
    with pytest.raises(AccessError):
        drafts.create({"mailbox_id": False}).read(["answered_email_id"])


def test_the_mailing_of_another_tells_nothing(env, sender, ana):
    mailings = env["escala.email.mailing"].with_user(sender.user_id)
    mailing = mailings.create({"model": "res.partner", "res_ids": ana.ids, "subject": "Secreto"})
    marcos = env.ref("escala_mail_sync.user_marcos")
    with pytest.raises(AccessError):
        env["escala.email.outgoing"].with_user(marcos).create({"mailing_id": mailing.id, "mailbox_id": False})
    with pytest.raises(AccessError):
        mailings.with_user(marcos).create(
            {"model": "res.partner", "res_ids": ana.ids, "mailbox_id": sender.id}
        )


def test_who_may_not_send_any_more_does_not(env, sender, office, ana):
    email = draft(sender, to=ana.email)
    email.action_send()
    sender.action_disconnect()
    deliver_now(email, send=False)
    assert (email.state, office.got) == ("failed", [])


def test_one_reads_what_one_has_sent_oneself(env, sender, office):
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


def test_a_shared_mailbox_is_for_its_members(env, sender, ana):
    sender.write({"kind": "shared", "user_id": False, "member_ids": [(6, 0, [])]})
    marc = env.ref("escala_mail_sync.user_marcos")
    mailboxes = env["escala.mailbox"].with_user(marc)
    assert sender in mailboxes._find_for_sending()
    sender.member_ids = env.ref("escala_mail_sync.user_laura")
    assert sender not in mailboxes._find_for_sending()
    sender.write({"member_ids": [(6, 0, [])], "kind": "marketing"})
    assert sender not in mailboxes._find_for_sending()


def test_files_that_one_may_not_read_cannot_be_sent(env, sender, ana):
    secret = env["ir.attachment"].create({"name": "nóminas.txt", "raw": b"1"})
    with pytest.raises(AccessError):
        draft(sender, to=ana.email, attachment_ids=[(6, 0, secret.ids)]).action_send()


def test_what_became_of_it_cannot_be_written(env, sender, ana):
    email = draft(sender, to=ana.email)
    for values in ({"state": "sent"}, {"user_id": 2}, {"message_id": "<x@y>"}, {"email_id": False}):
        with pytest.raises(AccessError):
            email.write(values)
