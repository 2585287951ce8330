"""Invitations: to whom they go, and how far their links lead."""

import contextlib
import hashlib
from datetime import timedelta

from markupsafe import Markup
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import AccessError, UserError
from odoo.modules.registry import Registry
from odoo.tests.common import BaseCase, get_db_name, new_test_user, tagged
from odoo.tools import mute_logger

from .test_login import PASSWORD, LoginCase


class InvitationCase(LoginCase):
    def mail_of(self, row):
        return row.login_id.sudo().mail_id

    def token_in(self, row):
        """Return the secret of the link that is in the mail."""
        return self.mail_of(row).body_html.split("/my/activate/")[1].split('"')[0]

    def link(self, token):
        return self.env["escala.portal.activation"]._find(token)


class TestInvitation(InvitationCase):
    def setUp(self):
        super().setUp()
        self.row = self.give_access(self.vineyard, self.ana, "ana@correo.example", login=True)

    def test_it_goes_to_the_address_itself_and_to_nobody_else(self):
        self.row.login_id._send_invitation()
        mail = self.mail_of(self.row)
        self.assertEqual(mail.email_to, "ana@correo.example")
        self.assertFalse(mail.recipient_ids | mail.partner_ids)
        self.assertFalse(mail.email_cc)
        self.assertFalse((mail.model, mail.res_id) != (False, 0) and mail.model)
        self.assertIn("Vineyard", mail.body_html)

    def test_it_has_the_message_of_whoever_invites_text_or_html(self):
        self.row.login_id._send_invitation("<b>Hi</b> & welcome")
        self.assertIn("&lt;b&gt;Hi&lt;/b&gt; &amp; welcome", self.mail_of(self.row).body_html)
        self.row.login_id._send_invitation(Markup("<b>Welcome</b>"))
        self.assertIn("<b>Welcome</b>", self.mail_of(self.row).body_html)

    def test_it_is_in_the_language_of_the_contact(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("escala_client_portal.mail_template_invitation")
        template.with_context(lang="fr_FR").subject = "Votre accès"
        self.ana.lang = "fr_FR"
        self.row.login_id._send_invitation()
        self.assertEqual(self.mail_of(self.row).subject, "Votre accès")

    def test_only_a_hash_of_the_secret_is_stored(self):
        self.row.login_id._send_invitation()
        token = self.token_in(self.row)
        self.assertGreaterEqual(len(token), 43)  # 32 bytes
        [link] = self.env["escala.portal.activation"].search([("login_id", "=", self.row.login_id.id)])
        self.assertEqual(link.token_hash, hashlib.sha256(token.encode()).hexdigest())
        self.assertEqual(self.link(token)._get_state(), "valid")

    def test_a_link_expires_after_the_days_that_are_configured(self):
        self.env["ir.config_parameter"].set_param("escala_client_portal.invitation_days", "2")
        self.row.login_id._send_invitation()
        link = self.link(self.token_in(self.row))
        self.assertAlmostEqual(
            link.expires_on, fields.Datetime.now() + timedelta(days=2), delta=timedelta(minutes=1)
        )
        link.expires_on = fields.Datetime.now()
        self.assertEqual(link._get_state(), "expired")

    def test_a_link_counts_once(self):
        self.row.login_id._send_invitation()
        link = self.link(self.token_in(self.row))
        link._use(PASSWORD)
        self.assertEqual(link._get_state(), "used")
        self.assertEqual(self.row.access_state, "active")
        self.assertTrue(self.row.activated_on)

    def test_a_newer_link_ends_the_older_one(self):
        self.row.login_id._send_invitation()
        older = self.token_in(self.row)
        self.row.login_id._send_invitation()
        self.assertEqual(self.link(older)._get_state(), "replaced")
        self.assertEqual(self.link(self.token_in(self.row))._get_state(), "valid")

    def test_login_off_or_another_address_ends_the_link_and_holds_the_mail_back(self):
        self.row.login_id._send_invitation()
        token, mail = self.token_in(self.row), self.mail_of(self.row)
        self.row.login = False
        self.assertFalse(mail.exists())
        self.assertEqual(self.link(token)._get_state(), "unknown")
        self.row.login = True
        self.assertNotEqual(self.link(token)._get_state(), "valid")
        self.row.login_id._send_invitation()
        token, mail = self.token_in(self.row), self.mail_of(self.row)
        self.row.email = "ana@vinedo.example"
        self.assertFalse(mail.exists())
        self.assertFalse(self.link(token))

    def test_an_address_with_login_off_is_not_invited(self):
        self.row.login = False
        with self.assertRaisesRegex(UserError, "ana@correo.example"):
            self.row.login_id._send_invitation()
        with self.assertRaises(UserError):
            self.row.login_id._send_password_link()
        self.assertFalse(self.mail_of(self.row))

    def test_who_has_a_password_is_told_of_the_accounts_without_a_link(self):
        self.activate(self.row)
        self.give_access(self.garage, self.ana, "ana@correo.example", login=True)
        self.row.login_id._send_invitation()
        body = self.mail_of(self.row).body_html
        self.assertIn("Garage", body)
        self.assertNotIn("/my/activate/", body)

    def test_a_new_password_goes_to_the_address_that_logs_in(self):
        main = self.give_access(self.vineyard, self.ana, login=True)
        self.activate(self.row)
        self.activate(main)
        self.env["res.users"].reset_password("ana@correo.example")
        self.assertEqual(self.mail_of(self.row).email_to, "ana@correo.example")
        self.assertFalse(self.mail_of(main))
        self.link(self.token_in(self.row))._use("another one 3")
        own, others = self.row.login_id.user_id, main.login_id.user_id
        credential = {"type": "password", "password": "another one 3"}
        own.with_user(own)._check_credentials(credential, {"interactive": False})
        others.with_user(others)._check_credentials(
            {**credential, "password": PASSWORD}, {"interactive": False}
        )

    def test_nobody_but_the_mail_knows_the_link(self):
        self.row.login_id._send_invitation()
        for groups in ("sales_team.group_sale_manager", "base.group_system"):
            user = new_test_user(self.env, f"i_{groups}", groups=f"base.group_user,{groups}")
            with self.subTest(groups):
                with self.assertRaises(AccessError):
                    self.env["escala.portal.activation"].with_user(user).search_read([], ["login_id"])
                with self.assertRaises(AccessError):
                    self.row.login_id.with_user(user).read(["mail_id"])


class TestInvitationOffer(InvitationCase):
    """After Login is switched on: send now, later, with a message."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(cls.env, "o_sales", groups="sales_team.group_sale_salesman", lang="en_US")

    def test_the_account_and_the_contact_say_who_is_to_be_invited(self):
        row = self.give_access(self.vineyard, self.ana, login=True)
        self.give_access(self.vineyard, self.otto)
        self.assertEqual((self.vineyard.uninvited_count, self.ana.uninvited_count), (1, 1))
        self.assertFalse(self.otto.uninvited_count)
        row.login_id._send_invitation()
        self.assertFalse(self.vineyard.uninvited_count or self.ana.uninvited_count)
        row.login = False
        row.login = True
        self.assertEqual(self.vineyard.uninvited_count, 1)

    def test_a_salesperson_sends_a_message_to_all_of_them(self):
        rows = self.give_access(self.vineyard, self.ana, login=True) | self.give_access(
            self.vineyard, self.otto, login=True
        )
        action = self.vineyard.with_user(self.seller).action_invite_clients()
        wizard = (
            self.env[action["res_model"]].with_user(self.seller).with_context(**action["context"]).create({})
        )
        self.assertEqual(wizard.row_ids, rows)
        wizard.message = "<p>See you soon</p>"
        wizard.action_send()
        for row in rows:
            self.assertIn("See you soon", self.mail_of(row).body_html)
        self.assertFalse(self.vineyard.uninvited_count)

    def test_a_colleague_who_may_not_edit_accounts_invites_nobody(self):
        row = self.give_access(self.vineyard, self.ana, login=True)
        colleague = new_test_user(self.env, "o_colleague", groups="base.group_user")
        with self.assertRaises(AccessError):
            row.with_user(colleague).action_send_invitation()
        with self.assertRaises(AccessError):
            self.env["escala.portal.invitation"].with_user(colleague).create({"row_ids": row.ids})


@tagged("post_install", "-at_install")
class TestLinkAtOnce(BaseCase):
    """Two real transactions on committed data, as two browsers at once."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.transaction() as env:
            partners = env["res.partner"].create(
                [{"name": "Account", "is_company": True}, {"name": "Eva", "email": "eva@once.example"}]
            )
            self.partner_ids = partners.ids
            row = env["escala.account.contact"].create(
                {"account_id": partners[0].id, "contact_id": partners[1].id, "login": True}
            )
            urls = env["escala.portal.activation"]._create_links(row.login_id, "invitation")
            self.token = urls[row.login_id.id].rsplit("/", 1)[1]
        self.addCleanup(self.delete_partners)

    def delete_partners(self):
        with self.transaction() as env:
            env["res.partner"].browse(self.partner_ids).unlink()

    @contextlib.contextmanager
    def transaction(self):
        with self.registry.cursor() as cursor:
            yield api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})

    def test_the_second_is_started_over_and_finds_a_used_link(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(SerializationFailure),
            self.transaction() as second,
        ):
            self.assertEqual(second["escala.portal.activation"]._find(self.token)._get_state(), "valid")
            with self.transaction() as first:
                first["escala.portal.activation"]._find(self.token)._use(PASSWORD)
            second["escala.portal.activation"]._find(self.token)._use("of the second 1")
        with self.transaction() as env:
            self.assertEqual(env["escala.portal.activation"]._find(self.token)._get_state(), "used")
