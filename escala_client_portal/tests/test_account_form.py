"""The pages on the form of an account and of a contact, as a salesperson fills them in."""

from odoo.tests import Form, new_test_user, tagged

from .common import ClientPortalCase


@tagged("post_install", "-at_install")
class TestAccountForm(ClientPortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = new_test_user(
            cls.env, "p_form", groups="sales_team.group_sale_salesman,base.group_partner_manager"
        )

    def form(self, partner):
        return Form(partner.with_user(self.salesperson))

    def test_choosing_a_contact_fills_in_the_address_and_offers_all_of_them(self):
        with self.form(self.vineyard) as form, form.current_account_contact_ids.new() as line:
            line.contact_id = self.ana
            self.assertEqual(line.email, "ana@vinedo.example")
            self.assertEqual(line.available_emails, ["ana@vinedo.example", "ana@correo.example"])
            line.email = "ana@correo.example"
            line.login = True
        row = self.vineyard.account_contact_ids
        self.assertEqual((row.contact_id, row.email, row.login), (self.ana, "ana@correo.example", True))

    def test_a_contact_gets_accounts_on_its_own_form(self):
        with self.form(self.ana) as form:
            for account in (self.vineyard, self.garage):
                with form.client_account_ids.new() as line:
                    line.account_id = account
                    self.assertEqual(line.email, "ana@vinedo.example")
        self.assertEqual(self.ana.client_account_ids.account_id, self.vineyard | self.garage)

    def test_a_new_account_is_saved_with_its_contacts(self):
        with Form(self.env["res.partner"].with_user(self.salesperson)) as form:
            form.name = "Greenhouse"
            form.company_type = "company"
            with form.current_account_contact_ids.new() as line:
                line.contact_id = self.otto
        self.assertEqual(form.record.account_contact_ids.contact_id, self.otto)

    def test_a_new_contact_is_saved_with_its_accounts(self):
        with Form(self.env["res.partner"].with_user(self.salesperson)) as form:
            form.name = "Eva"
            form.email = "eva@vinedo.example"
            with form.client_account_ids.new() as line:
                line.account_id = self.vineyard
        self.assertEqual(form.record.client_account_ids.email, "eva@vinedo.example")
