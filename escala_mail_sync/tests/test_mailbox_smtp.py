from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .. import secret
from ..imap.errors import MailboxError
from ..models.escala_mailbox_kinds import SEVERAL_SHARED
from .common import MailboxCase


@tagged("post_install", "-at_install")
class TestMailboxSmtp(MailboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sender = cls.make_mailbox(
            "sender@nordica.example", kind="shared", smtp_host="smtp.nordica.example"
        )

    def password(self, mailbox):
        """The password that would be sent to the SMTP server."""
        return mailbox._get_smtp_credentials()["password"]

    def assert_no_password(self, mailbox):
        with self.assertRaises(MailboxError) as caught:
            mailbox._smtp_session()
        self.assertEqual(caught.exception.code, "no_password")

    def test_port_follows_the_security_but_not_over_a_chosen_one(self):
        ports = []
        for security in ("tls", "starttls", "none"):
            self.sender.smtp_security = security
            ports.append(self.sender.smtp_port)
        self.assertEqual(ports, [465, 587, 25])
        self.sender.smtp_port = 2525
        self.sender.smtp_security = "tls"
        self.assertEqual(self.sender.smtp_port, 2525)

    def test_password_and_user_name_are_those_for_reading_unless_there_are_others(self):
        self.assertEqual(self.password(self.sender), "s3cret-ñ")
        self.assertEqual(self.sender._get_smtp_server()[3], "sender@nordica.example")
        self.sender.smtp_password = "otra"
        self.assertEqual(self.password(self.sender), "otra")
        self.assertEqual(secret.decrypt(self.sender.imap_password_encrypted), "s3cret-ñ")
        self.sender.write({"imap_login": "ventas", "imap_password": "s3cret-ñ"})
        self.assertEqual(self.sender._get_smtp_server()[3], "ventas")

    def test_no_password_goes_to_a_server_for_which_it_was_not_typed(self):
        for values in (
            {"smtp_host": "elsewhere.example"},
            {"smtp_port": 2525},
            {"smtp_security": "none"},
            {"smtp_login": "somebody"},
        ):
            with self.subTest(values):
                self.sender.write({"imap_password": "s3cret-ñ", "smtp_password": "own"})
                self.sender.with_user(self.manager).write(values)
                self.assertFalse(self.sender.smtp_password_encrypted)
                self.assertFalse(self.sender.has_smtp_password)
                self.assert_no_password(self.sender)
                self.assertEqual(secret.decrypt(self.sender.imap_password_encrypted), "s3cret-ñ")

    def test_a_password_typed_with_the_new_server_is_meant_for_it(self):
        self.sender.write({"smtp_host": "elsewhere.example", "smtp_password": "own"})
        self.assertEqual(self.password(self.sender), "own")
        self.sender.write({"smtp_host": "again.example", "imap_password": "typed"})
        self.assertEqual(self.password(self.sender), "typed")

    def test_a_sending_server_that_is_named_later_wants_the_password_again(self):
        self.shared.with_user(self.manager).smtp_host = "elsewhere.example"
        self.assert_no_password(self.shared)
        self.shared.with_user(self.manager).imap_password = "typed"
        self.assertEqual(self.password(self.shared), "typed")

    def test_nobody_confirms_a_server_by_hand(self):
        self.sender.smtp_host = "elsewhere.example"
        with self.assertRaises(AccessError):
            self.sender.with_user(self.manager).smtp_unconfirmed = False
        self.assert_no_password(self.sender)

    def test_sending_servers_are_changed_by_whom_the_mailbox_may_be_changed_by(self):
        self.personal.with_user(self.owner).smtp_host = "smtp.nordica.example"
        for mailbox, user in ((self.personal, self.manager), (self.sender, self.owner)):
            with self.assertRaises(AccessError):
                mailbox.with_user(user).smtp_host = "elsewhere.example"

    def test_nobody_reads_a_password_for_sending(self):
        self.sender.smtp_password = "own"
        mailbox = self.sender.with_user(self.manager)
        self.assertFalse(mailbox.read(["smtp_password"])[0]["smtp_password"])
        self.assertTrue(mailbox.has_smtp_password)
        for attempt in (
            lambda: mailbox.read(["smtp_password_encrypted"]),
            lambda: mailbox.search([("smtp_password_encrypted", "like", "gAAAA")]),
            lambda: mailbox.export_data(["smtp_password_encrypted"]),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertFalse(self.sender.copy({"email": "copy@nordica.example"}).smtp_password_encrypted)

    def test_failures_of_sending_are_explained_in_words(self):
        codes = ("auth_unsupported", "sender_refused", "recipient_refused", "message_refused", "over_quota")
        for code in (*codes, "delivery_unknown", "protocol_garbled", "wrong_password", "timeout", "nonsense"):
            with self.subTest(code):
                words = self.sender._explain_sending(MailboxError(code, "the server's words"))
                self.assertNotIn(code, words)
                self.assertRegex(words, r"^[A-Zs].*[.”]$")
                self.assertNotIn("imap.nordica", words)


@tagged("post_install", "-at_install")
class TestMailboxKinds(MailboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.marketing = cls.env["escala.mailbox"].create(
            {
                "email": "news@nordica.example",
                "kind": "marketing",
                "smtp_host": "smtp.nordica.example",
                "smtp_password": "s3cret",
            }
        )

    def test_a_company_has_one_shared_mailbox_unless_several_are_allowed(self):
        self.env["ir.config_parameter"].set_param(SEVERAL_SHARED, "False")
        values = {"email": "b@nordica.example", "imap_host": "h", "kind": "shared"}
        mailboxes = self.env["escala.mailbox"].with_user(self.manager)
        refused = "has a shared mailbox already"
        with self.assertRaisesRegex(UserError, refused), self.env.cr.savepoint():
            mailboxes.create(values)
        self.shared.active = False
        second = mailboxes.create(values)
        with self.assertRaisesRegex(UserError, refused), self.env.cr.savepoint():
            self.shared.with_user(self.manager).active = True
        second.sudo().company_id = self.env["res.company"].create({"name": "Other"})
        self.shared.active = True

    def test_the_setting_allows_several(self):
        self.env["ir.config_parameter"].set_param(SEVERAL_SHARED, "False")
        settings = self.env["res.config.settings"].create({"mailbox_several_shared": True})
        settings.execute()
        self.make_mailbox("b@nordica.example", kind="shared")

    @mute_logger("odoo.sql_db")
    def test_servers_that_a_kind_needs_are_named(self):
        for values in ({"kind": "marketing", "smtp_host": False}, {"kind": "shared", "imap_host": False}):
            with self.subTest(values), self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.make_mailbox("x@nordica.example", **values)

    def test_marketing_is_for_managers(self):
        values = {"email": "x@nordica.example", "kind": "marketing", "smtp_host": "h"}
        self.assertTrue(self.env["escala.mailbox"].with_user(self.manager).create(values))
        with self.assertRaises(AccessError):
            self.env["escala.mailbox"].with_user(self.owner).create({**values, "email": "y@nordica.example"})
        self.assertFalse(
            self.env["escala.mailbox"].with_user(self.owner).search([("kind", "=", "marketing")])
        )

    def test_nothing_is_read_from_it(self):
        self.assertFalse(self.marketing.user_id)
        self.marketing.write({"state": "connected", "next_check": "2026-01-01", "sync_requested": True})
        due = self.env["escala.mailbox"].search(self.env["escala.mailbox"]._due_domain())
        self.assertNotIn(self.marketing, due)
        with self.assertRaisesRegex(UserError, "only sends"):
            self.marketing.action_sync_now()

    def test_one_address_may_be_shared_and_for_marketing(self):
        self.make_mailbox("news@nordica.example", kind="shared")

    def test_another_server_has_to_be_connected_again(self):
        self.marketing.state = "connected"
        self.marketing.with_user(self.manager).smtp_host = "elsewhere.example"
        self.assertEqual(self.marketing.state, "draft")

    def test_its_failures_speak_of_the_server_that_sends(self):
        self.marketing.action_connect()
        self.assertEqual(self.marketing.error_code, "name_not_found")
        self.assertIn("smtp.nordica.example", self.marketing.last_error)


@tagged("post_install", "-at_install")
class TestEmailsTab(MailboxCase):
    def shows_tab(self, user):
        return self.owner.partner_id.with_user(user).shows_emails_tab

    def test_both_switches_are_needed(self):
        employee = new_test_user(self.env, "employee", "base.group_user", lang="en_US")
        self.assertTrue(self.shows_tab(self.colleague))
        self.assertFalse(self.shows_tab(employee))
        self.env["res.config.settings"].create({"group_emails_tab": False}).execute()
        self.assertFalse(self.shows_tab(self.colleague))
        self.colleague.group_ids += self.env.ref("escala_mail_sync.group_emails_tab")
        self.assertTrue(self.shows_tab(self.colleague))

    def test_who_is_asked_to_connect(self):
        mailboxes = self.env["escala.mailbox"]
        self.assertTrue(mailboxes.with_user(self.owner).needs_mailbox())  # connected is neither
        self.shared.state = "connected"
        self.assertFalse(mailboxes.with_user(self.owner).needs_mailbox())
        self.assertTrue(mailboxes.with_user(self.manager).needs_mailbox())
        self.assertFalse(mailboxes.with_user(self.env.ref("base.public_user")).needs_mailbox())

    def test_whose_mailbox_is_not_read_any_more_is_told(self):
        mailboxes = self.env["escala.mailbox"]
        self.assertEqual(mailboxes.with_user(self.owner).get_account_banner(), {"connect": True})
        self.personal.state = "connected"
        self.assertEqual(mailboxes.with_user(self.owner).get_account_banner(), {})
        self.personal._set_error(MailboxError("wrong_password", "AUTH"))
        banner = mailboxes.with_user(self.owner).get_account_banner()
        self.assertEqual(banner["mailbox"], "owner@nordica.example")
        self.assertIn("Type the password again", banner["error"])
        self.assertNotIn("mailbox", mailboxes.with_user(self.manager).get_account_banner())

    def test_tabs_of_the_accounts(self):
        def kinds(user):
            tabs = self.env["escala.mailbox"].with_user(user).get_account_tabs()
            return {tab["kind"]: tab["may_connect"] for tab in tabs}

        self.assertEqual(kinds(self.owner), {"personal": False, "shared": False})
        self.assertEqual(kinds(self.colleague), {"personal": True})
        self.assertEqual(kinds(self.manager), {"personal": True, "shared": True, "marketing": True})
