"""Granting a contact access to the portal, as somebody who may create contacts and nothing more."""

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from odoo.addons.escala_contact_rules.matching.address_book import LIMIT

from .common import PASSWORD, PortalCase


@tagged("post_install", "-at_install")
class TestPortalWizard(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env,
            "h_manager",
            groups="base.group_user,base.group_partner_manager",
            email="m@escala.example",
        )

    def grant(self, email):
        wizard = self.env["portal.wizard"].with_user(self.manager)
        row = wizard.with_context(active_ids=self.iker.ids).create({}).user_ids
        row.email = email
        with self.mock_mail_gateway():
            row.action_grant_access()
        return row

    def test_another_email_is_added_and_is_the_login(self):
        self.grant("Iker@Nuevo.example")
        self.assertEmails(self.iker, "iker@norte.example", "iker@correo.example", "iker@nuevo.example")
        self.assertEqual(self.users_of(self.iker).login, "iker@nuevo.example")
        self.assertTrue(self.users_of(self.iker)._is_portal())

    def test_the_invitation_goes_to_the_email_that_was_typed(self):
        self.grant("iker@nuevo.example")
        self.assertEqual(len(self.sent_to("iker@nuevo.example")), 1)
        self.assertFalse(self.sent_to("iker@norte.example"))

    def test_an_alternative_email_is_the_login_and_is_invited(self):
        self.grant("iker@correo.example")
        self.assertEmails(self.iker, "iker@norte.example", "iker@correo.example")
        self.assertEqual(self.users_of(self.iker).login, "iker@correo.example")
        self.assertEqual(len(self.sent_to("iker@correo.example")), 1)
        self.assertFalse(self.sent_to("iker@norte.example"))

    def test_the_primary_email_is_invited_as_by_odoo(self):
        self.grant("iker@norte.example")
        self.assertEmails(self.iker, "iker@norte.example", "iker@correo.example")
        self.assertEqual(self.users_of(self.iker).login, "iker@norte.example")
        self.assertEqual(len(self.sent_to("iker@norte.example")), 1)

    def test_inviting_again_reaches_the_email_that_is_typed_then(self):
        row = self.grant("iker@correo.example")
        row.email = "iker@nuevo.example"
        with self.mock_mail_gateway():
            row.action_invite_again()
        self.assertEqual(len(self.sent_to("iker@nuevo.example")), 1)
        self.assertEqual(self.iker.email, "iker@norte.example")

    def test_the_invited_logs_in_with_the_email_that_was_typed(self):
        self.grant("iker@nuevo.example")
        link = self.link_in(self.sent_to("iker@nuevo.example")[0])
        self.authenticate(None, None)
        self.post(link, login="iker@nuevo.example", password=PASSWORD, confirm_password=PASSWORD, name="Iker")
        session = self.authenticate("iker@nuevo.example", PASSWORD)
        self.assertEqual(session.uid, self.users_of(self.iker).id)

    def test_a_contact_without_an_email_gets_it_as_its_main_one(self):
        self.iker.alternative_email_ids.unlink()
        self.iker.email = False
        self.grant("iker@nuevo.example")
        self.assertEmails(self.iker, "iker@nuevo.example")

    def test_a_full_contact_is_granted_nothing_under_another_email(self):
        for number in range(LIMIT - 1):
            self.add_email(self.iker, f"iker{number}@correo.example")
        with self.assertRaisesRegex(UserError, "iker@nuevo.example cannot be added to Iker"):
            self.grant("iker@nuevo.example")
        self.assertFalse(self.users_of(self.iker))

    def test_nobody_is_granted_access_under_an_email_of_another_contact(self):
        with self.assertRaisesRegex(UserError, "ana@vinedo.example cannot be added to Iker"):
            self.grant("Ana@vinedo.example")
        self.assertFalse(self.users_of(self.iker))
        self.assertFalse(self._mails)

    def test_access_is_revoked_whatever_email_is_typed(self):
        row = self.grant("iker@correo.example")
        row.email = "ana@vinedo.example"
        row.action_revoke_access()
        self.assertFalse(self.users_of(self.iker).active)
        self.assertEmails(self.iker, "iker@norte.example", "iker@correo.example")
