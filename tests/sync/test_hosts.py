"""Mailboxes on addresses inside of private networks: not unless an administrator allows it, whoever asks."""

import socket

import pytest

from setup import imap_proxy
from tests.sync import support

FORMS = ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "::1", "::ffff:127.0.0.1")


@pytest.fixture
def forbidden(env):
    """The setting as it is unless somebody changes it."""
    parameters = env["ir.config_parameter"]
    parameters.search([("key", "=", "escala_mail_sync.allow_private_hosts")]).unlink()
    env.cr.commit()
    yield
    env.cr.rollback()
    parameters.set_param("escala_mail_sync.allow_private_hosts", "True")
    env.cr.commit()


@pytest.fixture
def proxy(dovecot):
    with imap_proxy.running(dovecot.host, dovecot.port) as proxy:
        yield proxy


@pytest.fixture
def marcos(env):
    return env.ref("escala_mail_sync.user_marcos")


def create(env, user, dovecot, login, **values):
    return env(user=user.id)["escala.mailbox"].create(
        {
            "email": login,
            "imap_host": dovecot.host,
            "imap_port": dovecot.port,
            "imap_security": "none",
            "imap_password": dovecot.password,
            **values,
        }
    )


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.mark.parametrize("host", FORMS)
def test_an_open_port_looks_like_a_closed_one(env, forbidden, marcos, dovecot, proxy, login, host):
    mailbox = create(env, marcos, dovecot, login, imap_host=host)
    answers = set()
    for port in (proxy.port, closed_port()):
        mailbox.write({"imap_port": port, "imap_password": "guess"})
        answers.add(mailbox.action_test_connection()["params"]["message"])
        answers.add(mailbox.action_connect()["params"]["message"])
    assert len(answers) == 1
    assert "inside of a private network" in answers.pop()
    assert mailbox.state == "draft"
    assert proxy.connections == 0


def test_a_manager_of_shared_mailboxes_is_told_the_same(env, forbidden, dovecot, proxy, login):
    admin = env.ref("base.user_admin")
    mailbox = create(env, admin, dovecot, login, imap_port=proxy.port, kind="shared")
    assert "inside of a private network" in mailbox.action_connect()["params"]["message"]
    assert proxy.connections == 0


def test_a_mailbox_that_was_connected_is_stopped_when_it_is_not_allowed_any_more(
    env, mailbox, proxy, forbidden
):
    support.move(mailbox, imap_port=proxy.port)
    support.sync(mailbox)
    assert (mailbox.state, mailbox.error_code, mailbox.next_check) == ("error", "address_forbidden", False)
    assert proxy.connections == 0


def test_the_setting_is_for_administrators_and_allows_it(env, forbidden, marcos, dovecot, login):
    from odoo.exceptions import AccessError

    mailbox = create(env, marcos, dovecot, login)
    with pytest.raises(AccessError), env.cr.savepoint():
        env(user=marcos.id)["res.config.settings"].create({"mailbox_allow_private_hosts": True}).execute()
    settings = env(user=env.ref("base.user_admin").id)["res.config.settings"]
    assert not settings.create({}).mailbox_allow_private_hosts
    settings.create({"mailbox_allow_private_hosts": True}).execute()
    assert mailbox.action_test_connection()["params"]["type"] == "success"


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_port_is_a_number_from_1_to_65535(env, marcos, dovecot, login, port):
    from psycopg2.errors import CheckViolation

    mailbox = create(env, marcos, dovecot, login)
    with pytest.raises(CheckViolation), env.cr.savepoint():
        mailbox.imap_port = port
