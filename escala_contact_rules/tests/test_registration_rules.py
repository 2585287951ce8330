"""The rules by which forms and imports register contacts, one test each and named after it."""

from .registration_case import RegistrationCase

TEN_EMAILS = [f"ana{number}@correo.example" for number in range(10)]
TEN_PHONES = [f"+34 677 10 20 {number}0" for number in range(10)]


class TestRegistrationRules(RegistrationCase):
    def test_an_unknown_person_becomes_a_contact(self):
        outcome = self.register(name="Luz", email="luz@correo.example", phone="+34 688 33 44 55", city="Lugo")
        self.assertEqual((outcome.result, outcome.source, outcome.matched_by), ("created", "form", False))
        luz = outcome.partner_id
        self.assertEqual(
            (luz.name, luz.email, luz.phone, luz.city),
            ("Luz", "luz@correo.example", "+34 688 33 44 55", "Lugo"),
        )

    def test_rule_2_unknown_email_known_phone_updates_all_but_email_and_phone(self):
        outcome = self.register(
            name="Ana María",
            email="nueva@correo.example",
            phone="655-10 20 30",
            country_id=self.spain.id,
            city="Haro",
        )
        self.assertEqual(
            (outcome.result, outcome.partner_id, outcome.matched_by), ("updated", self.ana, "phone")
        )
        self.assertEqual((self.ana.name, self.ana.city), ("Ana María", "Haro"))
        self.assertEqual((self.ana.email, self.ana.phone), ("ana@vinedo.example", "+34 655 10 20 30"))
        self.assertEqual(self.emails(self.ana), ["ana@vinedo.example", "nueva@correo.example"])
        self.assertEqual(self.phones(self.ana), ["+34655102030"])

    def test_rule_2_a_new_country_makes_no_other_number_of_the_phone(self):
        contact = self.contact("Pol", email="pol@correo.example", phone="688 33 44 55")
        outcome = self.register(email="pol@correo.example", country_id=self.env.ref("base.fr").id)
        self.assertEqual((outcome.result, contact.country_id.code), ("updated", "FR"))
        self.assertEqual((contact.phone_sanitized, contact.phone), ("+34688334455", "+34 688 33 44 55"))

    def test_rule_2_a_new_country_makes_no_other_number_of_the_phones_of_the_company(self):
        company = self.contact("Bodega", is_company=True, phone="941 33 44 55")
        pol, pau = (
            self.contact(
                name, parent_id=company.id, email=f"{name}@correo.example", phone=f"688 33 44 5{name[-1]}"
            )
            for name in ("pol1", "pau2")
        )
        self.register(email="pol1@correo.example", country_id=self.env.ref("base.fr").id)
        numbers = (company | pol | pau).mapped("phone_sanitized")
        self.assertEqual(numbers, ["+34941334455", "+34688334451", "+34688334452"])

    def test_what_nobody_sees_in_an_address_makes_no_other_one_of_it(self):
        for email in (
            "ana@vinedo.example\u200b",
            "\ufeffana@vinedo.example",
            "\u202aana@vinedo.example\u202c",
            "Ana <\u2060ana@vinedo.example>",
            "'ana@vinedo.example'",
        ):
            with self.subTest(ascii(email)):
                self.assertEqual(self.register(email=email).partner_id, self.ana)
        self.assertFalse(self.ana.alternative_emails)
        composed = self.register(email="jos\u00e9@correo.example").partner_id
        self.assertEqual(self.register(email="jose\u0301@correo.example").partner_id, composed)

    def test_rule_2_an_alternative_phone_is_a_known_one(self):
        self.add_phone(self.ana, "+34 677 10 20 30")
        outcome = self.register(name="Ana", email="nueva@correo.example", phone="0034677102030")
        self.assertEqual(outcome.partner_id, self.ana)

    def test_rule_3_a_known_email_wins_and_phones_are_not_looked_at(self):
        otto = self.contact("Otto", phone="+34 688 33 44 55")
        outcome = self.register(
            name="Ana", email=" ANA@Vinedo.example ", phone="+34 688 33 44 55", function="Gerente"
        )
        self.assertEqual((outcome.partner_id, outcome.matched_by), (self.ana, "email"))
        self.assertEqual(self.ana.function, "Gerente")
        self.assertEqual(self.phones(self.ana), ["+34655102030", "+34688334455"])
        self.assertEqual((otto.name, otto.function), ("Otto", False))

    def test_rule_3_an_alternative_email_is_a_known_one(self):
        self.add_email(self.ana, "ana@correo.example")
        outcome = self.register(name="Ana", email="Ana <Ana@correo.example>")
        self.assertEqual(outcome.partner_id, self.ana)

    def test_rule_3_a_new_phone_becomes_primary_if_there_is_none(self):
        luz = self.contact("Luz", email="luz@correo.example")
        self.register(email="luz@correo.example", phone="+34 688 33 44 55")
        self.assertEqual(luz.phone, "+34 688 33 44 55")
        self.assertFalse(luz.alternative_phone_ids)

    def test_rule_4_of_several_contacts_only_the_oldest_is_updated(self):
        younger = self.contact("Younger", email="ana@vinedo.example")
        youngest = self.contact("Youngest", ["ana@vinedo.example"])
        outcome = self.register(name="Ana", email="ana@vinedo.example", city="Haro")
        self.assertEqual(outcome.partner_id, self.ana)
        self.assertEqual([self.ana.city, younger.city, youngest.city], ["Haro", False, False])

    def test_rule_5_the_email_of_a_contact_with_a_phone_only_becomes_primary(self):
        luz = self.contact("Luz", phone="+34 688 33 44 55")
        self.register(name="Luz", email="luz@correo.example", phone="688334455", country_id=self.spain.id)
        self.assertEqual(luz.email, "luz@correo.example")
        self.assertFalse(luz.alternative_email_ids)

    def test_rule_7_at_ten_alternatives_a_further_address_is_left_out_and_the_rest_updated(self):
        full = self.contact(
            "Full", TEN_EMAILS, TEN_PHONES, email="full@correo.example", phone="+34 688 33 44 55"
        )
        outcome = self.register(
            name="Full",
            email="full@correo.example",
            alternative_emails="twelfth@correo.example",
            phone="+34 688 33 44 56",
            city="Haro",
        )
        self.assertEqual(outcome.result, "updated")
        self.assertIn("twelfth@correo.example", outcome.reason)
        self.assertIn("+34688334456", outcome.reason)
        self.assertEqual(full.city, "Haro")
        self.assertEqual((len(self.emails(full)), len(self.phones(full))), (11, 11))

    def test_rule_8_one_text_carries_all_alternatives(self):
        outcome = self.register(
            name="Otto",
            email="otto@escala.example",
            alternative_emails="otto@escala.example, RRHH@escala.example;; ventas@escala.example ,rrhh@escala.example",
            phone="+34 688 33 44 55",
            alternative_phones=" +34688334455; 677 10 20 30,+34 677-10-20-31 ",
            country_id=self.spain.id,
        )
        otto = outcome.partner_id
        self.assertEqual(
            self.emails(otto), ["otto@escala.example", "rrhh@escala.example", "ventas@escala.example"]
        )
        self.assertEqual(self.phones(otto), ["+34688334455", "+34677102030", "+34677102031"])

    def test_rule_8_an_invalid_address_refuses_its_row_and_no_other(self):
        outcomes = self.env["res.partner"]._register_contacts(
            [
                {"name": "Luz", "email": "luz@correo.example"},
                {"name": "Bad", "email": "bad@correo.example", "alternative_emails": "not an address"},
                {"name": "Bad", "phone": "12"},
                {"name": "Eva", "email": "eva@correo.example"},
            ],
            "import",
        )
        self.assertEqual(outcomes.mapped("result"), ["created", "refused", "refused", "created"])
        self.assertIn("“not an address” is not an e-mail address", outcomes[1].reason)
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Bad")]))

    def test_rule_8_what_is_exported_and_imported_again_changes_nothing(self):
        contact = self.contact(
            "Otto",
            ["Otto Brandt <OTTO@escala.example>", "rrhh@escala.example"],
            ["677 10 20 30", "+34 677-10-20-31"],
            email="otto@vinedo.example",
            phone="688334455",
        )
        names = ["name", "email", "alternative_emails", "phone", "alternative_phones"]
        before = contact.export_data(names)["datas"]
        outcome = self.register(
            source="import", **dict(zip(names, before[0], strict=True)), country_id=self.spain.id
        )
        self.assertEqual((outcome.result, outcome.partner_id), ("skipped", contact))
        self.assertEqual(contact.export_data(names)["datas"], before)

    def test_rule_9_a_deleted_contact_comes_back_and_is_updated(self):
        self.add_email(self.ana, "ana@correo.example")
        for known in (
            {"email": "ana@vinedo.example"},
            {"email": "ana@correo.example"},
            {"phone": "+34655102030"},
        ):
            with self.subTest(known):
                self.ana._move_to_bin()
                outcome = self.register(name="Ana", city="Haro", **known)
                self.assertEqual((outcome.result, outcome.partner_id), ("restored", self.ana))
                self.assertTrue(self.ana.active)
                self.assertFalse(self.ana.deletion_date)
                self.assertEqual(self.ana.city, "Haro")

    def test_rule_9_a_contact_that_is_there_comes_before_a_deleted_one(self):
        self.ana._move_to_bin()
        younger = self.contact("Younger", email="ana@vinedo.example")
        outcome = self.register(name="Ana", email="ana@vinedo.example")
        self.assertEqual((outcome.result, outcome.partner_id), ("updated", younger))
        self.assertTrue(self.ana.deletion_date)
