"""The vCards of an e-mail, as a mailbox registers them."""

import base64
import io
from email.message import EmailMessage
from email.policy import SMTP

from PIL import Image

from odoo.tests import tagged

from ..mime import parse_email
from .common import MailboxCase


def photo(image_format="PNG", size=(8, 8)) -> str:
    picture = io.BytesIO()
    Image.new("RGB", size, (200, 120, 40)).save(picture, image_format)
    return base64.b64encode(picture.getvalue()).decode()


def card(*lines, version="3.0") -> str:
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def letter(*cards, name="cards.vcf", mimetype="text/vcard"):
    """Return a message with these cards in one file."""
    message = EmailMessage(policy=SMTP)
    message["From"] = "ana@cliente.example"
    message.set_content("Hola")
    maintype, _, subtype = mimetype.partition("/")
    message.add_attachment("".join(cards).encode(), maintype, subtype, filename=name)
    return parse_email(message.as_bytes())


@tagged("post_install", "-at_install")
class VcardCase(MailboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.spain = cls.env.ref("base.es")
        cls.shared.company_id.country_id = cls.spain
        cls.partners = cls.env["res.partner"]
        cls.company = cls.partners.create(
            {"name": "Grúas Ochando", "is_company": True, "email": "info@ochando.example", "city": "Requena"}
        )

    def register(self, *letters, mailbox=None):
        registrations = self.env["escala.email.vcards"]._register_attached(mailbox or self.shared, letters)
        self.env.flush_all()
        return registrations

    def contact(self, email):
        contact = self.partners._find_all_by_addresses([email]).emails.get(email, self.partners)
        self.assertLessEqual(len(contact), 1)
        return contact

    def assertNobody(self, *emails):
        self.assertFalse(self.partners._find_all_by_addresses(emails).emails)
