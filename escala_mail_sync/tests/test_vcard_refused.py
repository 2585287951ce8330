"""vCards that make no contact: those of colleagues, and broken ones."""

import base64
import logging
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tools import mute_logger

from .vcard_case import VcardCase, card, letter, photo

LOGGER = "odoo.addons.escala_mail_sync.models.escala_email_vcards"


class TestLeftAlone(VcardCase):
    def test_cards_of_colleagues(self):
        self.owner.partner_id.write({"email": "o@nordica.example", "phone": "+34600555900"})
        before = self.owner.name
        registrations = self.register(
            letter(
                card("FN:Otro", "EMAIL:o@nordica.example"),
                card("FN:Equipo", f"EMAIL:{self.shared.email}"),
                card("FN:Otro", "TEL:600 555 900", "EMAIL:evil@x.example"),
                card("FN:Ana", "EMAIL:ana@x.example"),
            )
        )
        self.assertEqual(registrations.partner_id, self.contact("ana@x.example"))
        self.assertEqual(self.owner.name, before)
        self.assertNobody("evil@x.example", self.shared.email)

    def test_own_company(self):
        own = self.shared.company_id.partner_id
        own.write({"name": "Nórdica", "email": "info@nordica.example"})
        self.assertFalse(
            self.register(letter(card("FN:Nórdica", "KIND:org", "EMAIL:info@nordica.example", "TITLE:x")))
        )
        self.assertFalse(own.function)

    def test_people_of_the_own_company(self):
        own = self.shared.company_id.partner_id
        own.write({"name": "Nórdica", "email": "info@nordica.example"})
        self.assertFalse(
            self.register(
                letter(
                    card("FN:Nueva", "ORG:nórdica", "EMAIL:nueva@x.example"),
                    card("FN:Otra", "ORG:Nórdica Solar", "EMAIL:info@nordica.example"),
                )
            )
        )
        self.assertNobody("nueva@x.example")
        self.assertFalse(own.child_ids.filtered(lambda child: child.name == "Otra"))

    def test_switched_off(self):
        self.shared.with_user(self.manager).vcard_contacts = False
        self.assertFalse(self.register(letter(card("FN:Ana", "EMAIL:ana@x.example"))))
        self.assertNobody("ana@x.example")

    def test_owner_switches_off(self):
        self.personal.with_user(self.owner).vcard_contacts = False
        self.assertFalse(self.register(letter(card("FN:Ana", "EMAIL:ana@x.example")), mailbox=self.personal))

    def test_messages_without_cards_take_no_query(self):
        self.assertTrue(self.shared.vcard_contacts)
        with self.assertQueryCount(0):
            self.register(letter("hola", name="hola.txt", mimetype="application/octet-stream"))


class TestBadCards(VcardCase):
    def test_bad_cards_beside_good_ones(self):
        with self.assertLogs(LOGGER, logging.INFO) as logs:
            self.register(
                letter("no card at all"),
                letter(
                    card("NOTE:nobody"),
                    card("FN:Ana", "EMAIL:ana@x.example"),
                    "BEGIN:VCARD\r\nFN:Cut\r\nEMAIL:cut@x.ex",
                ),
            )
        self.assertEqual(self.contact("ana@x.example").name, "Ana")
        self.assertEqual(len(logs.output), 3)

    def test_unreadable_photo_and_phone_cost_nothing_else(self):
        whole = base64.b64decode(photo("PNG", (64, 64)))
        for index, picture in enumerate((b"no picture", whole[:40], b"<svg/>")):
            encoded = base64.b64encode(picture).decode()
            email = f"ana{index}@x.example"
            registration = self.register(
                letter(card("FN:Ana", f"EMAIL:{email}", "TEL:4021", f"PHOTO;ENCODING=b:{encoded}"))
            )
            contact = self.contact(email)
            self.assertFalse(contact.image_1920)
            self.assertIn("4021", registration.reason)
            self.assertIn("photo", registration.reason)

    def test_photo_of_many_pixels_is_left_out_before_it_is_unpacked(self):
        large = photo("PNG", (6000, 5000))
        with patch("PIL.ImageFile.ImageFile.load", side_effect=AssertionError("It was unpacked.")):
            registration = self.register(
                letter(card("FN:Ana", "EMAIL:ana@x.example", f"PHOTO;ENCODING=b:{large}"))
            )
        self.assertIn("photo", registration.reason)

    def test_a_registration_that_fails_leaves_no_half_contacts(self):
        with (
            patch.object(type(self.partners), "_find_all_by_normalized", side_effect=KeyError("x")),
            mute_logger(LOGGER),
        ):
            self.assertFalse(self.register(letter(card("FN:Ana", "EMAIL:ana@x.example"))))
        self.assertNobody("ana@x.example")

    def test_a_lost_race_is_for_the_caller(self):
        with (
            patch.object(type(self.partners), "_register_contacts", side_effect=SerializationFailure()),
            self.assertRaises(SerializationFailure),
        ):
            self.register(letter(card("FN:Ana", "EMAIL:ana@x.example")))
