"""Access tokens: renewed ahead, once for all workers, and what happens when they cannot be."""

import threading
import time
from datetime import timedelta

import pytest
from lxml import html

from odoo import fields

from setup import odoo_env
from tests.oauth.conftest import refresh
from tests.sync.support import deliver, is_in_words, letters, sync


def expire(mailbox, left: timedelta = timedelta(minutes=4)) -> None:
    """Have the mailbox's access token expire so soon."""
    mailbox.oauth_token_ids.expires_on = fields.Datetime.now() + left
    mailbox.env.cr.commit()


def test_token_is_used_as_long_as_it_holds(connected, provider):
    expire(connected, timedelta(minutes=6))
    sync(connected)
    assert not provider.token_requests
    assert connected.state == "connected"


def test_token_is_renewed_ahead_of_its_expiry(connected, provider, dovecot):
    expire(connected)
    deliver(dovecot, connected.email, letters(1, "renewed"))
    [*reports] = sync(connected)
    assert provider.token_requests == ["refresh_token"]
    assert sum(report.seen for report in reports) == 1
    assert connected.oauth_token_ids.expires_on > fields.Datetime.now() + timedelta(minutes=50)
    sync(connected)
    assert provider.token_requests == ["refresh_token"]


def test_workers_at_once_renew_once(odoo_database, connected, provider):
    expire(connected)
    tokens, threads = [], []

    def work():
        with odoo_env.environment(odoo_database) as env:
            tokens.append(env["escala.mailbox"].browse(connected.id)._get_credentials()["access_token"])

    with provider.lock:  # the token endpoint answers when all of them want something
        for _number in range(4):
            threads.append(threading.Thread(target=work))
            threads[-1].start()
        time.sleep(1)
    for thread in threads:
        thread.join(30)
    assert provider.token_requests == ["refresh_token"]
    assert len(tokens) == 4
    assert len(set(tokens)) == 1
    assert provider.address_of(tokens[0]) == connected.email


def test_what_is_undone_takes_no_renewed_token_along(env, connected, provider):
    expire(connected)
    for _undone_and_next in range(2):
        connected._get_credentials()
        env.cr.rollback()
        env.invalidate_all()
    assert provider.token_requests == ["refresh_token"]
    expire(connected)
    assert provider.address_of(connected._get_credentials()["access_token"]) == connected.email


def test_renewal_waits_for_nobody_who_writes_the_mailbox(env, connected):
    connected.name = "Written, and not committed yet"
    env.flush_all()
    connected.oauth_token_ids._get_access_token(refused=connected._get_credentials()["access_token"])
    env.cr.rollback()


def test_renewed_token_does_not_look_like_another_mailbox(connected):
    before = connected._get_connection()
    expire(connected)
    connected._get_credentials()
    refresh(connected)
    assert connected._get_connection() == before


def test_token_that_the_mail_server_refuses_is_renewed_once(connected, provider):
    provider.lifetime = -60
    expired = provider.access_token(connected.email)
    provider.lifetime = 3600
    token = connected.oauth_token_ids
    token.access_token_encrypted = encrypt(expired)
    assert token.expires_on > fields.Datetime.now() + timedelta(minutes=50)
    sync(connected)
    assert provider.token_requests == ["refresh_token"]
    assert connected.state == "connected", connected.last_error


def test_access_taken_back_turns_the_mailbox_red_and_tells_the_owner(connected, provider, visitor):
    provider.revoke(connected.email)
    expire(connected)
    sync(connected)
    assert (connected.state, connected.error_code) == ("error", "consent_revoked")
    assert not connected.next_check
    error = connected.with_context(lang="en_US").last_error
    assert is_in_words(error)
    assert "Google does not give access to this mailbox any more" in error
    [note] = connected.env["mail.notification"].search(
        [("res_partner_id", "=", connected.user_id.partner_id.id)]
    )
    body = html.fromstring(note.mail_message_id.body)
    [button] = body.xpath("//a[normalize-space()='Reconnect']")
    assert error in body.text_content()
    # The button leads to the provider, and back to a mailbox that works.
    visitor.arrive(visitor.decide(visitor.get(button.get("href")), connected.email))
    refresh(connected)
    assert connected.state == "connected"
    assert not connected.last_error


def test_mailbox_that_is_not_let_in_any_more_is_not_asked_for(connected, provider):
    provider.revoke(connected.email)
    expire(connected)
    sync(connected)
    made = len(provider.token_requests)
    connected.env["escala.mailbox"]._cron_sync()
    assert len(provider.token_requests) == made
    assert (
        connected.env["mail.notification"].search_count(
            [("res_partner_id", "=", connected.user_id.partner_id.id)]
        )
        == 1
    )


def test_provider_in_trouble_is_tried_again(connected, provider):
    provider.is_down = True
    expire(connected)
    sync(connected)
    assert (connected.state, connected.error_code) == ("connected", "provider_unreachable")
    assert fields.Datetime.now() < connected.next_check < fields.Datetime.now() + timedelta(minutes=5)
    assert is_in_words(connected.last_error)
    provider.is_down = False
    sync(connected)
    assert not connected.error_code


def test_mail_server_that_goes_on_refusing_is_believed(connected, provider):
    key, provider.mail_key = provider.mail_key, b"another key than Dovecot's, of 32 bytes"
    try:
        expire(connected)
        sync(connected)
    finally:
        provider.mail_key = key
    assert (connected.state, connected.error_code) == ("error", "wrong_password")
    assert "Sign in again" in connected.with_context(lang="en_US").last_error
    assert not connected.next_check
    assert provider.token_requests == ["refresh_token", "refresh_token"]


@pytest.mark.parametrize("values", [{"email": "another@nordica.example"}, {"auth_method": "microsoft"}])
def test_token_is_forgotten_with_what_it_was_for(connected, values):
    connected.with_user(connected.user_id).write(values)
    assert not connected.is_signed_in
    assert connected.state == "draft"
    assert "Sign in" in connected.with_context(lang="en_US").action_connect()["params"]["message"]


def test_password_takes_the_place_of_the_token(connected, dovecot):
    connected.with_user(connected.user_id).write(
        {"auth_method": "password", "imap_password": dovecot.password}
    )
    assert not connected.is_signed_in
    assert connected.action_connect()["params"]["type"] == "success"
    connected.with_user(connected.user_id).auth_method = "google"
    assert not connected.has_password


def encrypt(text: str) -> str:
    from odoo.addons.escala_mail_sync import secret

    return secret.encrypt(text)
