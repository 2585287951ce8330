"""The form of a lead, as the salesperson has it: the triangle, what it says, and what saving does."""

from odoo.tests import Form, tagged

from odoo.addons.escala_contact_rules.matching.address_book import LIMIT

from .common import LeadCase


@tagged("post_install", "-at_install")
class TestLeadForm(LeadCase):
    def form(self, lead):
        return Form(lead, view="crm.crm_lead_view_form")

    def test_the_triangle_shows_for_an_address_that_will_be_added(self):
        with self.form(self.lead(self.iker, type="opportunity")) as form:
            self.assertFalse(form.partner_email_update or form.partner_phone_update)
            form.email_from = "iker@nuevo.example"
            form.phone = "+34 611 22 33 44"
            self.assertTrue(form.partner_email_update and form.partner_phone_update)
        self.assertFalse(form.record.partner_email_update or form.record.partner_phone_update)
        self.assertEqual(self.iker.alternative_email_count, 2)
        self.assertEqual(self.iker.alternative_phone_count, 2)

    def test_the_triangle_does_not_show_for_an_alternative_address(self):
        with self.form(self.lead(self.iker, type="opportunity")) as form:
            form.email_from = "iker@correo.example"
            form.phone = "+34 677 10 20 30"
            self.assertFalse(form.partner_email_update or form.partner_phone_update)

    def test_the_triangle_does_not_show_for_what_cannot_be_added(self):
        full = self.contact(
            "Full", [f"full{number}@correo.example" for number in range(LIMIT)], email="full@correo.example"
        )
        with self.form(self.lead(full, type="opportunity")) as form:
            form.email_from = "full@nuevo.example"
            self.assertFalse(form.partner_email_update)
            form.email_from = "ask his assistant"
            self.assertFalse(form.partner_email_update)

    def test_choosing_the_customer_keeps_its_alternative_address_on_the_form(self):
        lead = self.lead(email_from="iker@correo.example", phone="+34 677 10 20 30", type="opportunity")
        with self.form(lead) as form:
            form.partner_id = self.iker
            self.assertEqual((form.email_from, form.phone), ("iker@correo.example", "+34 677 10 20 30"))

    def test_the_triangle_says_that_the_address_is_added(self):
        view = self.env["crm.lead"].with_user(self.salesperson).get_view(view_type="form")["arch"]
        self.assertEqual(view.count("By saving, this e-mail is added to those of the customer."), 2)
        self.assertEqual(view.count("By saving, this phone number is added to those of the customer."), 2)
        self.assertNotIn("will also be updated", view)
