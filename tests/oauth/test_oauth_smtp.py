"""The SMTP server of the tests and the demo takes the provider's access tokens by XOAUTH2."""

import smtplib

import pytest

from setup import smtp_server

ADDRESS = "sender@nordica.example"


@pytest.fixture
def smtp(dovecot, provider):
    with smtp_server.running(dovecot, ("nordica.example",), provider.address_of) as server:
        yield server


def log_in(client, login, token):
    client.ehlo()
    assert "XOAUTH2" in client.esmtp_features["auth"].split()
    return client.auth("XOAUTH2", lambda _challenge=None: f"user={login}\1auth=Bearer {token}\1\1")


@pytest.mark.parametrize("at_once", [True, False])
def test_token_opens_its_own_account(smtp, provider, at_once):
    with smtplib.SMTP(smtp.host, smtp.port, timeout=10) as client:
        client.ehlo()
        text = f"user={ADDRESS}\1auth=Bearer {provider.access_token(ADDRESS)}\1\1"
        client.auth("XOAUTH2", lambda _challenge=None: text, initial_response_ok=at_once)


@pytest.mark.parametrize("login", ["somebody-else@nordica.example", ""])
def test_token_opens_no_other_account(smtp, provider, login):
    with smtplib.SMTP(smtp.host, smtp.port, timeout=10) as client, pytest.raises(smtplib.SMTPException):
        log_in(client, login, provider.access_token(ADDRESS))


def test_what_is_no_token_opens_nothing(smtp):
    with smtplib.SMTP(smtp.host, smtp.port, timeout=10) as client, pytest.raises(smtplib.SMTPException):
        log_in(client, ADDRESS, "made-up")


def test_wrong_password_is_refused_and_the_client_told(smtp):
    with (
        smtplib.SMTP(smtp.host, smtp.port, timeout=10) as client,
        pytest.raises(smtplib.SMTPAuthenticationError),
    ):
        client.login(ADDRESS, "wrong")
