"""The list of what came in: who may see which line of it."""

from odoo.exceptions import AccessError
from odoo.tests.common import new_test_user

from .common import ContactRulesCase


class TestRegistrationLog(ContactRulesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "h_log", groups="base.group_user,base.group_partner_manager")
        cls.employee = new_test_user(cls.env, "h_employee", groups="base.group_user")
        contacts = cls.env["res.partner"]
        cls.created = contacts._register_contacts([{"name": "Luz", "email": "luz@correo.example"}], "form")
        cls.refused = contacts._register_contacts([{"name": "Bad", "email": "bad"}], "form")
        cls.both = cls.created | cls.refused

    def visible(self, user):
        return self.both.with_user(user).search([("id", "in", self.both.ids)])

    def test_who_creates_contacts_sees_what_became_of_those_they_may_see(self):
        self.assertEqual(self.visible(self.manager), self.created)
        self.created.partner_id.company_id = self.env["res.company"].create({"name": "Theirs"})
        self.assertFalse(self.visible(self.manager))
        with self.assertRaises(AccessError):
            self.created.with_user(self.manager).read(["email"])

    def test_who_registered_a_row_sees_why_it_was_refused(self):
        mine = (
            self.env["res.partner"]
            .with_user(self.manager)
            ._register_contacts([{"name": "Bad", "email": "bad"}], "import")
        )
        self.assertIn("“bad”", mine.with_user(self.manager).search([("id", "=", mine.id)]).reason)

    def test_an_employee_without_contact_creation_sees_none_of_others(self):
        self.assertFalse(self.visible(self.employee))
        for user in ("base.group_portal", "base.group_public"):
            with self.assertRaises(AccessError):
                self.visible(new_test_user(self.env, f"h_{user[11:]}", groups=user))

    def test_nobody_writes_it(self):
        for call in (
            lambda log: log.write({"reason": "x"}),
            lambda log: log.unlink(),
            lambda log: log.copy(),
        ):
            with self.assertRaises(AccessError):
                call(self.created.with_user(self.manager))

    def test_an_administrator_sees_all(self):
        self.assertEqual(self.visible(self.env.ref("base.user_admin")), self.both)

    def test_it_outlives_the_contact(self):
        self.created.partner_id.unlink()
        self.assertEqual((self.created.name, self.created.result), ("Luz", "created"))

    def test_after_a_year_it_is_forgotten(self):
        self.env.cr.execute(
            "UPDATE contact_registration SET create_date = create_date - interval '366 days' WHERE id = %s",
            [self.created.id],
        )
        self.env["contact.registration"]._gc_old()
        self.assertEqual(self.both.exists(), self.refused)
