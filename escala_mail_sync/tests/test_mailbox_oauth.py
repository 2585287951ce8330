from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..imap.errors import MailboxError
from ..oauth import OAuthError, SignInRequest, Tokens
from .common import MailboxCase

SIGN_IN_CODES = (
    "consent_denied",
    "wrong_account",
    "token_refused",
    "identity_invalid",
    "client_refused",
    "not_configured",
    "provider_unreachable",
)
MAILBOX_CODES = (
    "not_signed_in",
    "consent_revoked",
    "wrong_password",
    "client_refused",
    "not_configured",
    "provider_unreachable",
)


@tagged("post_install", "-at_install")
class TestMailboxOAuth(MailboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.google = cls.make_mailbox(
            "colleague@gmail.example", user_id=cls.colleague.id, auth_method="google", imap_password=False
        )
        tokens = Tokens("access", "refresh", 4_000_000_000.5)
        cls.env["escala.oauth.token"]._store(cls.google, tokens)

    def test_provider_says_where_the_mailbox_is_read(self):
        self.assertEqual(self.google._get_server()[:3], ("imap.gmail.com", 993, "tls"))
        self.personal.write({"auth_method": "microsoft", "imap_host": "imap.elsewhere.example"})
        self.assertEqual(self.personal._get_server()[:3], ("outlook.office365.com", 993, "tls"))

    def test_access_token_goes_to_no_other_server(self):
        for values in (
            {"imap_host": "imap.elsewhere.example"},
            {"imap_port": 143},
            {"imap_security": "none"},
        ):
            with self.assertRaisesRegex(UserError, "imap.gmail.com"):
                self.google.with_user(self.colleague).write(values)

    def test_account_that_signed_in_is_the_user_name(self):
        self.google.imap_login = "somebody-else"
        self.assertEqual(self.google._session().settings.login, "colleague@gmail.example")
        self.assertTrue(self.google.is_signed_in)

    def test_access_token_opens_the_mailbox(self):
        settings = self.google._session().settings
        self.assertEqual((settings.access_token, settings.password), ("access", ""))

    def test_new_tokens_take_the_place_of_the_old(self):
        self.env["escala.oauth.token"]._store(self.google, Tokens("second", "refresh", 4_000_000_000))
        self.assertEqual(self.google._get_credentials(), {"access_token": "second"})
        self.assertEqual(len(self.google.oauth_token_ids), 1)

    def test_tokens_go_with_the_mailbox(self):
        token = self.google.oauth_token_ids
        self.google.unlink()
        self.assertFalse(token.exists())

    @mute_logger("odoo.sql_db")
    def test_tokens_of_another_key_mean_signing_in_again(self):
        self.google.oauth_token_ids.access_token_encrypted = "gAAAAABother"
        with self.assertRaises(MailboxError) as caught:
            self.google._session()
        self.assertEqual(caught.exception.code, "not_signed_in")

    def test_sign_in_under_way_is_of_one_user(self):
        states = self.env["escala.oauth.state"]
        request = SignInRequest("https://accounts.example/", "state", "verifier")
        states._remember(request, self.google, self.colleague, "session", "/odoo/emails")
        self.assertIsNone(states._take("state", self.owner, "session"))
        taken = states._take("state", self.colleague, "session")
        self.assertEqual(
            taken,
            {"signee": self.google, "code_verifier": "verifier", "return_to": "/odoo/emails"},
        )

    def test_sign_ins_that_nobody_completes_are_cleared_away(self):
        states = self.env["escala.oauth.state"]
        request = SignInRequest("https://accounts.example/", "state", "verifier")
        states._remember(request, self.google, self.colleague, "session", "")
        states._gc_expired()
        self.assertTrue(states.search_count([]))
        with freeze_time(datetime.now() + timedelta(minutes=11)):
            states._gc_expired()
        self.assertFalse(states.search_count([]))

    def test_mailbox_with_a_password_is_not_signed_in_for(self):
        with self.assertRaises(OAuthError):
            self.personal._get_oauth_client()

    def test_every_failure_is_explained(self):
        mailbox = self.google.with_context(lang="en_US")
        for code in SIGN_IN_CODES:
            self.assertIn(" ", mailbox._explain_sign_in(OAuthError(code, "their words")), code)
        unknown = mailbox._explain(MailboxError("never heard of", "their words"))
        for code in MAILBOX_CODES:
            words = mailbox._explain(MailboxError(code, "their words"))
            self.assertNotEqual(words, unknown, code)
            self.assertNotIn("password", words)
