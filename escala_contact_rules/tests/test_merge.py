"""Merging contacts keeps every address, each once."""

from .common import ContactRulesCase


class TestMerge(ContactRulesCase):
    def merge(self, sources, destination):
        self.env["base.partner.merge.automatic.wizard"]._merge((sources | destination).ids, destination)
        self.env.flush_all()
        self.env.invalidate_all()

    def emails(self, contact):
        return contact.alternative_email_ids.mapped("email_normalized")

    def test_the_one_that_remains_gets_every_address_once(self):
        self.add_email(self.ana, "shared@correo.example")
        other = self.contact(
            "Ana bis",
            ["shared@correo.example", "own@correo.example", "ana@vinedo.example"],
            ["655102030", "677102030"],
            email="bis@correo.example",
            phone="+34 622 33 44 55",
        )
        self.merge(other, self.ana)
        self.assertFalse(other.exists())
        self.assertEqual(self.ana.email, "ana@vinedo.example")
        self.assertEqual(
            sorted(self.emails(self.ana)),
            ["bis@correo.example", "own@correo.example", "shared@correo.example"],
        )
        self.assertEqual(
            sorted(self.ana.alternative_phone_ids.mapped("phone_sanitized")), ["+34622334455", "+34677102030"]
        )
        self.assertEqual((self.ana.alternative_email_count, self.ana.alternative_phone_count), (3, 2))

    def test_a_primary_that_is_taken_over_is_no_alternative_any_more(self):
        bare = self.contact("Bare", ["ana@vinedo.example"])
        self.merge(self.ana, bare)
        self.assertEqual(bare.email, "ana@vinedo.example")
        self.assertFalse(bare.alternative_email_ids)

    def test_three_contacts_at_once(self):
        second = self.contact("Second", email="second@correo.example")
        third = self.contact("Third", ["ana@vinedo.example"], email="second@correo.example")
        self.merge(second | third, self.ana)
        self.assertEqual(self.emails(self.ana), ["second@correo.example"])

    def test_what_does_not_fit_is_in_the_chatter(self):
        many = [f"m{number}@correo.example" for number in range(8)]
        other = self.contact("Ana bis", many, email="bis@correo.example")
        for number in range(5):
            self.add_email(self.ana, f"own{number}@correo.example")
        self.merge(other, self.ana)
        self.assertEqual(self.ana.alternative_email_count, 10)
        self.assertTrue({f"own{number}@correo.example" for number in range(5)} < set(self.emails(self.ana)))
        left_out = {*many, "bis@correo.example"} - set(self.emails(self.ana))
        self.assertEqual(len(left_out), 4)
        notes = "".join(self.ana.message_ids.mapped("body"))
        self.assertTrue(all(address in notes for address in left_out))

    def test_a_primary_that_cannot_be_read_is_in_the_chatter(self):
        self.merge(self.contact("Ana bis", phone="ext. 12"), self.contact("Ana ter", phone="ext. 34"))
        remaining = self.env["res.partner"].search([("name", "=", "Ana ter")])
        self.assertIn("ext. 12", "".join(remaining.message_ids.mapped("body")))

    def test_what_is_unconfirmed_stays_unconfirmed(self):
        other = self.contact("Ana bis", ["b@correo.example"], email="bis@correo.example")
        other._add_unconfirmed_emails(["b@correo.example"])
        self.ana._add_unconfirmed_emails(["a@correo.example"])
        self.merge(other, self.ana)
        self.assertEqual(self.ana._get_unconfirmed_emails(), ["a@correo.example", "b@correo.example"])
