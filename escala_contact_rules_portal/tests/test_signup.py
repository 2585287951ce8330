"""Signing up on the site, with and without an invitation."""

from lxml import html

from odoo.tests import tagged
from odoo.tests.common import new_test_user
from odoo.tools import mute_logger

from .common import PASSWORD, PortalCase


@tagged("post_install", "-at_install")
class TestSignup(PortalCase):
    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2c")
        self.authenticate(None, None)

    def sign_up(self, login, path="/web/signup", **values):
        """Fill in the form of the sign-up page."""
        values = {"name": "Visitor", "password": PASSWORD, "confirm_password": PASSWORD, **values}
        with self.mock_mail_gateway():
            return self.post(path, login=login, **values)

    def message_on(self, response):
        """Return what the page says instead of showing a form."""
        page = html.fromstring(response.text)
        self.assertFalse(page.find_class("oe_signup_form"))
        [message] = page.xpath("//p[@role='status']")
        return message.text_content().strip()

    def new_user(self, login, contact, **values):
        return new_test_user(
            self.env,
            login,
            groups="base.group_portal",
            partner_id=contact.id,
            email=contact.email,
            **values,
        )

    # ------------------------------------------------------------
    # Without an invitation
    # ------------------------------------------------------------

    def test_an_unknown_visitor_signs_up_as_by_odoo(self):
        response = self.sign_up("new@correo.example")
        self.assertTrue(response.url.endswith("/my"), response.url)
        user = self.env["res.users"].search([("login", "=", "new@correo.example")])
        self.assertEqual((user.name, user.email), ("Visitor", "new@correo.example"))
        self.assertEqual(len(self.sent_to("new@correo.example")), 1)

    def test_nothing_is_created_for_an_address_of_a_contact(self):
        for address in ("iker@norte.example", "iker@correo.example", "IKER@correo.example"):
            with self.subTest(address):
                self.sign_up(address)
                self.assertFalse(self.users_of(self.iker))
                self.assertFalse(self.env["res.users"].search([("login", "=ilike", address)]))
                self.assertFalse(self.env["res.partner"].search([("name", "=", "Visitor")]))

    def test_the_invitation_goes_to_the_address_that_was_typed_alone(self):
        self.sign_up("iker@correo.example")
        self.assertEqual(len(self.sent_to("iker@correo.example")), 1)
        self.assertEqual(len(self._mails), 1)

    def test_whoever_follows_the_link_is_the_contact(self):
        self.sign_up("iker@correo.example")
        link = self.link_in(self.sent_to("iker@correo.example")[0])
        self.assertEqual(self.get(link).xpath("//input[@name='login']/@value"), ["iker@correo.example"])
        response = self.sign_up("iker@correo.example", link, name="Iker")
        self.assertTrue(response.url.endswith("/my"), response.url)
        user = self.users_of(self.iker)
        self.assertEqual((user.login, user.name), ("iker@correo.example", "Iker"))
        self.assertTrue(user._is_portal())
        self.assertEmails(self.iker, "iker@norte.example", "iker@correo.example")
        self.assertEqual(self.contacts_with("iker@correo.example"), self.iker)
        self.assertEqual(self.authenticate("iker@correo.example", PASSWORD).uid, user.id)

    def test_the_link_works_once(self):
        self.sign_up("iker@correo.example")
        link = self.link_in(self.sent_to("iker@correo.example")[0])
        self.sign_up("iker@correo.example", link)
        self.authenticate(None, None)
        self.sign_up("intruder@correo.example", link)
        self.assertEqual(self.users_of(self.iker).login, "iker@correo.example")

    def test_the_confirmation_names_the_login(self):
        self.sign_up("iker@correo.example")
        link = self.link_in(self.sent_to("iker@correo.example")[0])
        self.sign_up("iker@correo.example", link)
        [confirmation] = self._mails
        self.assertIn("auth_login=iker@correo.example", confirmation["body"])

    def test_a_contact_with_a_user_gets_a_link_for_a_new_password(self):
        self.new_user("iker@norte.example", self.iker)
        self.sign_up("iker@norte.example")
        self.assertIn("/web/reset_password", self.link_in(self.sent_to("iker@norte.example")[0]))
        self.assertEqual(len(self.users_of(self.iker)), 1)

    def test_the_link_for_a_new_password_goes_where_the_user_signs_in(self):
        self.new_user("iker@norte.example", self.iker)
        self.sign_up("iker@correo.example")
        self.assertEqual(len(self.sent_to("iker@norte.example")), 1)
        self.assertFalse(self.sent_to("iker@correo.example"))

    def test_a_contact_whose_access_was_revoked_gets_nothing(self):
        self.new_user("iker@norte.example", self.iker).active = False
        self.sign_up("iker@correo.example")
        self.assertFalse(self._mails)
        self.assertEqual(len(self.users_of(self.iker)), 1)

    def test_the_page_says_the_same_with_a_user_without_and_when_access_was_revoked(self):
        without = self.message_on(self.sign_up("iker@norte.example"))
        user = self.new_user("iker@norte.example", self.iker)
        with_user = self.message_on(self.sign_up("iker@norte.example"))
        user.active = False
        revoked = self.message_on(self.sign_up("iker@norte.example"))
        self.assertTrue(without)
        self.assertEqual({without, with_user, revoked}, {without})

    def test_the_page_says_the_same_when_no_mail_can_be_sent(self):
        said = self.message_on(self.sign_up("iker@norte.example"))
        self.new_user("iker@correo.example", self.iker)
        self.iker.email = False
        with mute_logger("odoo.addons.escala_contact_rules_portal.models.res_users_signup"):
            self.assertEqual(self.message_on(self.sign_up("iker@correo.example")), said)

    def test_what_is_wrong_with_the_form_is_said_first(self):
        response = self.sign_up("iker@correo.example", confirm_password="other")
        self.assertTrue(html.fromstring(response.text).find_class("alert-danger"))
        self.assertFalse(self._mails)

    def test_of_several_contacts_with_the_address_the_one_who_signs_in_with_it_gets_the_link(self):
        second = self.contact("Second", email="iker@norte.example")
        user = self.new_user("iker@norte.example", second)
        self.sign_up("iker@norte.example")
        self.assertIn("/web/reset_password", self.link_in(self.sent_to("iker@norte.example")[0]))
        self.assertEqual(second.signup_type, "reset")
        self.assertFalse(self.iker.signup_type)
        self.assertEqual(self.users_of(second), user)

    def test_a_delivery_address_is_nobody_who_signs_in(self):
        self.contact("Depot", email="depot@norte.example", parent_id=self.iker.id, type="delivery")
        response = self.sign_up("depot@norte.example")
        self.assertTrue(response.url.endswith("/my"), response.url)

    def test_the_link_hangs_on_no_document(self):
        self.sign_up("iker@correo.example")
        message = self._new_mails.mail_message_id
        self.assertEqual(len(message), 1)
        self.assertFalse(message.model or message.res_id)

    # ------------------------------------------------------------
    # The bin
    # ------------------------------------------------------------

    def test_an_address_that_a_form_has_added_opens_no_account_of_the_contact(self):
        contacts = self.env["res.partner"]
        contacts._register_contacts([{"phone": "+34 655 11 22 33", "email": "thief@correo.example"}], "form")
        self.assertIn("thief@correo.example", self.iker.alternative_emails)
        self.sign_up("thief@correo.example")
        user = self.env["res.users"].search([("login", "=", "thief@correo.example")])
        self.assertNotEqual(user.partner_id, self.iker)
        self.assertFalse(self.users_of(self.iker))
        self.assertFalse(self.iker.signup_type)

    def test_a_deleted_contact_is_restored_when_the_link_is_followed(self):
        self.iker._move_to_bin()
        self.sign_up("iker@correo.example")
        self.assertTrue(self.iker.deletion_date)
        link = self.link_in(self.sent_to("iker@correo.example")[0])
        self.url_open(link)
        self.assertTrue(self.iker.deletion_date)
        self.sign_up("iker@correo.example", link)
        self.assertFalse(self.iker.deletion_date)
        self.assertTrue(self.iker.active)
        self.assertEqual(self.users_of(self.iker).login, "iker@correo.example")

    # ------------------------------------------------------------
    # With an invitation
    # ------------------------------------------------------------

    def test_an_invited_contact_who_signs_up_with_another_address_keeps_its_own(self):
        self.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2b")
        self.iker.signup_prepare()
        path = "/web/signup?token=" + self.iker._generate_signup_token()
        response = self.sign_up("iker@nuevo.example", path)
        self.assertTrue(response.url.endswith("/my"), response.url)
        self.assertEmails(self.iker, "iker@norte.example", "iker@correo.example", "iker@nuevo.example")
        self.assertEqual(self.users_of(self.iker).login, "iker@nuevo.example")
