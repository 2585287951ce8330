"""A server that takes connections and says nothing keeps nobody else's mail back."""

import contextlib
import socket
import threading

import pytest

from setup.dovecot import PASSWORD
from tests.conftest import make_mailbox
from tests.smtp.server import HOST, Rules
from tests.sync.sending import deliver_now, draft


class Telling(Rules):
    """Notes when it gets something."""

    async def handle_DATA(self, server, session, envelope):
        self.events.append("got")
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def events():
    """What happened at the servers, in that order."""
    return []


@pytest.fixture
def office(events):
    rules = Telling(password=PASSWORD)
    rules.events = events
    return rules


@contextlib.contextmanager
def silent_server(events, name):
    """A port that takes every connection, notes it, and says nothing."""
    listener = socket.create_server((HOST, 0))

    def listen():
        with contextlib.suppress(OSError):
            while True:
                connections.append(listener.accept()[0])
                events.append(name)

    connections: list[socket.socket] = []
    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(3)
        for connection in connections:
            connection.close()


@pytest.fixture
def impatient_at(monkeypatch):
    """The ports that nobody waits half a minute at for an answer."""
    from odoo.addons.escala_mail_sync.models import escala_mailbox_smtp

    def settings(host, port, *values, **options):
        timeout = {"timeout": 0.5} if port in ports else {}
        return ServerSettings(host, port, *values, **options, **timeout)

    ports: set[int] = set()
    ServerSettings = escala_mailbox_smtp.ServerSettings
    monkeypatch.setattr(escala_mailbox_smtp, "ServerSettings", settings)
    return ports


@pytest.fixture
def silent(env, sender, dovecot, login, events, impatient_at):
    """Two shared mailboxes whose servers are known to be silent: an e-mail of each waits."""
    with contextlib.ExitStack() as stack:
        waiting = []
        for number in (1, 2):
            port = stack.enter_context(silent_server(events, f"silent {number}"))
            impatient_at.add(port)
            mailbox = make_mailbox(
                env,
                dovecot,
                f"silent{number}.{login}",
                kind="shared",
                user_id=False,
                smtp_host=HOST,
                smtp_port=port,
                smtp_security="none",
            )
            waiting.append(draft(mailbox, sender.user_id, to="iker@ibarra.example"))
        deliver_now(*waiting)
        assert [email.state for email in waiting] == ["outgoing", "outgoing"]
        assert events == ["silent 1", "silent 2"]
        events.clear()
        yield waiting


def test_it_comes_last_and_one_in_a_run(env, sender, ana, silent, events):
    email = draft(sender, to=ana.email)
    email.action_send()
    deliver_now(*silent, email, file_copies=False)
    assert email.state == "sent"
    assert events == ["got", "silent 1"]
    deliver_now(silent[1], file_copies=False)
    assert events == ["got", "silent 1", "silent 2"]


def test_one_that_answers_again_is_like_any_other(env, sender, office, silent, events):
    mailbox = silent[0].mailbox_id
    assert mailbox in env["escala.email.outgoing"]._find_silent_mailboxes()
    mailbox.sudo().write({"smtp_port": sender.smtp_port, "imap_password": PASSWORD})
    env.cr.commit()
    deliver_now(silent[0], file_copies=False)
    assert (silent[0].state, events) == ("sent", ["got"])
    assert mailbox not in env["escala.email.outgoing"]._find_silent_mailboxes()
