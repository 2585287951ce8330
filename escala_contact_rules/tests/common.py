"""Contacts to test with, and one-line ways to give them addresses."""

import contextlib

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests.common import TransactionCase


class ContactRulesCase(TransactionCase):
    """A contact in Spain, in a company (of the database) in the United Kingdom."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "no_reset_password": True})
        cls.spain = cls.env.ref("base.es")
        cls.env.company.country_id = cls.env.ref("base.uk")
        cls.ana = cls.contact("Ana", email="ana@vinedo.example", phone="+34 655 10 20 30")

    @classmethod
    def contact(cls, name, alternative_emails=(), alternative_phones=(), **values):
        """Create a contact in Spain."""
        return cls.env["res.partner"].create(
            {
                "name": name,
                "country_id": cls.spain.id,
                "alternative_email_ids": [Command.create({"email": email}) for email in alternative_emails],
                "alternative_phone_ids": [Command.create({"phone": phone}) for phone in alternative_phones],
                **values,
            }
        )

    def add_email(self, contact, email):
        """Give the contact one more e-mail address."""
        return self.env["res.partner.email"].create({"partner_id": contact.id, "email": email})

    def add_phone(self, contact, phone):
        """Give the contact one more phone number."""
        return self.env["res.partner.phone"].create({"partner_id": contact.id, "phone": phone})

    @contextlib.contextmanager
    def assertRefused(self, message):
        """Expect a ValidationError with this text, and undo what led to it."""
        with self.assertRaises(ValidationError) as caught:
            yield
        self.assertIn(message, str(caught.exception))
