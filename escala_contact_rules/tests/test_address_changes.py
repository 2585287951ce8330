"""Changing addresses loses none: kept, swapped, added."""

from odoo.tests import Form
from odoo.tests.common import new_test_user

from .common import ContactRulesCase
from .test_address_limit import TEN_EMAILS


class TestAddressChanges(ContactRulesCase):
    def emails(self):
        return self.ana.alternative_email_ids.mapped("email_normalized")

    def test_the_form_offers_to_keep_a_primary_that_is_replaced(self):
        with Form(self.ana) as form:
            self.assertFalse(form.previous_email)
            form.email = "nueva@correo.example"
            self.assertEqual(form.previous_email, "ana@vinedo.example")
            self.assertTrue(form.keep_previous_email)
            form.phone = "+34 677 10 20 30"
            self.assertEqual(form.previous_phone, "+34 655 10 20 30")
        self.assertEqual((self.ana.email, self.emails()), ("nueva@correo.example", ["ana@vinedo.example"]))
        self.assertEqual(self.ana.alternative_phone_ids.phone_sanitized, "+34655102030")
        self.assertEqual(self.ana.alternative_email_ids.label, "other")

    def test_the_offer_can_be_declined(self):
        with Form(self.ana) as form:
            form.email = "nueva@correo.example"
            form.keep_previous_email = False
        self.assertFalse(self.emails())

    def test_another_spelling_is_no_replacement(self):
        form = Form(self.ana)
        form.email = "Ana <ANA@vinedo.example>"
        self.assertFalse(form.previous_email)

    def test_there_is_no_offer_without_room(self):
        for email in TEN_EMAILS:
            self.add_email(self.ana, email)
        form = Form(self.ana)
        form.email = "nueva@vinedo.example"
        self.assertFalse(form.previous_email)

    def test_a_replaced_address_is_kept_though_another_contact_has_it(self):
        self.contact("Twin", email="ana@vinedo.example")
        with Form(self.ana) as form:
            form.email = "nueva@correo.example"
        self.assertEqual(self.emails(), ["ana@vinedo.example"])

    def test_an_alternative_is_made_primary_and_takes_its_place(self):
        self.add_email(self.ana, "first@correo.example")
        line = self.add_email(self.ana, "ana@correo.example")
        line.write({"label": "home", "sequence": 3})
        line.action_make_primary()
        self.assertEqual(self.ana.email, "ana@correo.example")
        swapped = self.ana.alternative_email_ids.filtered(lambda line: line.email == "ana@vinedo.example")
        self.assertEqual((swapped, len(self.emails())), (line, 2))

    def test_an_alternative_is_made_primary_where_there_is_none(self):
        self.ana.phone = False
        self.add_phone(self.ana, "677 10 20 30").action_make_primary()
        self.assertEqual(self.ana.phone_sanitized, "+34677102030")
        self.assertFalse(self.ana.alternative_phone_ids)

    def test_making_one_primary_on_a_full_contact(self):
        lines = [self.add_email(self.ana, email) for email in TEN_EMAILS]
        lines[4].action_make_primary()
        self.env.flush_all()
        self.assertEqual((self.ana.email, self.ana.alternative_email_count), (TEN_EMAILS[4], 10))

    def test_what_a_form_writes_is_added(self):
        self.ana.with_context(registration="form").write(
            {"email": "nueva@correo.example", "phone": "677102030", "city": "Haro"}
        )
        self.assertEqual(
            (self.ana.email, self.ana.phone, self.ana.city),
            ("ana@vinedo.example", "+34 655 10 20 30", "Haro"),
        )
        self.assertEqual(self.emails(), ["nueva@correo.example"])
        self.assertEqual(self.ana.alternative_phone_ids.phone_sanitized, "+34677102030")

    def test_a_form_cannot_empty_an_address(self):
        self.ana.with_context(registration="form").write({"email": False, "phone": ""})
        self.assertEqual((self.ana.email, self.ana.phone), ("ana@vinedo.example", "+34 655 10 20 30"))

    def test_a_form_removes_no_alternative(self):
        self.add_email(self.ana, "first@correo.example")
        self.ana.with_context(registration="form").alternative_emails = "second@correo.example"
        self.assertEqual(sorted(self.emails()), ["first@correo.example", "second@correo.example"])

    def test_a_primary_that_cannot_be_read_gives_way_and_is_in_the_chatter(self):
        self.ana.email = "not an address"
        self.add_email(self.ana, "ana@correo.example").action_make_primary()
        self.assertEqual(self.ana.email, "ana@correo.example")
        self.assertIn("not an address", self.ana.message_ids[:1].body)

    def test_what_a_form_writes_becomes_primary_where_there_is_none(self):
        self.ana.email = False
        self.ana.with_context(registration="form").email = "nueva@correo.example"
        self.assertEqual(self.ana.email, "nueva@correo.example")

    def test_a_form_does_not_take_the_email_of_another_contact(self):
        self.contact("Otto", email="otto@correo.example")
        self.ana.with_context(registration="form").email = "otto@correo.example"
        self.assertFalse(self.emails())
        self.assertIn("otto@correo.example", self.ana.message_ids[:1].body)

    def test_what_finds_no_room_is_in_the_chatter(self):
        for email in TEN_EMAILS:
            self.add_email(self.ana, email)
        self.ana.with_context(registration="form").email = "eleventh@correo.example"
        self.assertIn("eleventh@correo.example", self.ana.message_ids[:1].body)

    def test_blacklisted_alternatives_say_so(self):
        email, other = (
            self.add_email(self.ana, "ana@correo.example"),
            self.add_email(self.ana, "b@correo.example"),
        )
        phone = self.add_phone(self.ana, "677 10 20 30")
        self.env["mail.blacklist"].create({"email": "ana@correo.example"})
        self.env["phone.blacklist"].create({"number": "+34677102030"})
        reader = new_test_user(self.env, "h_blacklist", groups="base.group_user")
        lines = [line.with_user(reader) for line in (email, other, phone)]
        self.assertEqual([line.is_blacklisted for line in lines], [True, False, True])

    def test_one_text_sets_all_alternatives(self):
        kept = self.add_email(self.ana, "kept@correo.example")
        kept.label = "home"
        self.add_email(self.ana, "gone@correo.example")
        self.ana.alternative_emails = "new@correo.example; Kept@correo.example,ana@vinedo.example"
        self.assertEqual(sorted(self.emails()), ["kept@correo.example", "new@correo.example"])
        self.assertEqual(kept.exists().label, "home")
        self.ana.alternative_phones = "677 10 20 30,+34 688 33 44 55"
        self.ana.invalidate_recordset(["alternative_phones"])
        self.assertEqual(self.ana.alternative_phones, "+34677102030,+34688334455")

    def test_one_text_with_something_else_in_it_is_refused(self):
        with self.assertRefused("“nonsense” is not an e-mail"):
            self.ana.alternative_emails = "new@correo.example,nonsense"
