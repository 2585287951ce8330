"""What a lead's form says of its contact has a place on the contact."""

from odoo.tests.common import TransactionCase

from ..controllers.website_form import ADDRESS_FIELDS, LEAD_FIELDS


class TestLeadFields(TransactionCase):
    def test_the_fields_are_there(self):
        for model, names in ADDRESS_FIELDS.items():
            self.assertLessEqual(set(names), self.env[model]._fields.keys())
        self.assertLessEqual(LEAD_FIELDS.keys(), self.env["crm.lead"]._fields.keys())
        self.assertLessEqual(set(LEAD_FIELDS.values()), self.env["res.partner"]._fields.keys())
