"""Signing in for a mailbox with Google and with Microsoft, over HTTP, as a browser does it."""

from datetime import timedelta

import pytest
import requests

from setup import odoo_env
from tests.conftest import total
from tests.oauth.conftest import GROUP_MANAGER, make_mailbox, refresh
from tests.oauth.visitor import Visitor
from tests.sync.support import deliver, is_in_words, letters, sync

ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/odoo",
    "/odoo//evil.example",
    "/odoo\\evil",
    "/odoo/../web",
    "/odoo@evil.example",
    "/odoo.evil.example",
    "/web/session/logout",
    "javascript:alert(1)",
)


@pytest.mark.parametrize("method", ["google", "microsoft"])
def test_signing_in_connects_the_mailbox(env, web, owner, provider, dovecot, visitor, method):
    mailbox = make_mailbox(env, owner, provider, dovecot, method)
    deliver(dovecot, owner.login, letters(2, method))
    arrival = visitor.sign_in(mailbox, owner.login)
    refresh(mailbox)
    assert arrival.location == f"/odoo/mailboxes/{mailbox.id}"
    assert mailbox.state == "connected", mailbox.last_error
    assert mailbox.is_signed_in
    assert not mailbox.has_password
    assert total(sync(mailbox)).seen == 2
    assert mailbox.state == "connected", mailbox.last_error


def test_denied_consent_is_told_and_changes_nothing(mailbox, visitor):
    arrival = visitor.sign_in(mailbox, mailbox.email, "deny")
    assert_refused(mailbox, arrival, "Google was not allowed")


def test_consent_without_the_mailbox_is_denied_consent(mailbox, visitor, provider):
    provider.withheld = {"https://mail.google.com/"}
    arrival = visitor.sign_in(mailbox, mailbox.email)
    assert_refused(mailbox, arrival, "allow everything that is asked for")


def test_wrong_account_is_told_by_both_addresses(mailbox, visitor):
    arrival = visitor.sign_in(mailbox, "somebody-else@nordica.example")
    assert_refused(mailbox, arrival, "somebody-else@nordica.example")
    assert mailbox.email in arrival.text


def test_addresses_are_compared_as_addresses(mailbox, visitor, provider):
    account = mailbox.email.upper()
    provider.accounts.append(account)
    visitor.sign_in(mailbox, account)
    refresh(mailbox)
    assert mailbox.is_signed_in


def test_state_counts_once(mailbox, visitor, provider):
    callback = visitor.decide(visitor.begin(mailbox), mailbox.email)
    visitor.arrive(callback)
    requests_made = len(provider.token_requests)
    again = visitor.arrive(callback)
    assert is_in_words(again.text)
    assert "used already" in again.text
    assert len(provider.token_requests) == requests_made
    refresh(mailbox)
    assert mailbox.state == "connected"


def test_denied_consent_uses_the_state_up(mailbox, visitor):
    callback = visitor.decide(visitor.begin(mailbox), mailbox.email, "deny")
    visitor.arrive(callback)
    assert "used already" in visitor.arrive(callback).text


def test_state_of_another_session_of_the_same_user_is_none(mailbox, visitor, web, provider):
    callback = visitor.decide(visitor.begin(mailbox), mailbox.email)
    assert_refused(mailbox, Visitor(web, mailbox.user_id.login).arrive(callback), "not valid")
    assert not provider.token_requests
    visitor.arrive(callback)
    refresh(mailbox)
    assert mailbox.state == "connected"


def test_state_of_another_user_is_none(mailbox, visitor, web, make_user, provider):
    callback = visitor.decide(visitor.begin(mailbox), mailbox.email)
    assert_refused(mailbox, Visitor(web, make_user().login).arrive(callback), "not valid")
    assert not provider.token_requests


def test_state_counts_for_ten_minutes(env, mailbox, visitor, provider):
    for age, counts in ((timedelta(minutes=10, seconds=5), False), (timedelta(minutes=9), True)):
        callback = visitor.decide(visitor.begin(mailbox), mailbox.email)
        refresh(mailbox)
        env.cr.execute("UPDATE escala_oauth_state SET create_date = create_date - %s", [age])
        env.cr.commit()
        visitor.arrive(callback)
        refresh(mailbox)
        assert mailbox.is_signed_in == counts


def test_sign_in_with_one_provider_is_not_completed_with_another(env, mailbox, visitor, provider):
    callback = visitor.decide(visitor.begin(mailbox), mailbox.email)
    refresh(mailbox)
    mailbox.auth_method = "microsoft"
    env.cr.commit()
    assert_refused(mailbox, visitor.arrive(callback), "not valid")
    assert not provider.token_requests


def test_made_up_state_is_none(mailbox, visitor):
    arrival = visitor.arrive(f"{visitor.url}/escala/oauth/callback?state=made-up&code=made-up")
    assert_refused(mailbox, arrival, "not valid")


def test_provider_in_trouble_is_told(mailbox, visitor, provider):
    provider.is_down = True
    arrival = visitor.sign_in(mailbox, mailbox.email)
    assert_refused(mailbox, arrival, "Google cannot be reached for signing in")


def test_client_that_is_not_set_up_is_told(env, mailbox, visitor):
    name = "google_gmail_client_secret"
    secret = set_parameter(env, name, False)
    try:
        page = visitor.begin(mailbox)
    finally:
        set_parameter(env, name, secret)
    assert "An administrator enters the client's ID" in page.text_content()


def test_account_that_the_mail_server_does_not_let_in_is_told_on_the_mailbox(mailbox, visitor, provider):
    key, provider.mail_key = provider.mail_key, b"another key than Dovecot's, of 32 bytes"
    try:
        arrival = visitor.sign_in(mailbox, mailbox.email)
    finally:
        provider.mail_key = key
    refresh(mailbox)
    assert arrival.location == f"/odoo/mailboxes/{mailbox.id}"
    assert mailbox.error_code == "wrong_password"
    assert "Sign in again" in mailbox.with_context(lang="en_US").last_error
    assert provider.token_requests == ["authorization_code", "refresh_token"]


def test_sign_in_is_completed_though_somebody_else_writes_the_mailbox(env, connected, odoo_database):
    with odoo_env.environment(odoo_database) as other:
        other["escala.mailbox"].browse(connected.id).name = "Written meanwhile"
        other.cr.commit()
    connected._connect_signed_in()
    env.cr.commit()
    assert connected.name == "Written meanwhile"


def test_nobody_signs_in_for_somebody_elses_mailbox(mailbox, web, make_user):
    for user in (make_user(), make_user(GROUP_MANAGER)):
        answer = Visitor(web, user.login).session.get(f"{web}/escala/oauth/start/{mailbox.id}", timeout=60)
        assert answer.status_code == 403


def test_visitor_without_login_is_asked_for_it(mailbox, web):
    answer = requests.get(f"{web}/escala/oauth/start/{mailbox.id}", timeout=60)
    assert "/web/login" in answer.url


def test_manager_signs_in_for_a_shared_mailbox(env, web, provider, dovecot, make_user):
    manager = make_user(GROUP_MANAGER)
    mailbox = make_mailbox(env, manager, provider, dovecot, kind="shared", user_id=False)
    mailbox.member_ids = make_user()
    env.cr.commit()
    member = Visitor(web, mailbox.member_ids.login)
    assert member.session.get(f"{web}/escala/oauth/start/{mailbox.id}", timeout=60).status_code == 403
    page = Visitor(web, manager.login)
    page.arrive(page.decide(page.get(f"/escala/oauth/start/{mailbox.id}"), mailbox.email))
    refresh(mailbox)
    assert mailbox.state == "connected"


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nobody_is_sent_elsewhere(mailbox, visitor, elsewhere):
    arrival = visitor.sign_in(mailbox, mailbox.email, return_to=elsewhere)
    assert arrival.location == f"/odoo/mailboxes/{mailbox.id}"


def test_sign_in_comes_back_to_where_it_was_begun(mailbox, visitor):
    assert visitor.sign_in(mailbox, mailbox.email, return_to="/odoo/emails").location == "/odoo/emails"


def assert_refused(mailbox, arrival, words: str) -> None:
    refresh(mailbox)
    assert arrival.status == 200
    assert is_in_words(arrival.text)
    assert words in arrival.text
    assert mailbox.state == "draft"
    assert not mailbox.is_signed_in


def set_parameter(env, name, value):
    """Write a parameter so that other processes read it anew, and return what it was."""
    before = env["ir.config_parameter"].get_param(name)
    env["ir.config_parameter"].set_param(name, value)
    env.cr.commit()
    env.registry.signal_changes()
    return before
