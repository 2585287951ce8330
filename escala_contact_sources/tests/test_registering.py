"""What came in becomes contacts by the rules of all contacts, and leads with a responsible."""

from random import Random
from unittest.mock import patch

from odoo.tests.common import TransactionCase

from ..intake import map_fields
from ..intake.payload import MAX_LENGTH
from ..models.contact_source_intake import LONGEST_NAME
from ..models.contact_source_mapping import TARGETS
from .common import ANA, SourceMixin


class TestRegistering(SourceMixin, TransactionCase):
    def test_a_new_contact_and_a_lead(self):
        tag = self.env["res.partner.category"].create({"name": "Fair"})
        self.source.category_ids = tag
        submission = self.register(**ANA, message="Do you do roofs?", colour="green")
        contact = submission.partner_id
        self.assertEqual((submission.state, submission.result, submission.error), ("done", "created", False))
        self.assertEqual((contact.name, contact.email, contact.category_id), ("Ana Ruiz", ANA["email"], tag))
        lead = submission.lead_id
        self.assertEqual((lead.partner_id, lead.user_id), (contact, self.seller))
        self.assertIn("Do you do roofs?", lead.description)
        self.assertIn("colour: green", lead.description)

    def test_language_and_responsible_are_given_to_new_contacts_alone(self):
        self.source.lang = "es_ES"
        known = self.env["res.partner"].create({"name": "Zoé", "email": "zoe@a.example", "lang": "en_US"})
        self.register(name="Zoé", email="zoe@a.example")
        self.assertEqual((known.lang, known.user_id), ("en_US", self.env["res.users"]))
        new = self.register(**ANA).partner_id
        self.assertEqual((new.lang, new.user_id), ("es_ES", self.seller))

    def test_a_country_in_any_language_and_one_that_is_none(self):
        self.assertEqual(
            self.register(name="A", email="a@x.example", country="España").partner_id.country_id.code, "ES"
        )
        self.assertIn(
            "Atlantis", self.register(name="B", email="b@x.example", country="Atlantis").lead_id.description
        )

    def test_the_lead_is_called_as_its_salesperson_speaks(self):
        self.seller.lang = "es_ES"
        self.assertIn(", vía Spring fair", self.register(**ANA).lead_id.name)

    def test_who_has_left_gets_no_leads(self):
        self.seller.active = False
        submission = self.register(**ANA)
        self.assertFalse(submission.lead_id.user_id or submission.partner_id.user_id)

    def test_texts_as_long_as_the_door_lets_in_are_registered(self):
        # letters of four bytes that do not compress, for the size that rows of an index may have
        letters = "".join(map(chr, Random(1).choices(range(0x10000, 0x110000), k=MAX_LENGTH)))
        fields = {name: letters for name, _label in TARGETS if name not in {"email", "phone", "ignore"}}
        del fields["first_name"], fields["last_name"]
        fields |= {name: fields[name][:LONGEST_NAME] for name in ("name", "company_name")}
        fields["email"] = f"{'a' * 64}@{'.'.join(['b' * 59] * 3)}.example"
        self.assertFalse(
            self.source._check_intake(map_fields({name: [text] for name, text in fields.items()}, {}))
        )
        submission = self.register(**fields)
        self.assertEqual((submission.error, submission.state), (False, "done"))
        self.assertEqual(submission.partner_id.company_name, fields["company_name"])

    def test_the_message_is_text_not_markup(self):
        lead = self.register(**ANA, message="<img src=x onerror=alert(1)>").lead_id
        self.assertNotIn("<img", lead.description)

    def test_a_known_contact_is_updated_and_no_address_overwritten(self):
        known = self.env["res.partner"].create(
            {"name": "Ana", "email": ANA["email"], "phone": "+34 947 12 34 56"}
        )
        submission = self.register(**ANA, city="Burgos")
        self.assertEqual((submission.partner_id, submission.result), (known, "updated"))
        self.assertEqual((known.phone, known.city), ("+34 947 12 34 56", "Burgos"))
        self.assertEqual(known.alternative_phone_ids.mapped("phone_sanitized"), ["+34600554433"])

    def test_a_colleague_is_not_changed_and_the_lead_does_not_add_to_him(self):
        colleague = self.seller.partner_id
        colleague.write({"email": "eva@nordica.example", "phone": "+34 941 99 88 77"})
        submission = self.register(
            name="Impostor", email="x@correo.example", phone="+34 941 99 88 77", message="Hello"
        )
        self.assertEqual((submission.state, submission.result), ("done", "skipped"))
        self.assertIn("colleague", submission.error)
        self.assertEqual((colleague.name, colleague.email), (self.seller.name, "eva@nordica.example"))
        self.assertFalse(colleague.alternative_email_ids)
        self.assertEqual(submission.lead_id.email_from, "x@correo.example")
        self.assertIn("Hello", submission.lead_id.description)

    def test_who_was_a_colleague_can_be_registered_again_without_a_second_lead(self):
        colleague = self.seller.partner_id
        colleague.email = "eva@nordica.example"
        self.source.user_id = False
        submission = self.register(name="Eva", email="eva@nordica.example", city="Burgos")
        self.assertEqual((submission.state, submission.result), ("done", "skipped"))
        lead = submission.lead_id
        self.seller.active = False
        submission.action_retry()
        self.run_job()
        self.assertEqual((submission.state, submission.result), ("done", "updated"))
        self.assertEqual(colleague.city, "Burgos")
        self.assertEqual(submission.lead_id, lead)
        done = self.register(**ANA)
        done.action_retry()
        self.assertEqual(done.state, "done")

    def test_several_addresses_country_and_language(self):
        contact = self.register(
            name="Zoë Müller",
            email=["zoe@a.example", "zoe@b.example"],
            phone="0171 1234567",
            country="DE",
            lang="es",
        ).partner_id
        self.assertEqual(contact.name, "Zoë Müller")
        self.assertEqual(contact.alternative_email_ids.mapped("email"), ["zoe@b.example"])
        self.assertEqual((contact.country_id.code, contact.phone_sanitized), ("DE", "+491711234567"))
        self.assertEqual(contact.lang, "es_ES")

    def test_the_queue_deals_the_leads_out(self):
        others = self.env["res.users"].search([("share", "=", False)], limit=2)
        queue = self.env["escala.mailbox"].create(
            {
                "email": "sales@nordica.example",
                "kind": "shared",
                "imap_host": "127.0.0.1",
                "assignee_ids": [(0, 0, {"user_id": user.id}) for user in others],
            }
        )
        self.source.queue_id = queue
        for number in range(4):
            self.take_in(name=f"N{number}", email=f"n{number}@x.example")
        self.run_job()
        users = self.source.submission_ids.sorted("id").lead_id.mapped("user_id")
        self.assertEqual(users, others)
        self.assertEqual(
            [s.lead_id.user_id for s in self.source.submission_ids.sorted("id")], [*others, *others]
        )

    def test_the_same_key_is_the_same_submission(self):
        first = self.take_in(key="k1", **ANA)
        self.assertEqual(self.take_in(key="k1", **ANA), first)
        self.assertNotEqual(self.take_in(key="k2", **ANA), first)

    def test_a_burst_wakes_the_cron_once(self):
        job = self.env.ref("escala_contact_sources.ir_cron_register")
        triggers = [("cron_id", "=", job.id)]
        self.env["ir.cron.trigger"].search(triggers).unlink()
        for number in range(3):
            self.take_in(name="Ana", email=f"a{number}@x.example")
        self.assertEqual(self.env["ir.cron.trigger"].search_count(triggers), 1)

    def test_spam_waits_for_somebody_to_look(self):
        submission = self.register(**ANA, escala_nickname="x")
        self.assertEqual(submission.state, "spam")
        self.assertFalse(self.find(ANA["email"]))
        submission.action_retry()
        self.run_job()
        self.assertEqual(submission.state, "done")

    def test_one_that_fails_does_not_stop_the_others(self):
        prepare = type(self.source)._prepare_contact

        def fail_for_eva(source, intake, countries):
            if intake.contact["name"] == "Eva":
                raise ValueError("no good")
            return prepare(source, intake, countries)

        submissions = self.take_in(name="Ana", email="a@x.example")
        submissions |= self.take_in(name="Eva", email="e@x.example")
        submissions |= self.take_in(name="Otto", email="o@x.example")
        logger = "odoo.addons.escala_contact_sources.models.contact_source_registering"
        with patch.object(type(self.source), "_prepare_contact", fail_for_eva), self.assertLogs(logger):
            for _attempt in range(5):
                self.run_job()
        self.assertEqual(submissions.mapped("state"), ["done", "failed", "done"])
        self.assertEqual(submissions[1].error, "no good")

    def test_what_is_wrong_is_named_by_field(self):
        self.source.asks_consent = True
        intake = self.source._read_intake({"email": ["nobody"], "phone": ["12"], "name": ["Ana"]})
        self.assertEqual(set(self.source._check_intake(intake)), {"email", "phone", "consent"})

    def test_fields_can_be_tried(self):
        self.source.mapping_ids = [(0, 0, {"field_name": "Campo 7", "target": "phone"})]
        self.source.sample = '{"nombre": "Ana", "campo 7": "+34600123456"}'
        self.assertIn("campo 7 → Phone", self.source.sample_result)
        self.source.sample = "{"
        self.assertIn("cannot be read", self.source.sample_result)

    def test_queries_do_not_depend_on_the_number(self):
        def count(number, start):
            for each in range(start, start + number):
                self.take_in(name=f"N{each}", email=f"n{each}@x.example")
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.run_job()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self.source.makes_lead = False
        count(1, 0)
        few, many = count(5, 10), count(50, 100)
        self.assertLess(many - few, 45, f"{few} queries for 5, {many} for 50")
