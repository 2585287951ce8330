"""Ten other e-mails and ten other phones at most, whoever writes and however many at once."""

import contextlib

import psycopg2.errors

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests.common import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from .common import ContactRulesCase

TEN_EMAILS = [f"ana{number}@correo.example" for number in range(10)]
TEN_PHONES = [f"+34 677 10 20 {number}0" for number in range(10)]


class TestAddressLimit(ContactRulesCase):
    def setUp(self):
        super().setUp()
        self.full = self.contact("Full", TEN_EMAILS, TEN_PHONES)

    def test_ten_of_each_fit(self):
        self.env.flush_all()
        self.assertEqual((self.full.alternative_email_count, self.full.alternative_phone_count), (10, 10))

    def test_the_database_refuses_the_eleventh(self):
        with mute_logger("odoo.sql_db"):
            with self.assertRaises(psycopg2.errors.CheckViolation), self.env.cr.savepoint():
                self.add_email(self.full, "eleventh@correo.example")
            with self.assertRaises(psycopg2.errors.CheckViolation), self.env.cr.savepoint():
                self.add_phone(self.full, "+34 622 33 44 55")

    def test_the_eleventh_is_refused_in_words_a_user_can_act_on(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation) as caught,
            self.env.cr.savepoint(),
        ):
            self.add_email(self.full, "eleventh@correo.example")
        message = self.env["res.partner"]._sql_error_to_message(caught.exception)
        self.assertIn("at most 10 other e-mail addresses", message)

    def test_an_address_of_a_full_contact_can_be_replaced(self):
        old = self.full.alternative_email_ids[0]
        self.full.write(
            {
                "alternative_email_ids": [
                    Command.create({"email": "new@correo.example"}),
                    Command.delete(old.id),
                ]
            }
        )
        self.env.flush_all()
        self.assertEqual(self.full.alternative_email_count, 10)

    def test_deleting_an_address_makes_room(self):
        self.full.alternative_email_ids[0].unlink()
        self.add_email(self.full, "new@correo.example")
        self.env.flush_all()
        self.assertEqual(self.full.alternative_email_count, 10)

    def test_moving_an_address_counts_for_both_contacts(self):
        line = self.full.alternative_email_ids[0]
        line.partner_id = self.ana
        self.env.flush_all()
        self.assertEqual((self.full.alternative_email_count, self.ana.alternative_email_count), (9, 1))


@tagged("post_install", "-at_install")
class TestConcurrentWriters(BaseCase):
    """Two real transactions on committed data, as two users at once."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.transaction() as env:
            lines = [Command.create({"email": email}) for email in TEN_EMAILS[:9]]
            self.contact_id = env["res.partner"].create({"name": "Nine", "alternative_email_ids": lines}).id
        self.addCleanup(self.delete_contact)

    def delete_contact(self):
        with self.transaction() as env:
            env["res.partner"].browse(self.contact_id).unlink()

    @contextlib.contextmanager
    def transaction(self):
        with self.registry.cursor() as cursor:
            yield api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})

    def add(self, env, email):
        env["res.partner.email"].create({"partner_id": self.contact_id, "email": email})
        env.flush_all()

    def normalized_emails(self):
        with self.transaction() as env:
            return env["res.partner"].browse(self.contact_id).alternative_email_ids.mapped("email_normalized")

    def test_two_at_once_cannot_pass_the_limit(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.SerializationFailure),
            self.transaction() as second,
        ):
            self.assertEqual(second["res.partner"].browse(self.contact_id).alternative_email_count, 9)
            with self.transaction() as first:
                self.add(first, "tenth@correo.example")
            self.add(second, "eleventh@correo.example")
        self.assertEqual(len(self.normalized_emails()), 10)
        self.assertIn("tenth@correo.example", self.normalized_emails())

    def test_two_at_once_cannot_add_the_same_address_by_changing_another(self):
        """The number of addresses stays the same then, so it is not the count that conflicts."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.SerializationFailure),
            self.transaction() as second,
        ):
            mine, theirs = second["res.partner"].browse(self.contact_id).alternative_email_ids[:2]
            with self.transaction() as first:
                first["res.partner.email"].browse(theirs.id).email = "same@correo.example"
            mine.email = "same@correo.example"
        self.assertEqual(self.normalized_emails().count("same@correo.example"), 1)
