from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.escala_mail_sync.tests.common import GROUP_MANAGER, MailboxCase


@tagged("post_install", "-at_install")
class TestMarketingServers(MailboxCase):
    """A marketing account as it is seen among Odoo's mail servers. No server is reached here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("mass_mailing.mail_server_id", False)
        cls.admin = new_test_user(cls.env, "chief", "base.group_system", lang="en_US")
        cls.marketer = new_test_user(
            cls.env, "marta", "base.group_user,mass_mailing.group_mass_mailing_user", lang="en_US"
        )
        cls.account = cls.make_mailbox(
            "news@nordica.example",
            kind="marketing",
            name="Boletín",
            smtp_host="smtp.nordica.example",
            smtp_password="s3cret",
        )
        cls.connect(cls.account)
        cls.server = cls.account._find_mail_servers()

    @classmethod
    def connect(cls, mailbox):
        """Do what connecting does when the server lets us in."""
        mailbox.with_user(cls.manager).sudo().state = "connected"

    def test_it_shows_where_the_account_sends_and_no_password(self):
        self.assertRecordValues(
            self.server,
            [
                {
                    "name": "Boletín",
                    "from_filter": "news@nordica.example",
                    "smtp_host": "smtp.nordica.example",
                    "smtp_port": 465,
                    "smtp_encryption": "ssl_strict",
                    "smtp_user": "news@nordica.example",
                    "smtp_pass": False,
                    "owner_user_id": False,
                    "active": True,
                }
            ],
        )

    def test_it_follows_the_account(self):
        manager = self.account.with_user(self.manager)
        manager.name = "Novedades"
        self.assertEqual(self.server.name, "Novedades")
        manager.write({"smtp_host": "mx.nordica.example", "smtp_security": "starttls"})
        self.assertFalse(self.server.active, "the account has to be connected again")
        self.connect(self.account)
        self.assertRecordValues(
            self.server,
            [
                {
                    "active": True,
                    "smtp_host": "mx.nordica.example",
                    "smtp_port": 587,
                    "smtp_encryption": "starttls_strict",
                }
            ],
        )

    def test_it_goes_and_comes_with_the_account(self):
        manager = self.account.with_user(self.manager)
        manager.action_disconnect()
        self.assertFalse(self.server.active)
        self.connect(self.account)
        self.assertTrue(self.server.active)
        manager.action_archive()
        self.assertFalse(self.server.active)
        manager.action_unarchive()
        self.assertTrue(self.server.active)
        self.account.write({"kind": "shared", "imap_host": "imap.nordica.example"})
        self.assertFalse(self.server.active)
        self.assertEqual(self.account._find_mail_servers(), self.server)

    def test_other_kinds_of_mailboxes_have_none(self):
        self.connect(self.shared + self.personal)
        self.assertFalse((self.shared + self.personal)._find_mail_servers())

    def test_a_mailing_that_waits_keeps_no_account_connected(self):
        self.make_mailing().state = "in_queue"
        self.account.with_user(self.manager).action_disconnect()
        self.assertFalse(self.server.active)

    def test_administrators_do_not_change_it_here(self):
        server = self.server.with_user(self.admin)
        for values in (
            {"smtp_host": "thief.example"},
            {"smtp_pass": "x"},
            {"from_filter": False},
            {"owner_user_id": self.admin.id},
            {"active": False},
        ):
            with self.assertRaises(UserError):
                server.write(values)
        with self.assertRaises(UserError):
            server.unlink()
        server.write({"sequence": 3, "max_email_size": 5})

    def test_nobody_makes_a_server_of_a_mailbox(self):
        servers = self.env["ir.mail_server"].with_user(self.admin)
        for mailbox in self.personal + self.shared:
            with self.assertRaises(AccessError):
                servers.create({"name": "x", "smtp_host": "x.example", "escala_mailbox_id": mailbox.id})
            with self.assertRaises(AccessError):
                servers.create({"name": "x", "smtp_host": "x.example"}).escala_mailbox_id = mailbox

    def test_not_even_a_forged_one_opens_a_mailbox_of_another_kind(self):
        self.connect(self.personal)
        forged = self.env["ir.mail_server"].create(
            {
                "name": "x",
                "smtp_host": "x.example",
                "from_filter": self.personal.email,
                "escala_mailbox_id": self.personal.id,
            }
        )
        with self.assertRaises(UserError):
            forged._check_forced_mail_server(forged, True, self.personal.email)

    def test_only_managers_connect_accounts(self):
        values = {"kind": "marketing", "email": "x@nordica.example", "smtp_host": "x.example"}
        for user in (self.owner, self.marketer):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                self.env["escala.mailbox"].with_user(user).create(values)
        self.assertTrue(self.manager.has_group(GROUP_MANAGER))
        self.env["escala.mailbox"].with_user(self.manager).create(values)

    def test_odoo_does_not_find_it_for_other_emails(self):
        servers = self.env["ir.mail_server"]
        (servers.search([]) - self.server).active = False
        for address in ("news@nordica.example", "laura@nordica.example"):
            self.assertFalse(servers._find_mail_server(address)[0])
        self.assertFalse(servers._find_mail_server("laura@nordica.example", self.server)[0])

    def test_mailings_leave_by_it_and_from_it_by_default(self):
        mailing = self.make_mailing()
        self.assertTrue(mailing.mail_server_available)
        self.assertEqual(mailing.mail_server_id, self.server)
        self.assertEqual(mailing.email_from, '"Boletín" <news@nordica.example>')
        self.assertFalse(mailing.warning_message)

    def test_each_company_has_its_own_account_by_default(self):
        south, east = self.env["res.company"].create([{"name": "Nordica Sur"}, {"name": "Nordica Este"}])
        account = self.make_mailbox(
            "news@sur.example",
            kind="marketing",
            company_id=south.id,
            smtp_host="smtp.sur.example",
            smtp_password="s3cret",
        )
        self.marketer.company_ids |= south | east
        self.connect(account)
        mailings = self.env["mailing.mailing"].with_user(self.marketer)
        for company, server in (
            (self.account.company_id, self.server),
            (south, account._find_mail_servers()),
            (east, self.env["ir.mail_server"]),
        ):
            self.assertEqual(mailings.with_company(company)._get_default_mail_server_id(), server.id)

    def test_a_default_that_was_chosen_stays(self):
        other = self.make_mailbox("other@nordica.example", kind="marketing", smtp_host="smtp.nordica.example")
        self.connect(other)
        self.assertEqual(self.make_mailing().mail_server_id, self.server)

    def make_mailing(self):
        return (
            self.env["mailing.mailing"]
            .with_user(self.marketer)
            .create({"subject": "Placas", "mailing_model_id": self.env["ir.model"]._get_id("res.partner")})
        )
