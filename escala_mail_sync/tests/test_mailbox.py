import os

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import config, mute_logger

from .. import secret
from ..imap.errors import MailboxError
from .common import MailboxCase

CODES = (
    "no_password",
    "address_forbidden",
    "database_copied",
    "owner_left",
    "name_not_found",
    "refused",
    "unreachable",
    "timeout",
    "tls",
    "tls_certificate",
    "starttls_unsupported",
    "wrong_password",
    "connection_lost",
    "server_error",
    "protocol_garbled",
    "disk_full",
    "internal",
)


@tagged("post_install", "-at_install")
class TestMailbox(MailboxCase):
    def test_password_is_encrypted_in_the_database(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT to_jsonb(m)::text FROM escala_mailbox m WHERE id = %s", [self.personal.id]
        )
        [row] = self.env.cr.fetchone()
        self.assertNotIn("s3cret", row)
        self.assertEqual(secret.decrypt(self.personal.sudo().imap_password_encrypted), "s3cret-ñ")

    def test_key_is_readable_by_its_owner_only(self):
        secret.encrypt("x")
        path = os.path.join(config["data_dir"], "escala", "secret.key")
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)

    def test_a_password_of_another_key_has_to_be_typed_again(self):
        self.personal.imap_password_encrypted = "gAAAAABother"
        with self.assertRaises(MailboxError) as caught:
            self.personal._session()
        self.assertEqual(caught.exception.code, "no_password")

    def test_port_follows_the_security_but_not_over_a_chosen_one(self):
        self.assertEqual(self.personal.imap_port, 993)
        self.personal.imap_security = "starttls"
        self.assertEqual(self.personal.imap_port, 143)
        self.personal.imap_port = 10143
        self.personal.imap_security = "tls"
        self.assertEqual(self.personal.imap_port, 10143)

    @mute_logger("odoo.sql_db")
    def test_a_user_has_one_personal_mailbox(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.make_mailbox("second@nordica.example", user_id=self.owner.id)

    @mute_logger("odoo.sql_db")
    def test_an_address_is_connected_once_and_only_who_logs_in_learns_of_it(self):
        self.personal.state = "connected"
        mailboxes = self.env["escala.mailbox"].with_user(self.colleague)
        values = {"email": self.personal.email.title(), "imap_host": "imap.nordica.example"}
        guess = mailboxes.create(values)
        self.assertEqual(guess.email_normalized, self.personal.email_normalized)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            guess.sudo().state = "connected"
            guess.flush_recordset()

    def test_an_address_has_to_be_one(self):
        with self.assertRaisesRegex(UserError, "not an e-mail address"):
            self.make_mailbox("nobody", kind="shared")

    def test_the_address_of_a_connected_mailbox_is_not_typed_over(self):
        """The wizard changes it, which tests it first."""
        self.personal.state = "connected"
        form = Form(self.personal.with_user(self.owner))
        with self.assertRaisesRegex(AssertionError, "readonly"):
            form.email = "another@nordica.example"

    def test_every_failure_is_explained_in_words(self):
        for code in CODES:
            with self.subTest(code):
                words = self.personal._explain(MailboxError(code, "the server's words"))
                self.assertNotIn(code, words)
                self.assertRegex(words, r"^[A-Z“i].*[.”]$")

    def test_failures_are_explained_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.env["ir.module.module"]._load_module_terms(["escala_mail_sync"], ["es_ES"])
        self.personal._set_error(MailboxError("wrong_password", "AUTH"))
        self.assertIn("refuses the user name", self.personal.last_error)
        self.assertIn("rechaza el usuario", self.personal.with_context(lang="es_ES").last_error)

    def test_what_a_retry_cannot_mend_is_not_retried(self):
        self.personal.write({"state": "connected", "next_check": "2026-01-01"})
        self.personal._set_error(MailboxError("connection_lost"))
        self.assertTrue(self.personal.next_check)
        self.assertEqual(self.personal.state, "connected")
        self.personal._set_error(MailboxError("wrong_password"))
        self.assertFalse(self.personal.next_check)
        self.assertEqual(self.personal.state, "error")

    def test_a_mailbox_with_mail_is_not_deleted(self):
        self.make_email(self.personal)
        with self.assertRaisesRegex(UserError, "archive"):
            self.personal.unlink()
        self.make_mailbox("empty@nordica.example", kind="shared").unlink()

    def test_large_imap_numbers_are_kept(self):
        row = self.make_email(self.personal).mailbox_message_ids
        row.invalidate_recordset()
        self.assertEqual(row.uidvalidity, 2**32 - 1)
