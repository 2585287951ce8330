"""Contacts that are registered, row by row."""

from .common import ContactRulesCase


class RegistrationCase(ContactRulesCase):
    def register(self, policy="update", source="form", **values):
        """Register one row and return its outcome."""
        return self.env["res.partner"]._register_contacts([values], source, policy)

    def emails(self, contact):
        return [contact.email_normalized, *contact.alternative_email_ids.mapped("email_normalized")]

    def phones(self, contact):
        return [contact.phone_sanitized, *contact.alternative_phone_ids.mapped("phone_sanitized")]
