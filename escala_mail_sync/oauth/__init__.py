"""Sign in with Google or Microsoft: OAuth 2.0 and OpenID Connect. Imports nothing from Odoo."""

from .client import OAuthClient, SignInRequest, Tokens
from .errors import OAuthError
from .providers import GOOGLE, MICROSOFT, PROVIDERS, MailServer, Provider

__all__ = [
    "GOOGLE",
    "MICROSOFT",
    "PROVIDERS",
    "MailServer",
    "OAuthClient",
    "OAuthError",
    "Provider",
    "SignInRequest",
    "Tokens",
]
