"""The address form of the portal, as the client submits it."""

from odoo.tests import tagged
from odoo.tests.common import new_test_user

from odoo.addons.escala_contact_rules.matching.address_book import LIMIT

from .common import PASSWORD, PortalCase


@tagged("post_install", "-at_install")
class TestAddressForm(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client_user = new_test_user(
            cls.env,
            "iker@norte.example",
            groups="base.group_portal",
            partner_id=cls.iker.id,
            email=cls.iker.email,
            password=PASSWORD,
        )

    def submit(self, **values):
        self.authenticate(self.client_user.login, PASSWORD)
        return self.post(
            "/my/address/submit",
            **{
                "partner_id": self.iker.id,
                "name": "Iker",
                "email": "iker@norte.example",
                "phone": "+34 655 11 22 33",
                "street": "Calle Mayor 1",
                "city": "Burgos",
                "zip": "09001",
                "country_id": self.spain.id,
                "state_id": self.env.ref("base.state_es_bu").id,
                **values,
            },
        ).json()

    def test_another_email_is_added(self):
        self.assertIn("redirectUrl", self.submit(email="iker@nuevo.example"))
        self.assertEmails(self.iker, "iker@norte.example", "iker@correo.example", "iker@nuevo.example")
        self.assertEqual(self.iker.street, "Calle Mayor 1")

    def test_another_phone_is_added(self):
        self.assertIn("redirectUrl", self.submit(phone="611 22 33 44"))
        self.assertEqual(self.iker.phone, "+34 655 11 22 33")
        self.assertEqual(
            self.iker.alternative_phone_ids.mapped("phone_sanitized"), ["+34677102030", "+34611223344"]
        )

    def test_an_alternative_address_changes_nothing(self):
        self.assertIn("redirectUrl", self.submit(email="iker@correo.example", phone="677102030"))
        self.assertEmails(self.iker, "iker@norte.example", "iker@correo.example")
        self.assertEqual(self.iker.phone, "+34 655 11 22 33")
        self.assertEqual(len(self.iker.alternative_phone_ids), 1)

    def test_a_contact_without_a_phone_gets_it_as_its_main_one_and_formatted(self):
        self.iker.phone = False
        self.iker.alternative_phone_ids.unlink()
        self.submit(phone="611223344")
        self.assertEqual(self.iker.phone, "+34 611 22 33 44")
        self.assertFalse(self.iker.alternative_phone_ids)

    def test_a_full_contact_is_told_that_there_is_no_room(self):
        for number in range(LIMIT - 1):
            self.add_email(self.iker, f"iker{number}@correo.example")
        feedback = self.submit(email="iker@nuevo.example")
        self.assertEqual(feedback["invalid_fields"], ["email"])
        self.assertIn("iker@nuevo.example", feedback["messages"][0])
        self.assertEqual(self.iker.alternative_email_count, LIMIT)
        self.assertFalse(self.iker.street)

    def test_an_email_of_another_contact_is_refused_as_one_without_room_is(self):
        feedback = self.submit(email="ana@vinedo.example")
        self.assertEqual(feedback["invalid_fields"], ["email"])
        self.assertNotIn("Ana", "".join(feedback["messages"]))
        self.assertEmails(self.iker, "iker@norte.example", "iker@correo.example")

    def test_what_is_no_phone_number_is_noted_on_the_contact(self):
        self.assertIn("redirectUrl", self.submit(phone="123"))
        self.assertEqual(self.iker.phone, "+34 655 11 22 33")
        self.assertEqual(len(self.iker.alternative_phone_ids), 1)
        self.assertTrue(self.iker.message_ids.filtered(lambda note: "123" in note.body))

    def test_a_phone_is_read_in_the_country_of_the_form(self):
        uk = self.env.ref("base.uk")
        feedback = self.submit(phone="020 7946 0958", country_id=uk.id, state_id="")
        self.assertIn("redirectUrl", feedback)
        self.assertIn("+442079460958", self.iker.alternative_phone_ids.mapped("phone_sanitized"))

    def test_an_unchanged_phone_that_is_no_number_is_left_alone(self):
        self.iker.phone = "ask the office"
        before = self.iker.message_ids
        self.assertIn("redirectUrl", self.submit(phone="ask the office"))
        self.assertEqual(self.iker.phone, "ask the office")
        self.assertFalse(
            (self.iker.message_ids - before).filtered(lambda note: "ask the office" in note.body)
        )

    def test_a_new_address_is_created_as_by_odoo(self):
        feedback = self.submit(partner_id="", email="almacen@norte.example", address_type="delivery")
        self.assertIn("redirectUrl", feedback)
        address = self.iker.child_ids
        self.assertEqual((address.email, address.type), ("almacen@norte.example", "delivery"))

    def test_the_form_says_what_becomes_of_a_different_address_and_shows_the_others(self):
        self.authenticate(self.client_user.login, PASSWORD)
        email, phone = (note.text_content() for note in self.get("/my/account").find_class("form-text")[:2])
        self.assertIn("iker@correo.example", email)
        self.assertIn("+34 677 10 20 30", phone)
