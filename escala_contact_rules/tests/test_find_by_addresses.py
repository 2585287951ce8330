"""The one lookup: by any address, in any spelling, in one indexed query."""

from odoo.tools import SQL

from .common import ContactRulesCase


class TestFindByAddresses(ContactRulesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.otto = cls.contact(
            "Otto", ["otto@mail.example"], ["+34 677 10 20 30"], email="otto@vinedo.example"
        )
        cls.lookup = cls.env["res.partner"]._find_by_addresses
        cls.lookup_all = cls.env["res.partner"]._find_all_by_addresses

    def setUp(self):
        super().setUp()
        # Odoo reads the current company's country once, and keeps it.
        self.lookup(phones=["020 7946 0958"])

    def test_primary_and_alternative_addresses_are_found(self):
        matches = self.lookup(["ana@vinedo.example", "otto@mail.example"], ["+34655102030", "+34677102030"])
        self.assertEqual(matches.emails, {"ana@vinedo.example": self.ana, "otto@mail.example": self.otto})
        self.assertEqual(matches.phones, {"+34655102030": self.ana, "+34677102030": self.otto})

    def test_an_address_nobody_has_is_no_key(self):
        self.assertEqual(self.lookup(["nobody@vinedo.example"], ["+34699999999"]), ({}, {}))

    def test_nothing_to_look_for_asks_nothing(self):
        with self.assertQueryCount(0):
            self.assertEqual(self.lookup([False, "", "nonsense"], [None, "12"]), ({}, {}))

    def test_odd_spellings_are_found_under_the_normalised_one(self):
        matches = self.lookup(['"Otto B." <OTTO@Mail.Example>'], ["(0034) 677-10-20.30"])
        self.assertEqual(matches.emails, {"otto@mail.example": self.otto})
        self.assertEqual(matches.phones, {"+34677102030": self.otto})

    def test_a_number_without_prefix_is_of_the_current_company_country(self):
        self.env.company.country_id = self.spain
        self.assertEqual(self.lookup(phones=["677 10 20 30"]).phones, {"+34677102030": self.otto})

    def test_a_number_without_prefix_is_of_the_given_company_country(self):
        company = self.env["res.company"].create({"name": "España", "country_id": self.spain.id})
        found = self.lookup(phones=["677 10 20 30"], company=company).phones
        self.assertEqual(found, {"+34677102030": self.otto})

    def test_an_address_not_yet_flushed_is_found(self):
        self.otto.email = "otto.new@vinedo.example"
        self.add_email(self.otto, "otto.newer@vinedo.example")
        found = self.lookup(["otto.new@vinedo.example", "otto.newer@vinedo.example"]).emails
        self.assertEqual(set(found.values()), {self.otto})

    def test_the_oldest_contact_wins_whether_primary_or_alternative(self):
        younger = self.contact("Younger", email="otto@mail.example")
        self.assertEqual(self.lookup(["otto@mail.example"]).emails["otto@mail.example"], self.otto)
        oldest = self.ana
        self.add_email(oldest, "otto@mail.example")
        self.assertEqual(self.lookup(["otto@mail.example"]).emails["otto@mail.example"], oldest)
        found = self.lookup_all(["otto@mail.example"]).emails["otto@mail.example"]
        self.assertEqual(found.ids, [oldest.id, self.otto.id, younger.id])

    def test_an_invoice_address_is_a_record_of_its_own(self):
        invoice = self.contact(
            "Facturas", email="facturas@vinedo.example", parent_id=self.ana.id, type="invoice"
        )
        self.assertEqual(self.lookup(["facturas@vinedo.example"]).emails["facturas@vinedo.example"], invoice)

    def test_archived_contacts_are_not_found(self):
        self.otto.active = False
        self.assertFalse(self.lookup(["otto@vinedo.example", "otto@mail.example"]).emails)

    def test_contacts_of_other_companies_are_left_out_on_demand(self):
        ours, theirs = self.env["res.company"].create([{"name": "Ours"}, {"name": "Theirs"}])
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": ours.id})
        self.otto.company_id = theirs
        emails = ["ana@vinedo.example", "otto@mail.example"]
        self.assertEqual(self.lookup(emails, company=ours).emails, {"ana@vinedo.example": self.ana})
        self.assertEqual(len(self.lookup(emails, company=ours | theirs).emails), 2)
        self.assertEqual(len(self.lookup(emails).emails), 2)
        self.ana.company_id = ours
        self.assertEqual(self.lookup(emails, company=branch).emails, {"ana@vinedo.example": self.ana})

    def test_one_query_for_one_and_for_a_hundred_addresses(self):
        many = [f"many{number}@vinedo.example" for number in range(100)]
        contacts = self.env["res.partner"].create([{"name": email, "email": email} for email in many])
        phones = [f"+3467710{number:04}" for number in range(100)]
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.lookup(["ana@vinedo.example"], ["+34655102030"])
        with self.assertQueryCount(1):
            matches = self.lookup([*many, "otto@mail.example"], phones)
        self.assertEqual([matches.emails[email] for email in many], list(contacts))
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            self.assertEqual([matches.emails[email].name for email in many], many)

    def test_every_branch_of_the_query_reads_an_index(self):
        # Of a table with five rows Postgres would read all, or try the index for parts of addresses.
        self.env.cr.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        for model, values in (
            ("res.partner.email", {"a@b.example", "c@d.example"}),
            ("res.partner.phone", {"+34655102030", "+34655102031"}),
        ):
            for query in self.env["res.partner"]._address_lookup_queries(model, values):
                plan = "\n".join(row[0] for row in self.env.execute_query(SQL("EXPLAIN %s", query)))
                with self.subTest(plan):
                    self.assertRegex(plan, r"Index (Only )?Scan.*(email_normalized|phone_sanitized)_idx")
                    self.assertNotIn("Seq Scan", plan)
