"""Whatever dies while an e-mail is sent: it is neither sent twice nor lost."""

import os
import signal
import time

import pytest

from setup.dovecot import PASSWORD
from tests.smtp.server import Rules
from tests.sync.sending import deliver_now, draft
from tests.sync.support import uids_on_server


class Killing(Rules):
    """Kills who sends, before or after it says that it has the message."""

    before = True
    victim = 0

    async def handle_DATA(self, server, session, envelope):
        answer = await super().handle_DATA(server, session, envelope)
        if self.before:
            os.kill(self.victim, signal.SIGKILL)
            time.sleep(0.1)
        return answer


@pytest.fixture
def office():
    return Killing(password=PASSWORD)


def send_and_die(email, office, sync_processes):
    email.action_send()
    email.sudo().send_at = "2026-01-01"
    email.env.cr.commit()
    office.victim = sync_processes.start_sending()
    assert sync_processes.wait(office.victim) == -signal.SIGKILL
    email.env.invalidate_all()
    email.env.cr.rollback()


def test_it_is_not_sent_again(env, sender, office, ana, sync_processes):
    email = draft(sender, to=ana.email)
    send_and_die(email, office, sync_processes)
    assert email.state == "sending"
    for _run in range(3):
        deliver_now(email, send=False)
    assert (email.state, len(office.got)) == ("unknown", 1)
    assert "puede que se haya enviado" in email.error  # Laura reads Spanish


def test_the_folder_of_sent_mail_tells_that_it_was_sent(env, sender, office, dovecot, ana, sync_processes):
    email = draft(sender, to=ana.email)
    send_and_die(email, office, sync_processes)
    dovecot.append(sender.email, "Sent", office.got[0].content, (b"\\Seen",))
    deliver_now(email, send=False)
    assert (email.state, email.copy_state, email.error) == ("sent", "filed", False)
    assert email.email_id.partner_ids == ana
    assert uids_on_server(dovecot, sender.email, "Sent") == [1]


def test_the_author_decides_and_the_number_stays(env, sender, office, ana, sync_processes):
    email = draft(sender, to=ana.email)
    send_and_die(email, office, sync_processes)
    deliver_now(email, send=False)
    office.before = False
    email.action_retry()
    deliver_now(email, send=False)
    assert email.state == "sent"
    first, second = (envelope.content for envelope in office.got)
    assert email.message_id.encode() in first
    assert email.message_id.encode() in second


@pytest.mark.parametrize("moment", [0.0, 0.02, 0.05, 0.1, 0.2, 0.4])
def test_killed_at_any_moment(env, sender, office, dovecot, ana, sync_processes, moment):
    office.before = False
    email = draft(sender, to=ana.email)
    email.action_send()
    email.sudo().send_at = "2026-01-01"
    env.cr.commit()
    pid = sync_processes.start_sending()
    time.sleep(moment)
    os.kill(pid, signal.SIGKILL)
    sync_processes.wait(pid)
    env.cr.rollback()
    deliver_now(email, send=False)
    deliver_now(email, send=False)
    sent = len(office.got)
    assert sent <= 1
    assert email.state == ("sent" if sent and email.state != "unknown" else email.state)
    assert email.state in ("sent", "unknown")
    if email.state == "sent":
        assert sent == 1
        assert len(uids_on_server(dovecot, sender.email, "Sent")) == 1
