"""A new password for somebody who signs in with an alternative address."""

from odoo.tests import tagged
from odoo.tests.common import new_test_user

from .common import PortalCase


@tagged("post_install", "-at_install")
class TestResetPassword(PortalCase):
    def user(self, login):
        return new_test_user(
            self.env, login, groups="base.group_portal", partner_id=self.iker.id, email=self.iker.email
        )

    def reset(self, login):
        self.env["ir.config_parameter"].set_param("auth_signup.reset_password", "True")
        self.authenticate(None, None)
        with self.mock_mail_gateway():
            return self.post("/web/reset_password", login=login)

    def test_the_link_goes_to_the_alternative_address_that_is_the_login(self):
        self.user("iker@correo.example")
        self.reset("iker@correo.example")
        self.assertEqual(len(self.sent_to("iker@correo.example")), 1)
        self.assertFalse(self.sent_to("iker@norte.example"))

    def test_the_link_goes_to_the_primary_address_when_the_login_is_not_the_contacts_own(self):
        self.user("iker@elsewhere.example")
        self.reset("iker@elsewhere.example")
        self.assertEqual(len(self.sent_to("iker@norte.example")), 1)
        self.assertFalse(self.sent_to("iker@elsewhere.example"))

    def test_of_several_users_each_gets_the_link_where_it_signs_in(self):
        users = self.user("iker@correo.example") | new_test_user(
            self.env, "ana", groups="base.group_portal", partner_id=self.ana.id, email=self.ana.email
        )
        with self.mock_mail_gateway():
            users.action_reset_password()
        self.assertEqual(len(self.sent_to("iker@correo.example")), 1)
        self.assertEqual(len(self.sent_to("ana@vinedo.example")), 1)
        self.assertEqual(len(self._mails), 2)
