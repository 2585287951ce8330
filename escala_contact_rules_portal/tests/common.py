"""A contact with two e-mail addresses, a browser without a session, and the mail that goes out."""

import re

from lxml import html

from odoo.http import Request
from odoo.tests.common import HttpCase

from odoo.addons.escala_contact_rules.tests.common import ContactRulesCase
from odoo.addons.mail.tests.common import MailCase

PASSWORD = "long enough 2"


class PortalCase(ContactRulesCase, HttpCase, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.iker = cls.contact(
            "Iker",
            ["iker@correo.example"],
            ["+34 677 10 20 30"],
            email="iker@norte.example",
            phone="+34 655 11 22 33",
        )

    def post(self, path, **values):
        """Submit a form of the site, as whoever is logged in."""
        values["csrf_token"] = Request.csrf_token(self)
        return self.url_open(path, data=values)

    def get(self, path):
        """Open a page of the site."""
        return html.fromstring(self.url_open(path).text)

    def users_of(self, contact):
        return contact.with_context(active_test=False).user_ids

    def contacts_with(self, email):
        """Return all contacts, archived and deleted ones too, that have the address."""
        contacts = self.env["res.partner"].with_context(active_test=False)
        everywhere = ["|", ("deletion_date", "=", False), ("deletion_date", "!=", False)]
        by_any = [
            "|",
            ("email_normalized", "=", email),
            ("alternative_email_ids.email_normalized", "=", email),
        ]
        return contacts.search(everywhere + by_any)

    def sent_to(self, email):
        """Return the bodies of the mails that went to this address."""
        return [mail["body"] for mail in self._mails if email in "".join(mail["email_to"])]

    def link_in(self, body):
        """Return the address, on this site, of the link with a token."""
        [link] = set(re.findall(r'href="[^"]*(/web/[^"]*token=[^"]*)"', body))
        return link.replace("&amp;", "&")

    def assertEmails(self, contact, *emails):
        """Compare all e-mail addresses of the contact, the primary first."""
        self.assertEqual((contact.email, *contact.alternative_email_ids.mapped("email")), emails)
