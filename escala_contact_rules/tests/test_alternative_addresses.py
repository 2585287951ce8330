"""What an alternative address is stored as, and what is refused."""

from odoo.fields import Command

from .common import ContactRulesCase


class TestAlternativeAddresses(ContactRulesCase):
    def test_email_is_found_by_its_lower_case_spelling_without_a_name(self):
        line = self.add_email(self.ana, "Ana Viñedo <Ana.V@Correo.EXAMPLE>")
        self.assertEqual(line.email_normalized, "ana.v@correo.example")
        self.assertEqual(line.email, "Ana Viñedo <Ana.V@Correo.EXAMPLE>")

    def test_what_is_no_email_address_is_refused_by_name(self):
        for value in ("not an address", "two@a.example, two@b.example"):
            with self.subTest(value), self.assertRefused(f"“{value}” is not an e-mail"):
                self.add_email(self.ana, value)

    def test_phone_is_read_with_the_country_of_the_contact(self):
        self.assertEqual(self.add_phone(self.ana, "677 10 20 30").phone_sanitized, "+34677102030")

    def test_phone_without_a_contact_country_is_read_with_the_one_of_its_company(self):
        company = self.env["res.company"].create({"name": "France", "country_id": self.env.ref("base.fr").id})
        contact = self.contact("Luc", country_id=False, company_id=company.id)
        self.assertEqual(self.add_phone(contact, "01 41 22 33 44").phone_sanitized, "+33141223344")

    def test_phone_without_any_country_is_read_with_the_one_of_the_current_company(self):
        contact = self.contact("Olivia", country_id=False)
        self.assertEqual(self.add_phone(contact, "020 7946 0958").phone_sanitized, "+442079460958")

    def test_phone_stays_when_the_contact_moves_abroad(self):
        line = self.add_phone(self.ana, "677 10 20 30")
        self.ana.country_id = self.env.ref("base.fr")
        self.env.flush_all()
        self.assertEqual(line.phone_sanitized, "+34677102030")

    def test_what_is_no_phone_number_is_refused_by_name_and_country(self):
        with self.assertRefused("“12345” is not a phone number in Spain"):
            self.add_phone(self.ana, "12345")

    def test_a_number_without_prefix_is_refused_where_no_country_is_known(self):
        self.env.company.country_id = False
        contact = self.contact("Nowhere", country_id=False)
        with self.assertRefused("“677 10 20 30” cannot be used as a phone number. Write it with its country"):
            self.add_phone(contact, "677 10 20 30")

    def test_changing_an_address_to_nonsense_is_refused(self):
        line = self.add_email(self.ana, "ana@correo.example")
        with self.assertRefused("“nonsense”"):
            line.email = "nonsense"

    def test_the_same_alternative_twice_is_refused(self):
        self.add_email(self.ana, "ana@correo.example")
        with self.assertRefused("Ana already has ANA@correo.example"):
            self.add_email(self.ana, "ANA@correo.example")
        self.add_phone(self.ana, "677 10 20 30")
        with self.assertRefused("Ana already has 0034 677 102030"):
            self.add_phone(self.ana, "0034 677 102030")

    def test_the_same_alternative_twice_in_one_save_is_refused(self):
        with self.assertRefused("already has"):
            self.contact("Eva", alternative_emails=["eva@a.example", "Eva@A.example"])

    def test_an_alternative_equal_to_the_primary_is_refused(self):
        with self.assertRefused("Ana already has Ana@Vinedo.example"):
            self.add_email(self.ana, "Ana@Vinedo.example")
        with self.assertRefused("Ana already has 655102030"):
            self.add_phone(self.ana, "655102030")

    def test_an_alternative_that_becomes_the_primary_is_no_alternative_any_more(self):
        self.add_email(self.ana, "ana@correo.example")
        self.add_phone(self.ana, "677 10 20 30")
        self.ana.write({"email": "Ana@correo.example", "phone": "+34 677102030"})
        self.assertFalse(self.ana.alternative_email_ids)
        self.assertFalse(self.ana.alternative_phone_ids)

    def test_primary_and_alternative_can_swap_in_one_save(self):
        line = self.add_email(self.ana, "ana@correo.example")
        self.ana.write(
            {
                "email": "ana@correo.example",
                "alternative_email_ids": [Command.update(line.id, {"email": "ana@vinedo.example"})],
            }
        )
        self.assertEqual(self.ana.email_normalized, "ana@correo.example")
        self.assertEqual(line.email_normalized, "ana@vinedo.example")

    def test_two_contacts_may_share_an_address(self):
        self.add_email(self.ana, "oficina@vinedo.example")
        self.assertTrue(self.contact("Otto", alternative_emails=["oficina@vinedo.example"]))

    def test_deleting_a_contact_deletes_its_addresses(self):
        line = self.add_email(self.ana, "ana@correo.example")
        self.ana.unlink()
        self.assertFalse(line.exists())
