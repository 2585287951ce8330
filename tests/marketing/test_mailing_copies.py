"""A copy of the database sends no mailings, and no mail server has a secret."""

import time

import pytest

from odoo.addons.escala_mail_sync.oauth.client import Tokens

from setup import odoo_env
from tests.marketing.conftest import make_account
from tests.marketing.mailings import make_contacts, make_mailing, send, traces
from tests.smtp import server as smtp_server
from tests.sync.duplicates import duplicated


@pytest.fixture
def ids(odoo_database, smtp_port, login):
    """Of an account and of contacts; copying ends all connections with the database."""
    with odoo_env.environment(odoo_database) as env:
        contacts = make_contacts(env, login)
        return make_account(env, f"copied.{login}", smtp_port).id, contacts.ids


def test_a_copy_sends_nothing_until_somebody_reconnects(odoo_database, ids, post_office):
    with duplicated(odoo_database) as env:
        account = env["escala.mailbox"].browse(ids[0])
        mailing = make_mailing(env, env["res.partner"].browse(ids[1]), account)
        send(mailing)
        states, reasons = traces(mailing)
        assert states == ["error"] * 3
        assert "copy of the database" in reasons
        assert post_office.got == []
        account.action_connect()
        mailing.action_retry_failed()
        send(mailing)
        assert len(post_office.got) == 3


def test_a_neutralised_copy_sends_nothing_and_has_no_secret(odoo_database, ids, post_office):
    post_office.logins.clear()
    with odoo_env.environment(odoo_database) as env:
        tokens = Tokens("an access token", "a refresh token", time.time() + 3600)
        env["escala.oauth.token"]._store(env["escala.mailbox"].browse(ids[0]), tokens)
        env.cr.commit()
    with duplicated(odoo_database, neutralize=True) as env:
        assert not env["escala.oauth.token"].search_count([])
        account = env["escala.mailbox"].browse(ids[0])
        server = account._find_mail_servers()
        assert not server.active
        server.active = True  # as somebody may do by mistake
        mailing = make_mailing(env, env["res.partner"].browse(ids[1]), account)
        send(mailing)
        assert traces(mailing)[0] == ["error"] * 3
        assert not account.has_smtp_password
    assert (post_office.logins, post_office.got) == ([], [])


def test_no_mail_server_has_a_secret(env, account):
    statement = (
        "SELECT smtp_pass, to_jsonb(server)::text FROM ir_mail_server server WHERE escala_mailbox_id = %s"
    )
    env.cr.execute(statement, [account.id])
    [(password, row)] = env.cr.fetchall()
    assert not password
    assert smtp_server.PASSWORD not in row
    assert "gAAAA" not in row
