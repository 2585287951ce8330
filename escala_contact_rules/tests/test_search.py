"""Finding a contact by any of its addresses, in part and in any spelling."""

from odoo.tests.common import new_test_user

from .common import ContactRulesCase


class TestSearch(ContactRulesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_email(cls, cls.ana, "Ana <Ana.V@Correo.example>")
        cls.add_phone(cls, cls.ana, "677 10 20 30")
        cls.olivia = cls.contact("Olivia", phone="020 7946 0999", country_id=cls.env.ref("base.uk").id)
        cls.reader = new_test_user(cls.env, "h_search", groups="base.group_user")
        cls.contacts = cls.env["res.partner"].with_user(cls.reader)

    def test_the_search_box_and_fields_find_any_address(self):
        for text in (
            "ana@vin",
            "ana.v@corr",
            "V@CORREO",
            "Ana.V@Correo.example",
            "655-10",
            "+34 677 10",
            "0034677102030",
            "677102030",
        ):
            with self.subTest(text):
                self.assertIn(self.ana, self.contacts.search([("display_name", "ilike", text)]))
                self.assertIn(self.ana.id, [id_ for id_, _name in self.contacts.name_search(text)])

    def test_who_is_named_in_full_is_found_by_any_email(self):
        contact = self.contact("Paz", ["paz@correo.example"], email="Paz@oficina.example")
        for name in ("paz@correo.example", "Paz <PAZ@correo.example>", "paz@oficina.example", "Paz"):
            with self.subTest(name):
                found = self.env["res.partner"].name_search(name, operator="=")
                self.assertEqual([id_ for id_, _name in found], contact.ids)
        self.assertFalse(self.env["res.partner"].name_search("az@correo.example", operator="="))

    def test_names_and_references_are_still_found(self):
        self.ana.ref = "C-1234"
        for text in ("An", "c-1234"):
            self.assertIn(self.ana, self.contacts.search([("display_name", "ilike", text)]))

    def test_the_filter_email_finds_any_email_and_no_phone(self):
        self.assertEqual(self.contacts.search([("email_search", "ilike", "v@correo")]), self.ana)
        self.assertFalse(self.contacts.search([("email_search", "ilike", "677102030")]))

    def test_the_filter_phone_finds_any_phone_in_any_spelling(self):
        for text, contact in (
            ("677 10", self.ana),
            ("+34 677-10-20-30", self.ana),
            ("0034677", self.ana),
            ("(677) 102.030", self.ana),
            ("020 7946 0999", self.olivia),
            ("+44 (0)20 7946 0999", self.olivia),
            ("79460999", self.olivia),
        ):
            with self.subTest(text):
                self.assertEqual(self.contacts.search([("phone_mobile_search", "ilike", text)]), contact)

    def test_several_criteria_narrow(self):
        twin = self.contact("Ana Twin", ["ana.v@otro.example"])
        found = self.contacts.search([("display_name", "ilike", "ana.v@")])
        self.assertEqual(found, self.ana | twin)
        found = self.contacts.search(
            [("display_name", "ilike", "ana.v@"), ("phone_mobile_search", "ilike", "677 10")]
        )
        self.assertEqual(found, self.ana)
        found = self.contacts.search([("email_search", "ilike", "ana.v@"), ("display_name", "ilike", "Twin")])
        self.assertEqual(found, twin)

    def test_negations_exclude(self):
        found = self.contacts.search([("email_search", "not ilike", "v@correo")])
        self.assertNotIn(self.ana, found)
        self.assertIn(self.olivia, found)
        self.assertNotIn(self.ana, self.contacts.search([("phone_mobile_search", "not ilike", "677 10")]))

    def test_what_the_user_may_not_read_is_not_found(self):
        self.env["ir.rule"].create(
            {
                "name": "No Ana",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.ana.id})]",
            }
        )
        for domain in (
            [("display_name", "ilike", "ana.v@")],
            [("email_search", "ilike", "v@correo")],
            [("phone_mobile_search", "ilike", "677102030")],
        ):
            self.assertFalse(self.contacts.search(domain))

    def test_archived_contacts_are_found_among_the_archived(self):
        self.ana.active = False
        self.assertFalse(self.contacts.search([("display_name", "ilike", "ana.v@")]))
        found = self.contacts.search([("display_name", "ilike", "ana.v@"), ("active", "=", False)])
        self.assertEqual(found, self.ana)
