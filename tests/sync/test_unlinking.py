"""A link that somebody takes away does not come again by an address, whichever way the message is met again."""

from tests.conftest import make_mailbox
from tests.sync.support import compose, deliver, ledger, set_uidvalidity, sync

ANA = "ana@llamazares.example"


def unlink(env, email, partner):
    laura = env.ref("escala_mail_sync.user_laura")
    email.with_user(laura).action_unlink(partner._name, partner.id)
    env.cr.commit()


def test_not_by_a_copy_in_another_mailbox_nor_by_another_number(env, mailbox, dovecot, login):
    ana = env.ref("escala_contact_rules.partner_ana")
    raw = compose(ANA, Message_ID="<unlinked@llamazares.example>")
    deliver(dovecot, login, [raw])
    sync(mailbox)
    email = ledger(mailbox).email_id
    assert email.partner_ids == ana
    unlink(env, email, ana)
    other = make_mailbox(
        env, dovecot, f"shared-{login}", kind="shared", user_id=False, name="Ventas de prueba"
    )
    deliver(dovecot, f"shared-{login}", [raw])
    sync(other)
    assert ledger(other).email_id == email
    deliver(dovecot, login, [raw], folder="Sent")
    set_uidvalidity(dovecot, login, 4_000_000_000)
    sync(mailbox)
    assert not email.partner_ids


def test_not_by_an_address_that_somebody_gets_later(env, mailbox, dovecot, login):
    who = f"later-{login}"
    deliver(dovecot, login, [compose(who, "one"), compose(who, "two")])
    sync(mailbox)
    one, two = ledger(mailbox).email_id.sorted("subject")
    contact = env["res.partner"].create({"name": "Later"})
    laura = env.ref("escala_mail_sync.user_laura")
    one.with_user(laura).action_link("res.partner", contact.id)
    unlink(env, one, contact)
    contact.email = who
    env.cr.commit()
    sync(mailbox)
    assert two.partner_ids == contact
    assert not one.partner_ids
