"""Somebody who visits the portal with cookies, and no browser."""

import re
from urllib.parse import urlsplit

import requests

from tests.portal.accounts import PASSWORD

# How a request may end.
ALLOWED, SWITCH, DENIED, LOGIN = "allowed", "offers to switch", "denied", "asks to log in"
SESSION_EXPIRED = 100  # Odoo's code in an error of JSON-RPC
TIMEOUT = 60  # seconds


class Visitor:
    """A session of its own on the server at `url`."""

    def __init__(self, url):
        self.url = url
        self.session = requests.Session()

    def get(self, path):
        return self.session.get(f"{self.url}{path}", timeout=TIMEOUT)

    def post(self, path, files=None, **values):
        """Submit a form, with the token that the site gave to this session.

        :param files: pairs of a field's name, and name and content of a file
        """
        page = self.get("/web/login").text if path == "/web/login" else self.get("/my/choose-account").text
        token = re.search(r'csrf_token"? value="([^"]+)"', page).group(1)
        values = {"csrf_token": token, **values}
        return self.session.post(f"{self.url}{path}", data=values, files=files, timeout=TIMEOUT)

    def rpc(self, path, **params):
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        return self.session.post(f"{self.url}{path}", json=body, timeout=TIMEOUT)

    def call(self, model, method, *args, **kwargs):
        return self.rpc(
            f"/web/dataset/call_kw/{model}/{method}", model=model, method=method, args=args, kwargs=kwargs
        )

    def log_in(self, login) -> bool:
        """Return whether the site let them in."""
        return "/web/login" not in self.post("/web/login", login=login, password=PASSWORD).url

    def enter(self, account):
        """Choose the account with this id."""
        return self.post("/my/account/switch", account_id=account)


def outcome(response, marker: str) -> str:
    """Say how a request for a document ended; `marker` stands in the document and nowhere else."""
    assert response.status_code < 500, response.text[-500:]
    if marker in response.text or urlsplit(response.url).query == "saved=1":
        return ALLOWED
    if re.fullmatch(r"(/[a-z]{2})?/web/login", urlsplit(response.url).path):
        return LOGIN
    if response.status_code == 409:
        return SWITCH if "This page belongs to <strong" in response.text else DENIED
    if response.headers["Content-Type"].startswith("application/json"):
        return LOGIN if f'"code": {SESSION_EXPIRED},' in response.text else DENIED
    return DENIED
