"""A marketing account that cannot be used, or refuses: nothing is sent, and each e-mail says why."""

import pytest

from setup import tls
from tests.marketing.conftest import make_account
from tests.marketing.mailings import make_mailing, send, traces
from tests.smtp import server as smtp_server


@pytest.mark.parametrize("how", ["action_disconnect", "action_archive"])
def test_a_stopped_account_sends_nothing(env, account, post_office, contacts, how):
    mailing = make_mailing(env, contacts, account)
    getattr(account, how)()
    assert not account._find_mail_servers().active
    send(mailing)
    states, reasons = traces(mailing)
    assert states == ["error"] * 3
    assert "is not connected" in reasons
    assert post_office.got == []
    account.write({"active": True})
    account.action_connect()
    assert account._find_mail_servers().active
    mailing.action_retry_failed()
    send(mailing)
    assert len(post_office.got) == 3


def test_a_deleted_account_sends_nothing(env, smtp_port, post_office, contacts, login):
    account = make_account(env, f"gone.{login}", smtp_port)
    server = account._find_mail_servers()
    mailing = make_mailing(env, contacts, account)
    account.unlink()
    env.cr.commit()
    assert (server.active, server.escala_mailbox_id.id) == (False, False)
    send(mailing)
    states, reasons = traces(mailing)
    assert states == ["error"] * 3
    assert "archived" in reasons
    assert post_office.got == []


def test_a_refused_login_is_tried_once_and_turns_the_account_red(env, account, post_office, contacts):
    post_office.password = "another"
    env["ir.config_parameter"].set_param("mail.batch_size", "1")
    post_office.logins.clear()
    mailing = make_mailing(env, contacts, account)
    send(mailing)
    env["ir.config_parameter"].set_param("mail.batch_size", False)
    assert post_office.logins == [("PLAIN", False)]
    states, reasons = traces(mailing)
    assert states == ["error"] * 3
    assert "password" in reasons
    assert (account.state, account.error_code) == ("error", "wrong_password")


def test_a_recipient_that_is_refused_says_why(env, account, post_office, contacts):
    post_office.refused = {contacts[1].email: "550 5.1.1 No such user here"}
    mailing = make_mailing(env, contacts, account)
    send(mailing)
    states, reasons = traces(mailing)
    assert sorted(states) == ["error", "sent", "sent"]
    assert "No such user here" in reasons


def test_another_from_is_refused(env, account, post_office, contacts):
    mailing = make_mailing(env, contacts, account, email_from="jefe@otra.example")
    assert mailing.warning_message
    send(mailing)
    states, reasons = traces(mailing)
    assert states == ["error"] * 3
    assert account.email in reasons
    assert post_office.got == []


def test_servers_inside_of_the_network_need_an_administrators_leave(env, account, post_office, contacts):
    env["ir.config_parameter"].set_param("escala_mail_sync.allow_private_hosts", "False")
    post_office.logins.clear()
    mailing = make_mailing(env, contacts, account)
    send(mailing)
    env["ir.config_parameter"].set_param("escala_mail_sync.allow_private_hosts", "True")
    env.cr.commit()
    assert "private network" in traces(mailing)[1]
    assert post_office.logins == []


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_that_nobody_knows_is_refused(env, post_office, contacts, login, tmp_path, security):
    with smtp_server.running(post_office, security, tls.self_signed(tmp_path)) as port:
        account = make_account(env, f"tls.{login}", port, smtp_security=security)
        assert account.state == "draft"
        account.sudo().state = "connected"  # as if it had been known when the account was connected
        mailing = make_mailing(env, contacts, account)
        send(mailing)
    assert "certificate" in traces(mailing)[1]
    assert post_office.logins == []
