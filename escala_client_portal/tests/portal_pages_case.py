"""A client's pages, opened and posted to by HTTP."""

import re

from odoo.tests import HttpCase

from .account_emails_case import AccountEmailsCase

TEAM = "team@nordica.example"


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000a49444154789c6300010000050001"
    "0d0a2db40000000049454e44ae426082"
)


class PortalPagesCase(AccountEmailsCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["ir.default"].set("res.partner", "lang", "en_US")

    def setUp(self):
        super().setUp()
        self.vineyard.user_id = self.owner
        self.email = self.store(
            self.shared, "Ana <ana@vinedo.example>", TEAM, subject="The press", snippet="Hello"
        )
        self.thread = self.email.thread_id

    def log_in(self, row):
        """Log in as the address of a row."""
        user = row.login_id.user_id
        user.write({"password": "a-long-password", "lang": "en_US"})
        row.login_id.activated_on = "2026-01-01"
        self.authenticate(user.login, "a-long-password")
        return user

    def get(self, url):
        return self.url_open(url, allow_redirects=False)

    def post(self, url, files=(), account=None, **values):
        page = self.url_open(url.rpartition("/")[0] if not url.endswith("/new") else url)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        shown = re.search(r'name="account_id" value="([^"]+)"', page.text)[1]
        return self.url_open(
            url,
            data={"csrf_token": token, "account_id": account or shown, **values},
            files=[("files", file) for file in files],
            allow_redirects=False,
        )
