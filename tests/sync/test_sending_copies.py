"""What was sent is one e-mail in Odoo and one message in the folder of sent mail."""

from tests.sync.sending import deliver_now, draft
from tests.sync.support import (
    assert_sound,
    compose,
    deliver,
    ledger,
    sync,
    uids_on_server,
)


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
