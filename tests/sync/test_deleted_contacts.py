"""Letters of contacts that were deleted lately."""

from tests.sync.support import compose, deliver, ledger, sync


def delete(contact):
    contact._move_to_bin()
    contact.env.cr.commit()


def test_who_writes_after_being_deleted_comes_back(env, mailbox, dovecot, login, ana):
    delete(ana)
    deliver(dovecot, login, [compose(f"ana.{login}", number) for number in ("1", "2")])
    sync(mailbox)
    assert not ana.deletion_date
    assert ledger(mailbox).email_id.partner_ids == ana
    assert not ledger(mailbox).email_id.lead_ids
    registration = env["contact.registration"].search([("partner_id", "=", ana.id)])
    assert (registration.source, registration.result) == ("mail", "restored")


def test_what_was_there_before_brings_nobody_back(env, mailbox, dovecot, login, ana):
    deliver(dovecot, login, [compose(f"ana.{login}")])
    delete(ana)
    ana.deletion_date = "2030-01-01"
    env.cr.commit()
    sync(mailbox)
    assert ana.deletion_date
