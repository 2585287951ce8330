"""What registering contacts does beside the rules, and what it refuses."""

from odoo.tests.common import new_test_user

from .registration_case import RegistrationCase


class TestRegistration(RegistrationCase):
    def test_skip_leaves_what_exists_alone(self):
        outcome = self.register(
            "skip", name="Other", email="ana@vinedo.example", alternative_emails="new@correo.example"
        )
        self.assertEqual((outcome.result, outcome.partner_id), ("skipped", self.ana))
        self.assertIn("exists already", outcome.reason)
        self.assertEqual(self.ana.name, "Ana")
        self.assertFalse(self.ana.alternative_email_ids)

    def test_empty_values_overwrite_nothing(self):
        self.ana.write({"city": "Haro", "function": "Gerente"})
        self.register(name="", email="ana@vinedo.example", city=False, function=" ")
        self.assertEqual((self.ana.name, self.ana.city, self.ana.function), ("Ana", "Haro", "Gerente"))

    def test_tags_are_added(self):
        old, new = self.env["res.partner.category"].create([{"name": "Old"}, {"name": "New"}])
        self.ana.category_id = old
        self.register(email="ana@vinedo.example", category_id=[(6, 0, new.ids)])
        self.assertEqual(self.ana.category_id, old | new)

    def test_nothing_new_writes_nothing(self):
        self.env.flush_all()
        before = self.ana.write_date
        outcome = self.register(
            name="Ana", email="ana@vinedo.example", phone="+34655102030", country_id=self.spain.id
        )
        self.assertEqual(outcome.result, "skipped")
        self.assertIn("nothing new", outcome.reason)
        self.env.flush_all()
        self.assertEqual(self.ana.write_date, before)

    def test_rows_of_a_batch_count_as_one_after_the_other(self):
        outcomes = self.env["res.partner"]._register_contacts(
            [
                {"name": "Luz", "email": "luz@correo.example", "phone": "+34 688 33 44 55"},
                {"name": "Luz", "email": "luz@trabajo.example", "phone": "+34688334455", "city": "Lugo"},
                {"email": "luz@trabajo.example", "phone": "+34 688 33 44 56"},
            ],
            "import",
        )
        self.assertEqual(outcomes.mapped("result"), ["created", "updated", "updated"])
        self.assertEqual(len(outcomes.partner_id), 1)
        luz = outcomes.partner_id
        self.assertEqual(self.emails(luz), ["luz@correo.example", "luz@trabajo.example"])
        self.assertEqual(self.phones(luz), ["+34688334455", "+34688334456"])
        self.assertEqual(luz.city, "Lugo")

    def test_an_email_of_another_contact_is_left_there(self):
        otto = self.contact("Otto", email="otto@vinedo.example")
        outcome = self.register(
            email="ana@vinedo.example", alternative_emails="otto@vinedo.example", city="Haro"
        )
        self.assertEqual((outcome.result, outcome.partner_id), ("updated", self.ana))
        self.assertIn("another contact has it: otto@vinedo.example", outcome.reason)
        self.assertEqual((self.emails(self.ana), otto.email), (["ana@vinedo.example"], "otto@vinedo.example"))

    def test_without_a_name_the_address_is_the_name(self):
        self.assertEqual(self.register(email="luz@correo.example").partner_id.name, "luz@correo.example")
        self.assertEqual(self.register(phone="+34 688 33 44 55").partner_id.name, "+34 688 33 44 55")

    def test_nothing_at_all_is_refused(self):
        outcome = self.register(city="Haro")
        self.assertEqual((outcome.result, outcome.partner_id.id), ("refused", False))
        self.assertIn("no name", outcome.reason)

    def test_a_row_that_cannot_be_stored_is_refused_on_its_own(self):
        rows = [{"name": f"N{number}", "email": f"n{number}@correo.example"} for number in range(9)]
        rows[4]["type"] = "no such type"
        rows[7]["parent_id"] = 2**31 - 1
        outcomes = self.env["res.partner"]._register_contacts(rows, "import")
        refused = outcomes.filtered(lambda outcome: outcome.result == "refused")
        self.assertEqual(refused.mapped("name"), ["N4", "N7"])
        self.assertTrue(all(refused.mapped("reason")))
        self.assertEqual(len(outcomes.partner_id), 7)

    def test_a_contact_without_addresses_is_known_by_its_name(self):
        self.contact("Familia Vidal", street="Calle 1")
        outcome = self.register(source="import", name="familia vidal", city="Haro")
        self.assertEqual((outcome.result, outcome.matched_by), ("created", False))
        self.assertEqual(self.register(source="import", name="Familia Vidal", city="Haro").result, "updated")
        self.assertEqual(self.register(source="import", name="Ana").result, "created")

    def test_whatever_a_row_holds_it_is_refused_alone(self):
        bad = [
            None,
            {"name": "X", "alternative_emails": 5},
            {"name": "X", "country_id": "Spain", "phone": "+34 688 33 44 55"},
            {"name": "X", "no_such_field": 1},
            {"name": "X", "type": ["a"]},
            {"email": "ana@vinedo.example", "category_id": [1]},
            {"name": "X", "email": "x" * 300 + "@correo.example"},
            {"name": "X", "ref": "".join(map(chr, range(33, 9000)))},
            {"name": "X", "parent_id": 2**31 - 1},
        ]
        good = {"name": "Luz", "email": "luz@correo.example"}
        outcomes = self.env["res.partner"]._register_contacts([good, *bad, {**good, "city": "Haro"}], "form")
        results = outcomes.mapped("result")
        self.assertEqual(results, ["created", *["refused"] * len(bad), "updated"])
        self.assertTrue(all(outcomes[1:-1].mapped("reason")))

    def test_numbers_and_what_postgres_does_not_store(self):
        outcome = self.register(name="L\0uz\ud800", phone=688334455, country_id=self.spain.id)
        self.assertEqual(
            (outcome.partner_id.name, outcome.partner_id.phone_sanitized), ("Luz", "+34688334455")
        )

    def test_the_phone_of_the_company_is_not_its_people(self):
        company = self.contact("Bodega", is_company=True, phone="+34 941 22 33 44")
        outcome = self.register(name="Luz", phone="+34 941 22 33 44", parent_id=company.id)
        self.assertEqual((outcome.result, company.name), ("created", "Bodega"))
        again = self.register(name="Luz", phone="+34 941 22 33 44", parent_id=company.id)
        self.assertEqual((again.result, again.partner_id), ("skipped", outcome.partner_id))

    def test_a_row_of_a_company_is_matched_in_that_company(self):
        theirs = self.env["res.company"].create({"name": "Theirs"})
        self.ana.company_id = theirs
        outcome = self.register(name="Ana", email="ana@vinedo.example", company_id=theirs.id)
        self.assertEqual(outcome.partner_id, self.ana)

    def test_invoice_and_delivery_addresses_are_no_contacts_of_their_own(self):
        invoice = self.contact(
            "Facturas", email="facturas@vinedo.example", parent_id=self.ana.id, type="invoice"
        )
        outcome = self.register(name="Luz", email="facturas@vinedo.example")
        self.assertEqual(outcome.result, "created")
        self.assertNotEqual(outcome.partner_id, invoice)
        row = {"name": "Envíos", "email": "ana@vinedo.example", "parent_id": self.ana.id, "type": "delivery"}
        self.assertEqual(self.register(**row).result, "created")
        self.assertEqual(self.ana.name, "Ana")

    def test_an_address_that_cannot_be_read_stays_when_it_comes_again(self):
        odd = self.contact("Odd", email="odd@correo.example", phone="ext. 12")
        outcome = self.register(name="Odd", email="odd@correo.example", phone="ext. 12", city="Haro")
        self.assertEqual((outcome.result, outcome.partner_id, odd.phone), ("updated", odd, "ext. 12"))

    def test_lines_with_labels_are_addresses_too(self):
        outcome = self.register(
            name="Luz",
            email="luz@correo.example",
            alternative_email_ids=[(0, 0, {"email": "casa@correo.example", "label": "home"})],
        )
        self.assertEqual(outcome.partner_id.alternative_email_ids.label, "home")

    def test_what_a_form_adds_to_a_contact_is_unconfirmed(self):
        self.register(phone="+34 655 10 20 30", email="a@correo.example")
        self.register(email="ana@vinedo.example", alternative_emails="b@correo.example")
        self.register(source="import", email="ana@vinedo.example", alternative_emails="c@correo.example")
        self.assertEqual(self.ana.unconfirmed_emails, "a@correo.example,b@correo.example")
        confirmed = [self.ana._is_confirmed_email(email) for email in self.emails(self.ana)]
        self.assertEqual(confirmed, [True, False, False, True])
        self.assertFalse(self.register(name="Luz", email="luz@correo.example").partner_id.unconfirmed_emails)

    def test_contacts_of_another_company_are_other_contacts(self):
        theirs = self.env["res.company"].create({"name": "Theirs"})
        self.ana.company_id = theirs
        self.assertEqual(self.register(name="Ana", email="ana@vinedo.example").result, "created")

    def test_what_the_user_may_not_edit_is_refused_and_not_named(self):
        self.env["ir.rule"].create(
            {
                "name": "No Ana",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.ana.id})]",
            }
        )
        user = new_test_user(self.env, "h_registrar", groups="base.group_user,base.group_partner_manager")
        outcomes = (
            self.env["res.partner"]
            .with_user(user)
            ._register_contacts(
                [{"name": "X", "email": "ana@vinedo.example"}, {"name": "Y", "email": "y@correo.example"}],
                "form",
            )
        )
        self.assertEqual(outcomes.mapped("result"), ["refused", "created"])
        self.assertFalse(outcomes[0].partner_id)
        self.assertIn("may not edit", outcomes[0].reason)
        self.assertNotIn("Ana", outcomes[0].reason)

    def test_who_may_not_create_contacts_registers_none(self):
        user = new_test_user(self.env, "h_no_registrar", groups="base.group_user")
        outcome = (
            self.env["res.partner"]
            .with_user(user)
            ._register_contacts([{"name": "X", "email": "x@correo.example"}], "form")
            .sudo()
        )
        self.assertEqual(outcome.result, "refused")
        self.assertFalse(self.env["res.partner"].search([("email", "=", "x@correo.example")]))

    def test_a_form_changes_no_colleague_and_no_company_of_this_database(self):
        user = new_test_user(
            self.env, "h_colleague", email="h_colleague@firm.example", groups="base.group_user"
        )
        company = self.env["res.company"].create({"name": "Branch", "phone": "+34 699 11 22 33"})
        for own, found_by in (
            (user.partner_id, {"email": "h_colleague@firm.example", "phone": "+34 688 33 44 55"}),
            (company.partner_id, {"email": "x@correo.example", "phone": "+34 699 11 22 33"}),
        ):
            name, phones = own.name, self.phones(own)
            outcome = self.register(name="Impostor", street="Calle Falsa 1", **found_by)
            self.assertEqual((outcome.result, outcome.partner_id), ("skipped", own))
            self.assertIn("colleague", outcome.reason)
            self.assertEqual((own.name, own.street, self.phones(own)), (name, False, phones))
            self.assertNotIn("x@correo.example", self.emails(own))

    def test_an_import_changes_a_colleague_and_a_form_who_has_a_portal_user(self):
        user = new_test_user(
            self.env, "h_colleague", email="h_colleague@firm.example", groups="base.group_user"
        )
        client = new_test_user(
            self.env, "h_client", email="h_client@firm.example", groups="base.group_portal"
        )
        self.register(source="import", name="Hugo", email="h_colleague@firm.example")
        self.register(name="Cleo", email="h_client@firm.example")
        self.assertEqual((user.name, client.name), ("Hugo", "Cleo"))
