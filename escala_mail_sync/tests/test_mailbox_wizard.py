from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .. import secret
from ..models.escala_mailbox_oauth import CLIENT_PARAMETERS
from .common import MailboxCase


@tagged("post_install", "-at_install")
class TestMailboxWizard(MailboxCase):
    """What of the wizard needs no server; all the way through: tests/sync/test_connecting.py."""

    def open(self, user, kind="personal", **context):
        wizards = self.env["escala.mailbox.wizard"].with_user(user)
        return Form(wizards.with_context(default_kind=kind, **context))

    def find(self, address, user=None):
        form = self.open(user or self.colleague)
        form.email = address
        wizard = form.save()
        wizard.action_find_servers()
        return wizard

    def test_servers_of_a_known_provider_are_filled_in(self):
        wizard = self.find("Laura.Gil@GMX.de ")
        self.assertEqual(wizard.step, "servers")
        self.assertEqual(wizard.email, "laura.gil@gmx.de")
        self.assertEqual((wizard.imap_host, wizard.imap_port), ("imap.gmx.net", 993))
        self.assertEqual(
            (wizard.smtp_host, wizard.smtp_port, wizard.smtp_security), ("mail.gmx.net", 587, "starttls")
        )
        self.assertIn("switched on", wizard.hint)

    def test_what_providers_ask_for_is_said(self):
        self.assertIn("app password", self.find("laura@gmail.com").hint)
        self.assertIn("sign in with Microsoft", self.find("laura@hotmail.com").hint)
        self.assertEqual(self.find("laura@free.fr").imap_login, "laura")

    def test_who_may_sign_in_learns_too_what_the_provider_asks_for_instead(self):
        self.set_up_sign_in()
        google = self.find("laura@gmail.com")
        self.assertEqual(google.sign_in_method, "google")
        self.assertIn("app password", google.hint)
        self.assertIn("no passwords from programs", self.find("laura@hotmail.com").hint)

    def test_signing_in_is_offered_only_where_it_may_work(self):
        self.set_up_sign_in()
        for address, offered in (
            ("laura@yahoo.es", False),
            ("laura@gmail.com", True),
            ("x@un.invalid", True),
        ):
            wizard = self.find(address)
            self.assertEqual((wizard.can_sign_in_google, wizard.can_sign_in_microsoft), (offered, offered))

    def set_up_sign_in(self):
        """Have this Odoo known to Google and Microsoft."""
        for client in CLIENT_PARAMETERS.values():
            self.env["ir.config_parameter"].set_param(f"{client}_id", "an id")
            self.env["ir.config_parameter"].set_param(f"{client}_secret", "a secret")

    def test_an_address_has_to_be_one_and_not_connected(self):
        with self.assertRaisesRegex(UserError, "not an e-mail address"):
            self.find("laura")
        with self.assertRaisesRegex(UserError, "connected already"):
            self.find("team@nordica.example", self.manager)

    def test_nobody_learns_here_of_a_mailbox_that_they_may_not_see(self):
        self.shared.email = "hidden@gmx.de"
        self.assertEqual(self.find("hidden@gmx.de").step, "servers")

    def test_back_keeps_what_was_typed_until_the_address_changes(self):
        wizard = self.find("laura@gmx.de")
        wizard.write({"imap_host": "imap.mine.example", "imap_password": "x"})
        wizard.action_back()
        self.assertEqual(wizard.step, "address")
        wizard.action_find_servers()
        self.assertEqual(wizard.imap_host, "imap.mine.example")
        self.assertTrue(wizard.has_password)
        wizard.email = "laura@web.de"
        wizard.action_find_servers()
        self.assertEqual(wizard.imap_host, "imap.web.de")
        self.assertFalse(wizard.has_password)

    def test_nothing_goes_on_without_a_test_that_works(self):
        wizard = self.find("laura@gmx.de")
        with self.assertRaisesRegex(UserError, "Type the password"):
            wizard.action_test()
        with self.assertRaisesRegex(UserError, "mend"):
            wizard.action_choose_options()
        with self.assertRaisesRegex(UserError, "not set up"):
            wizard.action_sign_in_google()

    def test_the_password_is_written_and_not_read(self):
        wizard = self.find("laura@gmx.de")
        wizard.imap_password = "s3cret"
        self.assertFalse(wizard.read(["imap_password"])[0]["imap_password"])
        self.assertEqual(secret.decrypt(wizard.sudo().imap_password_encrypted), "s3cret")
        with self.assertRaises(AccessError):
            wizard.read(["imap_password_encrypted"])

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_nobody_sees_the_wizard_of_another(self):
        wizard = self.find("laura@gmx.de")
        wizard.imap_password = "s3cret"
        wizard.folder_ids = [(0, 0, {"path": "Secret plans", "role": "other"})]
        for user in (self.owner, self.manager):
            other, folder = wizard.with_user(user), wizard.folder_ids.with_user(user)
            other.invalidate_recordset()
            self.assertFalse(other.search([("id", "=", wizard.id)]))
            for attempt in (
                lambda other=other: other.read(["email"]),
                lambda folder=folder: folder.read(["path"]),
                other.action_back,
                other.action_test,
                other.action_finish,
            ):
                with self.assertRaises(AccessError):
                    attempt()

    def test_the_mailbox_of_another_is_no_way_to_its_password(self):
        wizard = self.find("laura@gmx.de")
        wizard.write({"mailbox_id": self.personal.id, "email": self.personal.email})
        for attempt in (wizard.action_test, wizard.action_finish):
            with self.assertRaises(AccessError):
                attempt()

    def test_shared_and_marketing_are_for_managers(self):
        for kind in ("shared", "marketing"):
            self.assertTrue(self.open(self.manager, kind))
            with self.assertRaises(AccessError):
                self.open(self.colleague, kind)
            wizard = self.find("laura@gmx.de")
            wizard.kind = kind
            with self.assertRaises(AccessError):
                wizard.action_finish()

    def test_one_connects_only_a_mailbox_of_ones_own(self):
        for user in (self.colleague, self.manager):
            with self.assertRaises(AccessError):
                self.open(user, default_mailbox_id=self.personal.id)

    def test_reconnecting_starts_with_what_is_there_and_shows_no_password(self):
        self.personal.scope = "known"
        form = self.open(self.owner)
        self.assertEqual(form.step, "servers")
        self.assertEqual(form.email, "owner@nordica.example")
        self.assertEqual(form.imap_host, "imap.nordica.example")
        self.assertEqual(form.scope, "known")
        self.assertTrue(form.has_password)
        self.assertFalse(form.imap_password)
        form.imap_host = "elsewhere.example"
        self.assertFalse(form.has_password)

    def test_a_stored_password_is_not_tried_on_another_server(self):
        form = self.open(self.owner)
        form.imap_host = "elsewhere.example"
        wizard = form.save()
        self.assertFalse(wizard._get_trial_mailbox().imap_password_encrypted)
        wizard.write({"imap_host": self.personal.imap_host, "smtp_host": "elsewhere.example"})
        trial = wizard._get_trial_mailbox()
        self.assertTrue(trial.imap_password_encrypted)
        self.assertTrue(trial.smtp_unconfirmed)

    def test_without_a_connection_nothing_is_saved(self):
        wizard = self.find("laura@gmx.de")
        wizard.write({"imap_host": "nowhere.invalid", "imap_password": "x"})
        with self.assertRaisesRegex(UserError, "no server named"), self.env.cr.savepoint():
            wizard.action_finish()
        self.assertFalse(self.env["escala.mailbox"].search([("email", "=", "laura@gmx.de")]))

    def test_one_personal_mailbox(self):
        wizard = self.find("laura@gmx.de", self.colleague)
        self.make_mailbox("other@nordica.example", user_id=self.colleague.id)
        with self.assertRaisesRegex(UserError, "You have connected"):
            wizard.action_finish()

    def test_my_email_account_is_the_mailbox_or_the_wizard(self):
        mailboxes = self.env["escala.mailbox"]
        self.assertEqual(mailboxes.with_user(self.owner).action_open_own()["res_id"], self.personal.id)
        self.assertEqual(
            mailboxes.with_user(self.colleague).action_open_own()["res_model"], "escala.mailbox.wizard"
        )
