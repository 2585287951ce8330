"""Leads and contacts find each other under any address of the contact."""

from odoo.tests import Form, tagged

from odoo.addons.mail.tests.common import MailCase

from .common import LeadCase


@tagged("post_install", "-at_install")
class TestLeadMatching(LeadCase, MailCase):
    def test_a_mail_from_an_alternative_address_makes_a_lead_of_the_contact(self):
        message = (
            "From: Iker <Iker@Correo.example>\nTo: sales@escala.example\nSubject: Roof\n"
            "Message-ID: <roof@correo.example>\nContent-Type: text/plain\n\nHow much is a roof?\n"
        )
        lead_id = self.env["mail.thread"].message_process("crm.lead", message)
        lead = self.env["crm.lead"].browse(lead_id)
        self.env.flush_all()
        self.assertEqual(lead.partner_id, self.iker)
        self.assertEqual(lead.email_normalized, "iker@correo.example")
        self.assertAddresses(self.iker, ["iker@norte.example", "iker@correo.example"])

    def test_the_matching_contact_is_found_by_an_alternative_address(self):
        lead = self.lead(email_from="Iker <iker@correo.example>")
        self.assertEqual(lead._find_matching_partner(), self.iker)

    def test_assigning_customers_finds_the_contact_by_an_alternative_address(self):
        lead = self.lead(email_from="iker@correo.example")
        lead._handle_partner_assignment(create_missing=True)
        self.assertEqual(lead.partner_id, self.iker)
        self.assertEqual(lead.email_from, "iker@correo.example")

    def test_assigning_customers_makes_a_contact_of_its_own_where_emails_are_shared(self):
        self.env.company.refuse_same_email = False
        lead = self.lead(email_from="iker@correo.example")
        lead._handle_partner_assignment(create_missing=True)
        self.assertTrue(lead.partner_id)
        self.assertNotEqual(lead.partner_id, self.iker)

    def test_assigning_customers_makes_a_contact_for_an_unknown_address(self):
        lead = self.lead(email_from="new@correo.example", contact_name="New")
        lead._handle_partner_assignment(create_missing=True)
        self.assertEqual((lead.partner_id.email, lead.partner_id.name), ("new@correo.example", "New"))

    def test_assigning_customers_makes_a_company_and_a_person_without_the_same_email(self):
        lead = self.lead(email_from="new@correo.example", contact_name="New", partner_name="Bodega")
        lead._handle_partner_assignment(create_missing=True)
        person, company = lead.partner_id, lead.partner_id.parent_id
        self.assertEqual((person.name, person.email), ("New", "new@correo.example"))
        self.assertEqual((company.name, company.email), ("Bodega", False))
        self.assertEqual(lead.email_from, "new@correo.example")

    def test_assigning_customers_makes_a_company_with_the_email_where_there_is_no_person(self):
        lead = self.lead(email_from="new@correo.example", partner_name="Bodega")
        lead._handle_partner_assignment(create_missing=True)
        self.assertEqual((lead.partner_id.name, lead.partner_id.email), ("Bodega", "new@correo.example"))

    def test_assigning_customers_finds_the_person_of_that_name_and_phone(self):
        lead = self.lead(phone="655 11 22 33", contact_name=" iker", email_from="iker@nuevo.example")
        lead.country_id = self.spain
        lead._handle_partner_assignment(create_missing=True)
        self.assertEqual(lead.partner_id, self.iker)
        self.assertEqual(lead.email_from, "iker@nuevo.example")
        emails = ["iker@norte.example", "iker@correo.example", "iker@nuevo.example"]
        self.assertAddresses(self.iker, emails)

    def test_assigning_customers_does_not_take_somebody_else_with_the_phone(self):
        lead = self.lead(phone="+34 655 11 22 33", contact_name="Ane")
        lead._handle_partner_assignment(create_missing=True)
        self.assertNotEqual(lead.partner_id, self.iker)
        self.assertEqual(lead.partner_id.name, "Ane")

    def test_assigning_customers_does_not_lose_an_email_for_which_the_person_has_no_room(self):
        for number in range(9):
            self.env["res.partner.email"].create(
                {"partner_id": self.iker.id, "email": f"iker{number}@correo.example"}
            )
        lead = self.lead(phone="+34 655 11 22 33", contact_name="Iker", email_from="iker@nuevo.example")
        lead._handle_partner_assignment(create_missing=True)
        self.assertNotEqual(lead.partner_id, self.iker)
        self.assertEqual(lead.partner_id.email, "iker@nuevo.example")

    def test_assigning_customers_brings_a_deleted_contact_back(self):
        self.iker._move_to_bin()
        lead = self.lead(email_from="iker@correo.example", contact_name="Iker")
        lead._handle_partner_assignment(create_missing=True)
        self.assertEqual(lead.partner_id, self.iker)
        self.assertTrue(self.iker.active)

    def test_converting_a_lead_proposes_the_contact_found_by_an_alternative_address(self):
        lead = self.lead(email_from="iker@correo.example", type="lead")
        wizard = self.env["crm.lead2opportunity.partner"].with_user(self.salesperson)
        form = Form(wizard.with_context(active_model="crm.lead", active_id=lead.id, active_ids=lead.ids))
        self.assertEqual(form.action, "exist")
        self.assertEqual(form.partner_id, self.iker)
        form.name = "convert"
        form.save().action_apply()
        self.assertEqual((lead.type, lead.partner_id), ("opportunity", self.iker))
        self.assertEqual(lead.email_from, "iker@correo.example")

    def test_converting_a_lead_shows_the_leads_with_other_addresses_of_the_contact(self):
        other = self.lead(email_from="iker@norte.example", type="lead")
        lead = self.lead(email_from="iker@correo.example", type="lead")
        wizard = self.env["crm.lead2opportunity.partner"].with_user(self.salesperson)
        form = Form(wizard.with_context(active_model="crm.lead", active_id=lead.id, active_ids=lead.ids))
        self.assertEqual(form.name, "merge")
        self.assertEqual(form.duplicated_lead_ids[:], lead | other)

    def test_duplicates_are_found_by_all_addresses_of_the_contact(self):
        by_primary = self.lead(email_from="iker@norte.example")
        by_contact = self.lead(self.iker)
        unrelated = self.lead(email_from="ana@vinedo.example")
        lead = self.lead(email_from="iker@correo.example")
        found = lead._get_lead_duplicates(email=lead.email_from)
        self.assertEqual(found, by_primary | by_contact | lead)
        self.assertNotIn(unrelated, found)

    def test_duplicates_do_not_lead_to_a_contact_that_the_user_may_not_see(self):
        theirs = self.env["res.company"].create({"name": "Theirs"})
        self.iker.company_id = theirs
        self.lead(email_from="iker@norte.example")
        lead = self.lead(email_from="iker@correo.example")
        self.assertEqual(lead._get_lead_duplicates(email=lead.email_from), lead)

    def test_similar_leads_count_those_with_any_address_of_the_contact(self):
        by_email = self.lead(email_from="iker@norte.example")
        by_phone = self.lead(phone="+34 655 11 22 33")
        self.lead(email_from="ana@vinedo.example")
        lead = self.lead(email_from="iker@correo.example")
        self.assertEqual(lead.duplicate_lead_ids, by_email | by_phone | lead)
        self.assertEqual(lead.duplicate_lead_count, 2)

    def test_writing_to_an_alternative_address_makes_the_contact_the_customer(self):
        lead = self.lead(email_from="iker@correo.example")
        same = self.lead(email_from="iker@correo.example")
        with self.mock_mail_gateway():
            lead.message_post(body="Hello", message_type="comment", partner_ids=self.iker.ids)
        self.assertEqual((lead | same).partner_id, self.iker)
        self.assertEqual(lead.email_from, "iker@correo.example")
