"""What people write does not wait for mailings, and cannot leave by their account."""

import contextlib
import socket
import threading
import time

import pytest

from odoo.exceptions import UserError

from tests.conftest import make_mailbox
from tests.marketing.mailings import make_mailing, send, traces
from tests.smtp import server as smtp_server
from tests.sync.sending import deliver_now, draft


@pytest.fixture
def office():
    return smtp_server.Rules()


@pytest.fixture
def laura(env, dovecot, login, office):
    """The mailbox of somebody who writes while a mailing is being sent."""
    env["escala.mailbox"].search([("kind", "=", "personal")]).active = False
    env.flush_all()
    with smtp_server.running(office) as port:
        yield make_mailbox(
            env,
            dovecot,
            login,
            smtp_host=smtp_server.HOST,
            smtp_port=port,
            smtp_security="none",
            smtp_password=smtp_server.PASSWORD,
        )


def test_a_slow_server(env, account, contacts, laura, office):
    mailing = make_mailing(env, contacts, account)
    mailing.action_launch()
    with silent_server() as (port, is_reached):
        env.cr.execute("UPDATE escala_mailbox SET smtp_port = %s WHERE id = %s", [port, account.id])
        env.cr.commit()
        worker = threading.Thread(target=process_queue, args=(env.registry,))
        worker.start()
        assert is_reached.wait(20)
        started = time.monotonic()
        email = draft(laura, to="ana@cliente.example")
        deliver_now(email)
        took = time.monotonic() - started
        assert worker.is_alive()
    worker.join(30)
    assert not worker.is_alive()
    assert (email.state, len(office.got)) == ("sent", 1)
    assert took < 10  # seconds; a mailing waits 30 for each answer
    env.invalidate_all()
    assert traces(mailing)[0] == ["error"] * 3


def test_a_refusing_server(env, account, post_office, contacts, laura, office):
    post_office.answer = "451 4.7.1 Too much"
    mailing = make_mailing(env, contacts, account)
    send(mailing)
    assert traces(mailing)[0] == ["error"] * 3
    email = draft(laura, to="ana@cliente.example")
    deliver_now(email)
    assert (email.state, len(office.got)) == ("sent", 1)


def test_the_account_cannot_be_chosen(env, account, laura):
    assert account not in env["escala.mailbox"].with_user(laura.user_id)._find_for_sending()
    email = draft(laura, to="ana@cliente.example")
    email.sudo().mailbox_id = account
    with pytest.raises(UserError):
        email.action_send()
    env.cr.rollback()


def process_queue(registry) -> None:
    """What Odoo's cron does, in a transaction of its own."""
    from odoo import api

    with registry.cursor() as cursor:
        api.Environment(cursor, 1, {})["mailing.mailing"]._process_mass_mailing_queue()


@contextlib.contextmanager
def silent_server():
    """Give the port of a server that takes connections and says nothing, and an event: somebody waits there."""
    is_reached = threading.Event()
    connections = []
    with socket.create_server((smtp_server.HOST, 0)) as listener:

        def accept() -> None:
            connections.append(listener.accept()[0])
            is_reached.set()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield listener.getsockname()[1], is_reached
        finally:
            for connection in connections:
                connection.close()
