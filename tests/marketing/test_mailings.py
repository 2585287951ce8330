"""Mailings leave by the marketing account, with its login."""

import time
from email import message_from_bytes
from email.policy import default

from odoo.addons.escala_mail_sync.oauth.client import Tokens

from setup import oauth_server
from setup import smtp_server as provider_smtp
from tests.marketing.conftest import make_account
from tests.marketing.mailings import make_mailing, send, traces
from tests.sync.support import raw_on_server


def sender_of(envelope) -> str:
    return message_from_bytes(envelope.content, policy=default)["From"].addresses[0].addr_spec


def test_a_mailing_leaves_by_the_account_with_its_login(env, account, post_office, contacts, marketer):
    mailing = make_mailing(env(user=marketer), contacts, account)
    assert mailing.email_from == f'"Boletín Nórdica" <{account.email}>'
    post_office.logins.clear()
    send(mailing)
    assert sorted(envelope.rcpt_tos for envelope in post_office.got) == sorted(
        [email] for email in contacts.mapped("email")
    )
    assert {sender_of(envelope) for envelope in post_office.got} == {account.email}
    assert {envelope.mail_from for envelope in post_office.got} == {account.email}
    assert post_office.logins == [("PLAIN", True)]
    assert mailing.state == "done"
    assert traces(mailing) == (["sent"] * 3, "")


def test_an_account_that_is_signed_in_for_sends_with_its_access_token(env, dovecot, login):
    dovecot.create_user(login)
    address = f"news.{login}"
    with (
        oauth_server.running() as provider,
        provider_smtp.running(dovecot, ("nordica.example",), provider.address_of) as smtp,
    ):
        provider.configure(env, dovecot.host, dovecot.port, smtp.port)
        account = env["escala.mailbox"].create(
            {"kind": "marketing", "email": address, "auth_method": "google"}
        )
        tokens = Tokens(provider.access_token(address), "unused", time.time() + 3600)
        env["escala.oauth.token"]._store(account, tokens)
        account.action_connect()
        env.cr.commit()
        assert account.state == "connected", account.last_error
        mailing = make_mailing(env, env["res.partner"].create({"name": "Ana", "email": login}), account)
        send(mailing)
        assert traces(mailing) == (["sent"], "")
    assert b"Solo en mayo" in raw_on_server(dovecot, login, 1, "INBOX")


def test_the_sample_of_a_mailing_leaves_by_the_account(env, account, post_office, contacts, marketer):
    env = env(user=marketer)
    wizard = env["mailing.mailing.test"].create(
        {"mass_mailing_id": make_mailing(env, contacts, account).id, "email_to": "yo@nordica.example"}
    )
    wizard.send_mail_test()
    assert [envelope.rcpt_tos for envelope in post_office.got] == [["yo@nordica.example"]]


def test_mailings_leave_by_the_first_account_unless_told_otherwise(env, account, smtp_port, login):
    parameters = env["ir.config_parameter"]
    parameters.set_param("mass_mailing.mail_server_id", False)
    parameters.set_param("mass_mailing.outgoing_mail_server", False)
    first = make_account(env, f"first.{login}", smtp_port)
    make_account(env, f"second.{login}", smtp_port)
    mailing = make_mailing(env, env["res.partner"])
    assert mailing.mail_server_available
    assert mailing.mail_server_id == first._find_mail_servers()
    first.action_disconnect()
    assert not make_mailing(env, env["res.partner"]).mail_server_id
