"""E-mail of client accounts, from a real mail server to the account, its documents and the portal."""

import pytest

from tests.sync.support import compose, deliver, sync

PLAN = [("plano.pdf", "application/pdf", b"%PDF-1.4 plano")]


@pytest.fixture
def row(env, login):
    """An address on an account, with a login, whose attachments are saved."""
    account = env["res.partner"].create({"name": f"Account of {login}", "is_company": True})
    contact = env["res.partner"].create({"name": "Ana", "email": f"ana-{login}"})
    row = env["escala.account.contact"].create(
        {"account_id": account.id, "contact_id": contact.id, "login": True, "save_attachments": True}
    )
    env.cr.commit()
    return row


def emails_of(row):
    return row.env["escala.email"].search([("account_ids", "in", row.account_id.ids)])


def shown_to(row):
    emails = row.env["escala.email"].sudo()
    return emails.search(emails._get_client_domain(row.account_id, row.login_id.user_id))


def count_filed(row):
    """Count the copies of the plan, besides the file of the e-mail itself, wherever documents keep theirs."""
    files = row.env["ir.attachment"]
    checksum = files._compute_checksum(PLAN[0][2])
    any_field = ["|", ("res_field", "=", False), ("res_field", "!=", False)]
    return files.search_count([("checksum", "=", checksum), ("res_model", "!=", "escala.email"), *any_field])


def test_new_mail_is_on_the_account_with_its_files_once(dovecot, login, mailbox, row):
    sync(mailbox)
    plans = compose(row.email, "plans", attachments=PLAN)
    deliver(dovecot, login, [plans, compose(login, "answer", To=row.email)])
    sync(mailbox)
    deliver(dovecot, login, [plans])
    sync(mailbox)
    assert sorted(emails_of(row).mapped("subject")) == ["answer", "plans"]
    assert shown_to(row) == emails_of(row)
    assert count_filed(row) == 1


def test_switched_off_and_on_again(dovecot, login, mailbox, row):
    row.email_sync = False
    row.env.cr.commit()
    deliver(dovecot, login, [compose(row.email, "meanwhile")])
    sync(mailbox)
    assert not emails_of(row)
    row.email_sync = True
    row.env.cr.commit()
    row._cron_link_past_emails()
    sync(mailbox)
    assert emails_of(row).mapped("subject") == ["meanwhile"]


def test_bcc_does_not_show_it(dovecot, login, mailbox, row):
    deliver(
        dovecot, login, [compose(login, "discreet", To="x@elsewhere.example", Bcc=row.email)], folder="Sent"
    )
    sync(mailbox)
    assert emails_of(row).mapped("subject") == ["discreet"]
    assert not shown_to(row)
