"""A salesperson, and a contact with a primary and an alternative address of each kind."""

from odoo.tests.common import new_test_user

from odoo.addons.escala_contact_rules.tests.common import ContactRulesCase


class LeadCase(ContactRulesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = new_test_user(
            cls.env, "h_salesperson", groups="base.group_user,sales_team.group_sale_salesman"
        )
        cls.iker = cls.contact(
            "Iker",
            ["iker@correo.example"],
            ["+34 677 10 20 30"],
            email="iker@norte.example",
            phone="+34 655 11 22 33",
        )

    def lead(self, contact=None, **values):
        """Create a lead of the salesperson's, as the salesperson."""
        return (
            self.env["crm.lead"]
            .with_user(self.salesperson)
            .create({"name": "A lead", "partner_id": contact.id if contact else False, **values})
        )

    def assertAddresses(self, contact, emails=None, phones=None):
        """Compare all addresses of the contact, the primary first."""
        if emails:
            self.assertEqual([contact.email, *contact.alternative_email_ids.mapped("email")], emails)
        if phones:
            self.assertEqual([contact.phone, *contact.alternative_phone_ids.mapped("phone")], phones)
