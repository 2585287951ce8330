"""The contact form as a user fills it in."""

from odoo.tests import Form, new_test_user, tagged

from .common import ContactRulesCase


@tagged("post_install", "-at_install")
class TestContactForm(ContactRulesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = new_test_user(cls.env, "h_form_reader", groups="base.group_user")
        cls.editor = new_test_user(cls.env, "h_form", groups="base.group_user,base.group_partner_manager")

    def test_a_new_contact_is_saved_with_its_addresses(self):
        for company_type in ("person", "company"):
            with self.subTest(company_type), Form(self.env["res.partner"].with_user(self.editor)) as form:
                form.company_type = company_type
                form.name = "Eva"
                form.country_id = self.spain
                with form.alternative_email_ids.new() as line:
                    line.email = f"eva.{company_type}@correo.example"
                    line.label = "home"
                with form.alternative_phone_ids.new() as line:
                    line.phone = {"person": "677102030", "company": "677102031"}[company_type]
            contact = form.record.sudo()
            email = f"eva.{company_type}@correo.example"
            self.assertEqual(contact.alternative_email_ids.email_normalized, email)
            self.assertEqual(contact.alternative_email_ids.label, "home")
            self.assertEqual(contact.alternative_phone_count, 1)

    def test_a_number_is_shown_in_international_format(self):
        with Form(self.ana) as form, form.alternative_phone_ids.new() as line:
            line.phone = "677102030"
            self.assertEqual(line.phone, "+34 677 10 20 30")

    def test_a_user_without_contact_creation_opens_the_form(self):
        form = Form(self.ana.with_user(self.reader))
        self.assertEqual(form.name, "Ana")
