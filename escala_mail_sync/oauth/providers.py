"""Where people sign in, where their mail is, and what a provider wants to be asked."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class MailServer:
    """Host, port and security (``tls`` or ``starttls``) of a provider's IMAP or SMTP server."""

    host: str
    port: int
    security: str


@dataclass(frozen=True)
class Provider:
    """An OpenID provider that its mail servers take access tokens of.

    :param certs_url: keys of its ID tokens, as a JWK set or as certificates by key id
    :param issuers: who its ID tokens may be of; ``{tid}`` stands for the tenant that the token names
    :param mail_scopes: without these, the mailbox can be neither read nor sent from
    :param parameters: what its authorization endpoint is told besides
    :param address_claims: claims of the ID token that name the account's address
    :param has_verified_claim: whether the claim ``email_verified`` says that the address is the account's
    """

    name: str
    authorization_url: str
    token_url: str
    certs_url: str
    issuers: tuple[str, ...]
    scopes: tuple[str, ...]
    mail_scopes: tuple[str, ...]
    address_claims: tuple[str, ...]
    has_verified_claim: bool
    imap: MailServer
    smtp: MailServer
    parameters: Mapping[str, str] = field(default_factory=dict)

    def configured(self, settings: Mapping[str, Any]) -> Provider:
        """Return it with some of its fields replaced, as read from JSON.

        Raises ValueError when the settings name a field that there is not.
        """
        unknown = set(settings).difference(each.name for each in dataclasses.fields(self))
        if unknown:
            raise ValueError(f"unknown settings of a provider: {', '.join(sorted(unknown))}")
        values = dict(settings)
        for server in {"imap", "smtp"}.intersection(values):
            values[server] = MailServer(**values[server])
        return dataclasses.replace(self, **values)


# https://developers.google.com/identity/openid-connect/openid-connect
# https://developers.google.com/workspace/gmail/imap/imap-smtp
GOOGLE = Provider(
    name="Google",
    authorization_url="https://accounts.google.com/o/oauth2/v2/auth",
    token_url="https://oauth2.googleapis.com/token",  # noqa: S106  an address
    certs_url="https://www.googleapis.com/oauth2/v1/certs",
    issuers=("https://accounts.google.com", "accounts.google.com"),
    scopes=("openid", "email", "https://mail.google.com/"),
    mail_scopes=("https://mail.google.com/",),
    address_claims=("email",),
    has_verified_claim=True,
    imap=MailServer("imap.gmail.com", 993, "tls"),
    smtp=MailServer("smtp.gmail.com", 465, "tls"),
    # a refresh token is given with consent only, and not when the account has consented before
    parameters={"access_type": "offline", "prompt": "consent"},
)

# https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
# https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth
MICROSOFT = Provider(
    name="Microsoft",
    authorization_url="https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
    token_url="https://login.microsoftonline.com/common/oauth2/v2.0/token",  # noqa: S106  an address
    certs_url="https://login.microsoftonline.com/common/discovery/v2.0/keys",
    issuers=("https://login.microsoftonline.com/{tid}/v2.0",),
    scopes=(
        "openid",
        "email",
        "offline_access",
        "https://outlook.office.com/IMAP.AccessAsUser.All",
        "https://outlook.office.com/SMTP.Send",
    ),
    mail_scopes=(
        "https://outlook.office.com/IMAP.AccessAsUser.All",
        "https://outlook.office.com/SMTP.Send",
    ),
    # No claim says that `email` is verified; the login to the mail server, with the address, has the last word.
    address_claims=("email", "preferred_username"),
    has_verified_claim=False,
    imap=MailServer("outlook.office365.com", 993, "tls"),
    smtp=MailServer("smtp.office365.com", 587, "starttls"),
)

PROVIDERS = {"google": GOOGLE, "microsoft": MICROSOFT}
