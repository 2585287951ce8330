"""What somebody types finds the e-mails that a mail program would find, of those that they may read."""

from odoo.tests import tagged

from ..searching import make_tsvector
from .common import MailboxCase


@tagged("post_install", "-at_install")
class TestEmailSearch(MailboxCase):
    def make(self, mailbox=None, sender="Ana", to="", subject="", body="", **values):
        words = make_tsvector({"from": sender, "to": to, "subject": subject, "body": body})
        return self.make_email(mailbox or self.personal, subject=subject, words=words, **values)

    def find(self, typed, user=None):
        emails = self.env["escala.email"].with_user(user or self.owner)
        return emails.search([("text", "ilike", typed)])

    def test_words_are_found_wherever_they_stand(self):
        email = self.make(sender="Ana Ruiz", subject="Presupuesto", body="tres camiones de Logroño")
        self.make(subject="Presupuesto")
        for typed in ("presupuesto camión ruiz", "logrono", "PRESUP ana camiones"):
            self.assertEqual(self.find(typed), email, typed)

    def test_from_and_to_look_in_their_part_only(self):
        first = self.make(sender="Ana", to="Iker", body="hola")
        second = self.make(sender="Iker", to="Ana", body="hola")
        self.assertEqual(self.find("from:ana hola"), first)
        self.assertEqual(self.find("to:ana hola"), second)

    def test_files_and_days(self):
        with_file = self.make(body="plano", attachment_count=1, date="2026-10-05 10:00:00")
        without = self.make(body="plano", date="2026-10-01 10:00:00")
        self.assertEqual(self.find("plano has:attachment"), with_file)
        self.assertEqual(self.find("plano before:2026-10-05"), without)
        self.assertEqual(self.find("plano after:2026-10-05"), with_file)

    def test_days_are_those_of_the_users_time_zone(self):
        email = self.make(body="plano", date="2026-10-04 22:30:00")
        for zone, found in (("Europe/Madrid", email), ("UTC", email.browse())):
            emails = self.env["escala.email"].with_user(self.owner).with_context(tz=zone)
            self.assertEqual(emails.search([("text", "ilike", "plano after:2026-10-05")]), found, zone)

    def test_what_is_not_wanted_is_left_out(self):
        wanted = self.make(subject="oferta tejas")
        self.make(subject="oferta ladrillos")
        self.assertEqual(self.find("oferta -ladrillos"), wanted)

    def test_what_has_no_words_yet_lacks_them(self):
        noted = self.make(subject="oferta ladrillos")
        bare = self.make_email(self.personal)
        self.assertEqual(self.find("-ladrillos"), bare)
        emails = self.env["escala.email"].with_user(self.owner)
        self.assertEqual(emails.search([("text", "not ilike", "ladrillos")]), bare)
        self.assertEqual(emails.search([("text", "not in", ["tejas"])]), noted | bare)

    def test_days_that_no_calendar_of_ours_has_are_words(self):
        emails = self.env["escala.email"].with_user(self.owner).with_context(tz="Asia/Tokyo")
        for typed in ("after:0001-01-01", "before:9999-12-31"):
            self.assertFalse(emails.search([("text", "ilike", typed)]), typed)

    def test_nothing_is_found_by_nothing(self):
        self.make(subject="oferta")
        self.assertFalse(self.find("..."))

    def test_nobody_finds_what_they_may_not_read(self):
        self.make(self.personal, body="confidencial")
        self.assertFalse(self.find("confidencial", self.colleague))

    def test_what_one_mailbox_has_is_found_by_its_name_or_address(self):
        own, shared = self.make(subject="oferta"), self.make(self.shared, subject="oferta")
        emails = self.env["escala.email"].with_user(self.owner)
        self.assertEqual(emails.search([("mailbox", "ilike", "TEAM@")]), shared)
        self.assertEqual(emails.search([("mailbox", "in", [self.personal.email])]), own)
        self.assertEqual(emails.search([("mailbox", "not ilike", "team@")]), own)
        self.assertFalse(emails.search([("mailbox", "ilike", "nobody")]))

    def test_mailboxes_of_others_are_not_found_though_one_may_read_the_email(self):
        email = self.make(subject="oferta")
        self.add_copy(email, self.shared)
        colleague = self.env["escala.email"].with_user(self.colleague)
        self.shared.member_ids |= self.colleague
        self.assertEqual(colleague.search([("mailbox", "ilike", "team@")]), email)
        self.assertFalse(colleague.search([("mailbox", "ilike", "owner@")]))
