"""Users and companies of the database are contacts too, and are entered by hand on forms of their own."""

from odoo.exceptions import RedirectWarning

from .common import ContactRulesCase


class TestUsersByHand(ContactRulesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_email(cls, cls.ana, "ana@correo.example")

    def save_user(self, user=None, **values):
        users = user or self.env["res.users"]
        return users.browse(users.web_save(values, {"partner_id": {}})[0]["id"])

    def contacts_with(self, email):
        return self.env["res.partner"].search([("email_search", "=", email)])

    def test_a_new_user_is_the_contact_that_has_the_email(self):
        for email in ("ANA@vinedo.example", "ana@correo.example"):
            with self.subTest(email), self.cr.savepoint() as savepoint:
                user = self.save_user(name="Ana Ruiz", login=email, email=email)
                self.assertEqual(user.partner_id, self.ana)
                self.assertEqual(
                    (self.ana.name, self.ana.email, self.ana.alternative_emails),
                    ("Ana Ruiz", "ana@vinedo.example", "ana@correo.example"),
                )
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_a_user_invited_in_the_settings_is_the_contact_that_has_the_email(self):
        self.env["res.users"].web_create_users(["ana@correo.example", "nueva@correo.example"])
        self.assertEqual((self.ana.user_ids.login, self.ana.name), ("ana@correo.example", "Ana"))
        self.assertEqual(self.contacts_with("ana@correo.example"), self.ana)
        self.assertEqual(len(self.contacts_with("nueva@correo.example").user_ids), 1)

    def test_a_contact_that_got_the_email_by_a_form_is_not_given_away(self):
        self.ana._add_unconfirmed_emails(["ana@correo.example"])
        with self.assertRaises(RedirectWarning):
            self.save_user(name="Thief", login="ana@correo.example", email="ana@correo.example")

    def test_the_address_of_a_contact_is_refused_for_somebody_elses_user(self):
        user = self.save_user(name="Otto", login="otto@correo.example", email="otto@correo.example")
        with self.assertRaises(RedirectWarning) as caught:
            self.save_user(user, email="ana@correo.example")
        self.assertIn("Ana", caught.exception.args[0])

    def test_the_address_of_a_contact_is_refused_for_a_company(self):
        with self.assertRaises(RedirectWarning):
            self.env.company.web_save({"email": "ana@vinedo.example"}, {"email": {}})

    def test_colleagues_share_the_phone_of_their_company(self):
        self.env.company.web_save({"phone": "+34 941 11 22 33"}, {"phone": {}})
        for name in ("Otto", "Luz"):
            user = self.save_user(name=name, login=f"{name}@correo.example", phone="+34 941 11 22 33")
            self.assertEqual(user.phone, "+34 941 11 22 33")
        with self.assertRaises(RedirectWarning):
            self.save_user(user, phone="+34 655 10 20 30")

    def test_an_imported_user_is_the_contact_that_has_the_email(self):
        users = self.env["res.users"].with_context(import_file=True)
        result = users.load(["name", "login", "email"], [["Ana", "ana@vinedo.example", "ana@vinedo.example"]])
        self.assertEqual(users.browse(result["ids"]).partner_id, self.ana)

    def test_code_that_creates_users_is_left_alone(self):
        user = self.env["res.users"].create(
            {"name": "Ana", "login": "ana@vinedo.example", "email": "ana@vinedo.example"}
        )
        self.assertNotEqual(user.partner_id, self.ana)
