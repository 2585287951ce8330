"""An account and a contact with two addresses to test with."""

import contextlib

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests.common import TransactionCase

from odoo.addons.escala_contact_rules.tests.english import EnglishMixin


class ClientPortalCase(EnglishMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "no_reset_password": True})
        cls.vineyard = cls.account("Vineyard")
        cls.garage = cls.account("Garage")
        cls.ana = cls.contact("Ana", "ana@vinedo.example", "ana@correo.example")
        cls.otto = cls.contact("Otto", "otto@vinedo.example")

    @classmethod
    def account(cls, name, **values):
        """Create a company."""
        return cls.env["res.partner"].create({"name": name, "is_company": True, **values})

    @classmethod
    def contact(cls, name, email, *alternatives, **values):
        """Create a person with these addresses."""
        lines = [Command.create({"email": alternative}) for alternative in alternatives]
        return cls.env["res.partner"].create(
            {"name": name, "email": email, "alternative_email_ids": lines, **values}
        )

    @classmethod
    def give_access(cls, account, contact, email=None, **switches):
        """Put the contact on the account; without an e-mail address, with the main one."""
        address = {"email": email} if email else {}
        return cls.env["escala.account.contact"].create(
            {"account_id": account.id, "contact_id": contact.id, **address, **switches}
        )

    @contextlib.contextmanager
    def assertRefused(self, message):
        """Expect a ValidationError with this text, and undo what led to it."""
        with self.assertRaises(ValidationError) as caught:
            yield
        self.assertIn(message, str(caught.exception))
