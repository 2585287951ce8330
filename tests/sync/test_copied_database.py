"""A copy of a database, neutralised or not, and a mail server that counts who comes."""

import pytest

from setup import imap_proxy, odoo_env
from tests.conftest import make_mailbox
from tests.sync import support
from tests.sync.duplicates import duplicated


@pytest.fixture
def proxy(dovecot):
    with imap_proxy.running(dovecot.host, dovecot.port) as proxy:
        yield proxy


@pytest.fixture
def mailbox_id(odoo_database, dovecot, login, proxy):
    """A connected mailbox of the user Laura, so that there is somebody to be told, with mail to be read."""
    with odoo_env.environment(odoo_database) as env:
        env["escala.mailbox"].search([]).active = False  # those of the tests before
        env.flush_all()
        mailbox_id = make_mailbox(env, dovecot, login, imap_port=proxy.port).id
    support.deliver(dovecot, login, support.letters(3, f"copied{mailbox_id}"))
    proxy.forget()
    return mailbox_id


def test_a_copy_reads_nothing_until_somebody_reconnects(odoo_database, mailbox_id, proxy):
    with duplicated(odoo_database) as env:
        mailbox = env["escala.mailbox"].browse(mailbox_id)
        told = env["mail.message"].search_count([])
        support.sync(mailbox)
        answer = mailbox.action_test_connection()
        mailbox.action_sync_now()
        env["escala.mailbox"]._cron_sync()
        assert proxy.connections == 0
        assert (mailbox.state, mailbox.next_check) == ("error", False)
        assert "copy of the database" in mailbox.last_error
        assert "copy of the database" in answer["params"]["message"]
        assert env["mail.message"].search_count([]) == told
        mailbox.with_user(mailbox.user_id).action_connect()
        support.sync(mailbox)
        assert mailbox.state == "connected"
        assert len(support.subjects(mailbox)) == 3
    assert proxy.connections > 0


def test_the_original_is_read_on(odoo_database, mailbox_id):
    with duplicated(odoo_database):
        pass
    with odoo_env.environment(odoo_database) as env:
        mailbox = env["escala.mailbox"].browse(mailbox_id)
        support.sync(mailbox)
        assert len(support.subjects(mailbox)) == 3


def test_a_neutralised_copy_has_no_secret_and_reads_nothing(odoo_database, mailbox_id, proxy):
    with duplicated(odoo_database, neutralize=True) as env:
        mailbox = env["escala.mailbox"].browse(mailbox_id)
        assert (mailbox.state, mailbox.next_check, mailbox.has_password) == ("draft", False, False)
        env.cr.execute("SELECT jsonb_agg(mailbox)::text FROM escala_mailbox mailbox")
        assert "gAAAA" not in env.cr.fetchone()[0]
        crons = [env.ref(f"escala_mail_sync.{name}") for name in ("ir_cron_sync", "ir_cron_sync_second")]
        assert not any(cron.active for cron in crons)
        support.sync(mailbox)
        mailbox.action_connect()
        assert "password" in mailbox.last_error
        assert proxy.connections == 0


def test_neutralising_without_a_copy(odoo_database, mailbox_id, proxy):
    """By the command, on a database that was copied by other means and has the identifier of the original."""
    from odoo.modules.neutralize import neutralize_database

    with odoo_env.environment(odoo_database) as env:
        neutralize_database(env.cr)
        env.invalidate_all()
        mailbox = env["escala.mailbox"].browse(mailbox_id)
        support.sync(mailbox)
        assert (mailbox.state, mailbox.has_password, proxy.connections) == ("draft", False, 0)


def test_a_mailbox_that_is_new_in_a_copy_is_the_copys(odoo_database, mailbox_id, dovecot, login):
    with duplicated(odoo_database) as env:
        user = env.ref("escala_mail_sync.user_marcos")
        values = {"email": f"new-{login}", "imap_host": dovecot.host, "imap_port": dovecot.port}
        values |= {"imap_security": "none", "imap_password": dovecot.password}
        mailbox = env["escala.mailbox"].with_user(user).create(values)
        assert mailbox.action_test_connection()["params"]["type"] == "success"


def test_an_upgrade_leaves_mailboxes_to_the_database_that_they_are_in(odoo_database, mailbox_id):
    with odoo_env.environment(odoo_database) as env:
        mailbox = env["escala.mailbox"].browse(mailbox_id)
        env.cr.execute("UPDATE escala_mailbox SET database_uuid = NULL")
        mailbox._init_column("database_uuid")
        env.invalidate_all()
        support.sync(mailbox)
        assert mailbox.state == "connected"
