"""What can go wrong between us and the provider that a mailbox's owner signs in with."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

import requests
from google.auth.exceptions import GoogleAuthError, TransportError
from jwt import PyJWTError
from oauthlib.oauth2 import OAuth2Error

#: The provider's codes (RFC 6749 §5.2, OpenID Connect Core 1.0 §3.1.2.6) -> ours. Any other one says that this
#: program, or how it is registered with the provider, is not to the provider's liking.
_CODES = {
    "access_denied": "consent_denied",
    "invalid_grant": "token_refused",
    "interaction_required": "token_refused",
    "login_required": "token_refused",
    "consent_required": "token_refused",
    "temporarily_unavailable": "provider_unreachable",
    "server_error": "provider_unreachable",
    # what a page of a proxy, or of a server in trouble, looks like to oauthlib
    "missing_token": "provider_unreachable",
}


class OAuthError(Exception):
    """A sign-in failed, or no access token can be had.

    :param code: ``consent_denied`` (or given for less than the mailbox), ``wrong_account``, ``state_invalid``,
        ``token_refused`` (the code or the refresh token is revoked, expired or used), ``client_refused``,
        ``identity_invalid``, ``provider_unreachable`` or ``not_configured``
    :param detail: the provider's words, or the address that signed in; never a token
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail

    @classmethod
    def of_provider(cls, error: str, description: str = "") -> OAuthError:
        """Return what the provider's error code means here."""
        return cls(_CODES.get(error, "client_refused"), description or error)


@contextmanager
def translated_errors(secrets: Collection[str] = ()) -> Iterator[None]:
    """Turn what requests, oauthlib, google-auth and PyJWT raise into :class:`OAuthError`.

    :param secrets: words to blank out, should the provider repeat them
    """
    try:
        yield
    except OAuth2Error as error:
        words = error.description or ""
        for secret in filter(None, secrets):
            words = words.replace(secret, "***")
        raise OAuthError.of_provider(error.error, words) from error
    except (requests.RequestException, TransportError) as error:
        raise OAuthError("provider_unreachable", _words_of(error)) from error
    except (GoogleAuthError, PyJWTError, ValueError) as error:
        raise OAuthError("identity_invalid") from error


def _words_of(error: Exception) -> str:
    """Return words without the address that was asked for, which may hold more than people need to see."""
    if isinstance(error, requests.HTTPError):
        return f"HTTP {error.response.status_code}"
    return "no answer in time" if isinstance(error, requests.Timeout) else "no connection"
