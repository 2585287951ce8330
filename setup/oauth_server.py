"""A stand-in for Google and Microsoft on a loopback port: an OAuth 2.0 and OpenID authorization server.

Its access tokens are JWTs that Dovecot (`dovecot_settings`) and the SMTP server (`address_of`) take by XOAUTH2.
"""

import base64
import contextlib
import functools
import hashlib
import html
import json
import os
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from setup import unprivileged

CLIENT_ID, CLIENT_SECRET = "escala-client", "escala-client-secret"
KEY_ID = "stand-in"
TENANT = "stand-in-tenant"
CODE_LIFETIME = 60  # seconds
# What oauthlib wants to be told before it talks to a provider without TLS.
INSECURE_TRANSPORT = "OAUTHLIB_INSECURE_TRANSPORT"
# What Google and Microsoft call the scopes that they have granted.
SCOPE_NAMES = {"email": "https://www.googleapis.com/auth/userinfo.email"}
DOVECOT_SETTINGS = """
auth_mechanisms = plain login xoauth2 oauthbearer
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf.ext
}}
"""
DOVECOT_OAUTH2 = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={folder}/keys/
issuers = {issuer}
username_attribute = email
"""
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8"><link rel="icon" href="data:,"><title>Stand-in sign-in</title>
<body style="font: 16px sans-serif; max-width: 32rem; margin: 3rem auto">
<p style="background: #fc3; padding: .5rem"><b>A stand-in for tests and demo.</b> This is not {provider}; no account
is real, and nobody asks for a password.</p>
<h1>Choose an account</h1>
<form method="post" action="/authorize">
{hidden}
{accounts}
<p><b>{client}</b> asks for: {scopes}</p>
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Deny</button>
</form>
</body></html>
"""


@functools.cache
def _signing_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@dataclass
class Grant:
    """What somebody has allowed a client."""

    account: str
    scope: str
    redirect_uri: str
    challenge: str
    expires_at: float = 0


@dataclass
class OAuthServer:
    """A running server. Its attributes may be changed while it runs.

    :param accounts: who can be chosen
    :param lifetime: of access tokens, in seconds
    :param is_down: whether the token endpoint answers 503
    :param rotates: whether every refresh token counts once, and another one is given instead
    :param withheld: scopes that are not granted though they were asked for
    :param token_requests: the `grant_type` of every request that the token endpoint got
    """

    url: str
    accounts: list[str]
    lifetime: int = 3600
    is_down: bool = False
    rotates: bool = True
    withheld: set[str] = field(default_factory=set)
    email_verified: bool = True
    token_requests: list[str] = field(default_factory=list)
    codes: dict[str, Grant] = field(default_factory=dict)
    refresh_tokens: dict[str, Grant] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    key: rsa.RSAPrivateKey = field(default_factory=_signing_key)
    mail_key: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    # What Odoo and the mail servers are told

    def provider_settings(self, method: str, imap_host: str, imap_port: int, smtp_port: int = 0) -> dict:
        """Return what the parameter `escala_mail_sync.oauth_<method>` has to hold, as a dictionary."""
        is_google = method == "google"
        return {
            "authorization_url": f"{self.url}/authorize",
            "token_url": f"{self.url}/token",
            "certs_url": f"{self.url}/{'certs' if is_google else 'keys'}",
            "issuers": [self.url if is_google else f"{self.url}/{{tid}}/v2.0"],
            "imap": {"host": imap_host, "port": imap_port, "security": "none"},
            "smtp": {"host": imap_host, "port": smtp_port or 25, "security": "none"},
        }

    def configure(self, env, imap_host: str, imap_port: int, smtp_port: int = 0) -> None:
        """Have an Odoo take this server for both providers, and loopback mail servers for theirs."""
        parameters = env["ir.config_parameter"]
        for method, client in (("google", "google_gmail_client"), ("microsoft", "microsoft_outlook_client")):
            settings = self.provider_settings(method, imap_host, imap_port, smtp_port)
            parameters.set_param(f"escala_mail_sync.oauth_{method}", json.dumps(settings))
            parameters.set_param(f"{client}_id", CLIENT_ID)
            parameters.set_param(f"{client}_secret", CLIENT_SECRET)

    def dovecot_settings(self, folder: Path) -> str:
        """Write what Dovecot needs to check access tokens into a folder, and return what to add to its settings."""
        keys = unprivileged.own(folder / "keys/default/HS256")
        (keys / "default").write_bytes(base64.b64encode(self.mail_key))
        settings = DOVECOT_OAUTH2.format(folder=folder, issuer=self.url)
        (folder / "oauth2.conf.ext").write_text(settings)
        return DOVECOT_SETTINGS.format(folder=folder)

    def address_of(self, access_token: str) -> str | None:
        """Return whose mailbox an access token opens; None if it opens none."""
        try:
            return jwt.decode(access_token, self.mail_key, algorithms=["HS256"], issuer=self.url)["email"]
        except jwt.InvalidTokenError:
            return None

    # What happens to an account elsewhere

    def revoke(self, account: str) -> None:
        """Take back, as the account's owner can, what was allowed; access tokens live on until they expire."""
        for token, grant in list(self.refresh_tokens.items()):
            if grant.account == account:
                del self.refresh_tokens[token]

    # Tokens

    def grant_code(self, grant: Grant) -> str:
        """Return a code that counts once, for a minute (RFC 6749, section 4.1.2)."""
        grant.expires_at = time.time() + CODE_LIFETIME
        code = secrets.token_urlsafe()
        self.codes[code] = grant
        return code

    def redeem(self, form: dict[str, str]) -> dict:
        """Answer a request of the token endpoint (RFC 6749, sections 4.1.3 and 6; RFC 7636, section 4.6).

        Raises ValueError with the code of the error.
        """
        client = form.get("client_id"), form.get("client_secret")
        if client != (CLIENT_ID, CLIENT_SECRET):
            raise ValueError("invalid_client")
        if form["grant_type"] == "refresh_token":
            return self._refresh(form.get("refresh_token", ""))
        grant = self.codes.pop(form.get("code", ""), None)
        if not grant or grant.expires_at < time.time() or grant.redirect_uri != form.get("redirect_uri"):
            raise ValueError("invalid_grant")
        if grant.challenge != _challenge(form.get("code_verifier", "")):
            raise ValueError("invalid_grant")
        return self._answer(grant) | {"id_token": self._id_token(grant)}

    def access_token(self, account: str) -> str:
        """Return a new access token for the mailbox of an account."""
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": account,
            "email": account,
            "iat": now,
            "exp": now + self.lifetime,
            "jti": secrets.token_hex(8),  # no two are the same
            "typ": "Bearer",
        }
        return jwt.encode(claims, self.mail_key, algorithm="HS256")

    def keys(self) -> dict:
        """Return the key of the ID tokens as a JWK set, as Microsoft publishes it."""
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [public | {"kid": KEY_ID, "use": "sig"}]}

    def certificates(self) -> dict[str, str]:
        """Return it as PEM by key id, as Google publishes it."""
        pem = self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return {KEY_ID: pem.decode()}

    def _refresh(self, token: str) -> dict:
        grant = self.refresh_tokens.get(token)
        if not grant:
            raise ValueError("invalid_grant")
        if not self.rotates:
            return self._answer(grant, token)
        del self.refresh_tokens[token]
        return self._answer(grant)

    def _answer(self, grant: Grant, refresh_token: str = "") -> dict:
        refresh_token = refresh_token or secrets.token_urlsafe()
        self.refresh_tokens[refresh_token] = grant
        granted = [scope for scope in grant.scope.split() if scope not in self.withheld]
        return {
            "access_token": self.access_token(grant.account),
            "refresh_token": refresh_token,
            "expires_in": self.lifetime,
            "token_type": "Bearer",
            "scope": " ".join(SCOPE_NAMES.get(scope, scope) for scope in granted),
        }

    def _id_token(self, grant: Grant) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "sub": grant.account,
            "email": grant.account,
            "iat": now,
            "exp": now + self.lifetime,
        }
        if "offline_access" in grant.scope:  # which Microsoft asks for, and Google does not know
            claims |= {"iss": f"{self.url}/{TENANT}/v2.0", "tid": TENANT}
        else:
            claims["email_verified"] = self.email_verified
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": KEY_ID})


@contextlib.contextmanager
def running(*accounts: str, port: int = 0) -> Iterator[OAuthServer]:
    """Give a server with these accounts for the length of the block; port 0 takes a free one.

    Meanwhile this process, and those that it starts, may do without TLS where OAuth asks for it.
    """
    http_server = ThreadingHTTPServer(("127.0.0.1", port), _Handler)
    server = OAuthServer(f"http://127.0.0.1:{http_server.server_port}", list(accounts))
    http_server.oauth = server
    thread = threading.Thread(target=http_server.serve_forever, daemon=True)
    thread.start()
    before = os.environ.get(INSECURE_TRANSPORT)
    os.environ[INSECURE_TRANSPORT] = "1"
    try:
        yield server
    finally:
        if before is None:
            del os.environ[INSECURE_TRANSPORT]
        http_server.shutdown()
        http_server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Show the page of the authorization endpoint, or the keys."""
        server, parts = self.server.oauth, urlsplit(self.path)
        if parts.path == "/authorize":
            self._show_page(_single(parts.query))
        elif parts.path == "/certs":
            self._json(200, server.certificates())
        elif parts.path == "/keys":
            self._json(200, server.keys())
        else:
            self._json(404, {})

    def do_POST(self) -> None:
        """Take the decision of the page, give tokens, or revoke one (RFC 7009)."""
        form = _single(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
        if self.path == "/authorize":
            self._decide(form)
        elif self.path == "/token":
            self._give_tokens(form)
        elif self.path == "/revoke":
            self.server.oauth.refresh_tokens.pop(form.get("token", ""), None)
            self._json(200, {})
        else:
            self._json(404, {})

    def _show_page(self, query: dict[str, str]) -> None:
        wrong = query.get("client_id") != CLIENT_ID or query.get("response_type") != "code"
        if wrong or query.get("code_challenge_method") != "S256":
            self._json(400, {"error": "invalid_request"})
            return
        hint = query.get("login_hint", "")
        page = PAGE.format(
            provider="Google or Microsoft",
            client=html.escape(query["client_id"]),
            scopes=html.escape(query["scope"]),
            hidden="\n".join(_hidden(name, value) for name, value in query.items()),
            accounts="\n".join(_radio(account, account == hint) for account in self.server.oauth.accounts),
        )
        self._send(200, "text/html; charset=utf-8", page.encode())

    def _decide(self, form: dict[str, str]) -> None:
        answer = {"state": form["state"]}
        if form.get("decision") == "allow" and form.get("account") in self.server.oauth.accounts:
            grant = Grant(form["account"], form["scope"], form["redirect_uri"], form["code_challenge"])
            answer["code"] = self.server.oauth.grant_code(grant)
        else:
            answer["error"] = "access_denied"
        self.send_response(302)
        self.send_header("Location", f"{form['redirect_uri']}?{urlencode(answer)}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _give_tokens(self, form: dict[str, str]) -> None:
        server = self.server.oauth
        with server.lock:
            server.token_requests.append(form.get("grant_type", ""))
            if server.is_down:
                self._send(503, "text/html", b"<p>Service unavailable</p>")
                return
            try:
                self._json(200, server.redeem(form))
            except ValueError as error:
                self._json(400, {"error": str(error)})

    def _json(self, status: int, content: dict) -> None:
        self._send(status, "application/json", json.dumps(content).encode())

    def _send(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing of requests, whose addresses hold codes."""


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _single(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'


def _radio(account: str, checked: bool) -> str:
    name = html.escape(account)
    mark = " checked" if checked else ""
    return f'<p><label><input type="radio" name="account" value="{name}"{mark}> {name}</label></p>'
