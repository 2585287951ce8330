"""What is written on a lead is added to its customer, and what the customer has stays on the lead."""

from unittest.mock import patch

from odoo.service.server import thread_local
from odoo.tests import tagged

from odoo.addons.escala_contact_rules.matching.address_book import LIMIT

from .common import LeadCase


@tagged("post_install", "-at_install")
class TestLeadAddresses(LeadCase):
    def test_an_unknown_email_on_a_lead_is_added_to_the_customer(self):
        lead = self.lead(self.iker)
        lead.email_from = "iker@nuevo.example"
        self.env.flush_all()
        self.assertAddresses(self.iker, ["iker@norte.example", "iker@correo.example", "iker@nuevo.example"])
        self.assertEqual(lead.email_from, "iker@nuevo.example")

    def test_an_email_that_a_lead_adds_to_the_customer_is_unconfirmed_unless_it_was_typed_there(self):
        lead = self.lead(self.iker, email_from="anybody@correo.example")
        self.assertFalse(self.iker._is_confirmed_email("anybody@correo.example"))
        self.assertTrue(self.iker._is_confirmed_email("iker@norte.example"))
        with patch.object(thread_local, "rpc_model_method", "crm.lead.web_save", create=True):
            lead.web_save({"email_from": "iker@nuevo.example"}, {})
        self.assertTrue(self.iker._is_confirmed_email("iker@nuevo.example"))

    def test_an_unknown_phone_on_a_lead_is_added_to_the_customer(self):
        lead = self.lead(self.iker)
        lead.phone = "+34 611 22 33 44"
        self.env.flush_all()
        self.assertAddresses(self.iker, phones=["+34 655 11 22 33", "+34 677 10 20 30", "+34 611 22 33 44"])
        self.assertEqual(lead.phone, "+34 611 22 33 44")

    def test_addresses_of_a_new_lead_are_added_to_the_customer(self):
        lead = self.lead(self.iker, email_from="iker@nuevo.example", phone="+34 611 22 33 44")
        self.env.flush_all()
        self.assertAddresses(
            self.iker,
            ["iker@norte.example", "iker@correo.example", "iker@nuevo.example"],
            ["+34 655 11 22 33", "+34 677 10 20 30", "+34 611 22 33 44"],
        )
        self.assertEqual((lead.email_from, lead.phone), ("iker@nuevo.example", "+34 611 22 33 44"))

    def test_a_customer_without_addresses_gets_those_of_the_lead_as_primary(self):
        bare = self.contact("Bare")
        self.lead(bare, email_from="bare@correo.example", phone="+34 611 22 33 44")
        self.env.flush_all()
        self.assertAddresses(bare, ["bare@correo.example"], ["+34 611 22 33 44"])

    def test_the_name_before_an_email_is_not_added(self):
        self.lead(self.iker).email_from = '"Iker N." <iker@nuevo.example>'
        self.assertEqual(self.iker.alternative_email_ids[-1:].email, "iker@nuevo.example")

    def test_several_emails_on_a_lead_are_all_added(self):
        lead = self.lead(self.iker)
        lead.email_from = "iker@correo.example, one@nuevo.example, two@nuevo.example"
        self.assertAddresses(
            self.iker,
            ["iker@norte.example", "iker@correo.example", "one@nuevo.example", "two@nuevo.example"],
        )
        self.assertFalse(lead.partner_email_update)

    def test_a_phone_is_read_in_the_country_of_the_lead(self):
        self.iker.country_id = self.env.ref("base.uk")
        lead = self.lead(self.iker)
        lead.write({"country_id": self.spain.id, "phone": "611 22 33 44"})
        self.assertIn("+34611223344", self.iker.alternative_phone_ids.mapped("phone_sanitized"))
        self.assertEqual(lead.phone, "611 22 33 44")
        self.assertFalse(lead.partner_phone_update)

    def test_an_alternative_address_on_a_lead_changes_nothing_on_the_customer(self):
        lead = self.lead(self.iker)
        lead.write({"email_from": "IKER@correo.example", "phone": "+34677102030"})
        self.env.flush_all()
        self.assertAddresses(
            self.iker,
            ["iker@norte.example", "iker@correo.example"],
            ["+34 655 11 22 33", "+34 677 10 20 30"],
        )
        self.assertEqual((lead.email_from, lead.phone), ("IKER@correo.example", "+34677102030"))

    def test_emptying_the_addresses_of_a_lead_leaves_the_customer_alone(self):
        lead = self.lead(self.iker)
        lead.write({"email_from": False, "phone": False})
        self.env.flush_all()
        self.assertEqual((self.iker.email, self.iker.phone), ("iker@norte.example", "+34 655 11 22 33"))

    def test_a_lead_with_an_alternative_address_keeps_it_when_the_customer_is_set(self):
        lead = self.lead(email_from="iker@correo.example", phone="+34 677 10 20 30")
        lead.partner_id = self.iker
        self.env.flush_all()
        self.assertEqual((lead.email_from, lead.phone), ("iker@correo.example", "+34 677 10 20 30"))

    def test_a_lead_without_addresses_gets_those_of_its_customer(self):
        lead = self.lead()
        lead.partner_id = self.iker
        self.env.flush_all()
        self.assertEqual((lead.email_from, lead.phone), ("iker@norte.example", "+34 655 11 22 33"))

    def test_a_lead_keeps_its_alternative_address_when_the_customers_primary_changes(self):
        lead = self.lead(self.iker, email_from="iker@correo.example", phone="+34 677 10 20 30")
        self.iker.write({"email": "iker@sur.example", "phone": "+34 622 33 44 55"})
        self.env.flush_all()
        self.assertEqual((lead.email_from, lead.phone), ("iker@correo.example", "+34 677 10 20 30"))

    def test_a_lead_keeps_the_primary_that_becomes_an_alternative(self):
        lead = self.lead(self.iker)
        self.iker.alternative_email_ids.action_make_primary()
        self.iker.alternative_phone_ids.action_make_primary()
        self.env.flush_all()
        self.assertEqual(self.iker.email, "iker@correo.example")
        self.assertEqual((lead.email_from, lead.phone), ("iker@norte.example", "+34 655 11 22 33"))

    def test_a_lead_follows_the_primary_that_is_replaced_for_good(self):
        lead = self.lead(self.iker)
        self.iker.write({"email": "iker@sur.example", "phone": "+34 622 33 44 55"})
        self.env.flush_all()
        self.assertEqual((lead.email_from, lead.phone), ("iker@sur.example", "+34 622 33 44 55"))

    def test_what_a_full_customer_has_no_room_for_stays_on_the_lead(self):
        full = self.contact(
            "Full", [f"full{number}@correo.example" for number in range(LIMIT)], email="full@correo.example"
        )
        lead = self.lead(full)
        lead.email_from = "full@nuevo.example"
        self.env.flush_all()
        self.assertEqual(len(full.alternative_email_ids), LIMIT)
        self.assertEqual(full.email, "full@correo.example")
        self.assertEqual(lead.email_from, "full@nuevo.example")
        self.assertIn("full@nuevo.example", full.message_ids[0].body)

    def test_an_email_of_another_contact_stays_on_the_lead_alone(self):
        lead = self.lead(self.iker)
        lead.email_from = "ana@vinedo.example"
        self.env.flush_all()
        self.assertAddresses(self.iker, ["iker@norte.example", "iker@correo.example"])
        self.assertEqual(lead.email_from, "ana@vinedo.example")
        self.assertFalse(lead.partner_email_update)

    def test_a_text_that_is_no_address_does_not_reach_a_customer_who_has_one(self):
        lead = self.lead(self.iker)
        lead.write({"email_from": "ask his assistant", "phone": "the usual"})
        self.env.flush_all()
        self.assertEqual((self.iker.email, self.iker.phone), ("iker@norte.example", "+34 655 11 22 33"))
        self.assertEqual((lead.email_from, lead.phone), ("ask his assistant", "the usual"))
