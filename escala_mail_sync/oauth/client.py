"""The authorization code flow with PKCE (RFC 6749 §4.1, RFC 7636), and the tokens that come of it."""

from __future__ import annotations

import functools
import logging
import time
from dataclasses import dataclass, field

import requests
from google.auth.transport.requests import Request
from google.oauth2 import id_token as google_id_token
from google_auth_oauthlib.flow import Flow

from .errors import OAuthError, translated_errors
from .providers import Provider

_TIMEOUT = 10  # seconds
_CLOCK_SKEW = 10  # seconds
_DEFAULT_LIFETIME = 3600  # seconds; RFC 6749 §5.1 lets the provider leave it out

# They write tokens into the log when it is set to tell everything.
for _name in ("requests_oauthlib", "oauthlib"):
    logging.getLogger(_name).setLevel(logging.INFO)


@dataclass(frozen=True)
class SignInRequest:
    """Where to send the browser, and what has to be known again when it comes back.

    :param state: what the provider hands back; it ties the answer to whoever asked (RFC 6749 §10.12)
    :param code_verifier: proves that the code is redeemed by who asked for it (RFC 7636 §4.1)
    """

    url: str
    state: str = field(repr=False)
    code_verifier: str = field(repr=False)


@dataclass(frozen=True)
class Tokens:
    """What opens a mailbox.

    :param expires_at: of the access token, in seconds since 1970, UTC
    :param addresses: of the account that signed in, as verified; empty when tokens are renewed
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: float
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class OAuthClient:
    """This program, as it is registered with a provider.

    >>> request = client.begin("ana@example.com")
    >>> tokens = client.redeem(code, request.code_verifier)
    >>> tokens = client.renew(tokens.refresh_token)

    :param redirect_uri: where the provider sends the browser back to, exactly as it is registered there
    """

    provider: Provider
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str

    def begin(self, address: str) -> SignInRequest:
        """Return the beginning of a sign-in, with the account of this address proposed."""
        flow = self._flow(self.provider.scopes)
        url, state = flow.authorization_url(login_hint=address, **self.provider.parameters)
        return SignInRequest(url, state, flow.code_verifier)

    def redeem(self, code: str, code_verifier: str) -> Tokens:
        """Exchange an authorization code for tokens, and find out whose they are.

        :raises OAuthError: ``token_refused``, ``client_refused``, ``consent_denied`` when the mailbox was left
            out, ``identity_invalid``, ``provider_unreachable``
        """
        # without scopes: oauthlib refuses other names for the same ones, which both providers answer with
        flow = self._flow(None)
        flow.code_verifier = code_verifier
        with translated_errors((code, code_verifier, self.client_secret)):
            # client and secret in the body, as Microsoft documents it, and not by HTTP Basic
            answer = flow.fetch_token(code=code, include_client_id=True, timeout=_TIMEOUT)
        granted = answer.get("scope") or self.provider.scopes
        if not set(self.provider.mail_scopes).issubset(granted) or not answer.get("refresh_token"):
            raise OAuthError("consent_denied")
        return _tokens(answer, self._verified_addresses(answer.get("id_token") or ""))

    def renew(self, refresh_token: str) -> Tokens:
        """Get another access token; the provider may replace the refresh token, too (RFC 6749 §6).

        :raises OAuthError: ``token_refused`` when access was revoked or has expired, ``client_refused``,
            ``provider_unreachable``
        """
        flow = self._flow(None)
        with translated_errors((refresh_token, self.client_secret)):
            answer = flow.oauth2session.refresh_token(
                self.provider.token_url,
                refresh_token=refresh_token,
                client_id=self.client_id,
                client_secret=self.client_secret,
                timeout=_TIMEOUT,
            )
        return _tokens(answer)

    def _verified_addresses(self, id_token: str) -> tuple[str, ...]:
        """Return the account's addresses, of an ID token of ours (OpenID Connect Core 1.0 §3.1.3.7)."""
        request = functools.partial(Request(), timeout=_TIMEOUT)
        with translated_errors():
            claims = google_id_token.verify_token(
                id_token, request, self.client_id, self.provider.certs_url, _CLOCK_SKEW
            )
        tenant = str(claims.get("tid", ""))
        if claims.get("iss") not in [issuer.replace("{tid}", tenant) for issuer in self.provider.issuers]:
            raise OAuthError("identity_invalid")
        if self.provider.has_verified_claim and claims.get("email_verified") is not True:
            raise OAuthError("identity_invalid")
        return tuple(str(claims[name]) for name in self.provider.address_claims if claims.get(name))

    def _flow(self, scopes: tuple[str, ...] | None) -> Flow:
        config = {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "auth_uri": self.provider.authorization_url,
            "token_uri": self.provider.token_url,
        }
        flow = Flow.from_client_config({"web": config}, scopes, redirect_uri=self.redirect_uri)
        for answer in ("access_token_response", "refresh_token_response"):
            flow.oauth2session.register_compliance_hook(answer, _raise_server_error)
        return flow


def _raise_server_error(response: requests.Response) -> requests.Response:
    """Keep a provider in trouble from being taken for one that refuses."""
    if response.status_code >= 500 or response.status_code == 429:
        response.raise_for_status()
    return response


def _tokens(answer: dict, addresses: tuple[str, ...] = ()) -> Tokens:
    expires_at = answer.get("expires_at") or time.time() + _DEFAULT_LIFETIME
    return Tokens(answer["access_token"], answer["refresh_token"], float(expires_at), addresses)
