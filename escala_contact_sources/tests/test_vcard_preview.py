"""The preview of vCard files that are dropped on the contacts: what would become of each card."""

import base64
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import TransactionCase, new_test_user

from .vcard_case import PHOTO, VcardImportMixin, card, file


@tagged("post_install", "-at_install")
class TestVcardPreview(VcardImportMixin, TransactionCase):
    def assertOutcomes(self, preview, *outcomes):
        self.assertEqual([(each.name, each.outcome) for each in preview.card_ids], [*outcomes])

    def test_new_update_restore_and_skip(self):
        berta, dora = self.partners.create(
            [{"name": "Berta", "email": "berta@cards.example"}, {"name": "Dora", "phone": "+34 699 22 33 44"}]
        )
        dora._move_to_bin()
        preview = self.preview(
            file(
                card("FN:Otto", "EMAIL:otto@cards.example", "EMAIL:o@cards.example", "TEL:699 11 22 33"),
                card("FN:Berta Ruiz", "EMAIL:BERTA@cards.example", "TITLE:Jefa"),
                card("FN:Dora", "TEL:0034 699 223344"),
                card("NOTE:nobody"),
            )
        )
        self.assertOutcomes(
            preview,
            ("Otto", "created"),
            ("Berta Ruiz", "updated"),
            ("Dora", "restored"),
            (False, "skipped"),
        )
        otto, update, restore, nobody = preview.card_ids
        self.assertEqual((otto.emails, otto.phones), ("otto@cards.example, o@cards.example", "699 11 22 33"))
        self.assertFalse(otto.contact_id)
        self.assertEqual((update.contact_id, restore.contact_id), (berta, dora))
        self.assertIn("no name", nobody.reason)
        self.assertEqual(preview.summary, "New: 1, To update: 1, To restore: 1, Skipped: 1")

    def test_a_preview_changes_nothing(self):
        berta, dora = self.partners.create(
            [{"name": "Berta", "email": "berta@cards.example"}, {"name": "Dora", "email": "d@cards.example"}]
        )
        dora._move_to_bin()
        registrations = self.env["contact.registration"].search_count([])
        self.preview(
            file(
                card("FN:Otto", "EMAIL:otto@cards.example"),
                card("FN:Other", "EMAIL:berta@cards.example", "TEL:699112233"),
                card("FN:Dora", "EMAIL:d@cards.example"),
            )
        )
        self.env.invalidate_all()
        self.assertFalse(self.find("Otto"))
        self.assertEqual((berta.name, berta.phone, dora.active), ("Berta", False, False))
        self.assertEqual(self.env["contact.registration"].search_count([]), registrations)

    def test_a_preview_leaves_nothing_to_be_done_after_the_commit(self):
        done = []
        postcommit = self.env.cr.postcommit
        postcommit.add(lambda: done.append("before"))
        create = type(self.partners).create

        def create_and_tell(contacts, vals_list):
            contacts.env.cr.postcommit.add(lambda: done.append("contact"))
            return create(contacts, vals_list)

        otto = file(card("FN:Otto", "EMAIL:otto@cards.example"))
        with patch.object(type(self.partners), "create", create_and_tell):
            preview = self.preview(otto)
            postcommit.run()
            self.assertEqual(done, ["before"])
            preview.action_import()
        postcommit.run()
        self.assertEqual(done, ["before", "contact"])

    def test_a_preview_leaves_nothing_in_the_caches(self):
        create = type(self.partners).create

        def create_and_name(contacts, vals_list):
            made = create(contacts, vals_list)
            values = {"module": "cards", "name": "otto", "model": "res.partner", "res_id": made.id}
            contacts.env["ir.model.data"].sudo().create(values)
            contacts.env["ir.model.data"]._xmlid_lookup("cards.otto")
            return made

        with patch.object(type(self.partners), "create", create_and_name):
            self.preview(file(card("FN:Otto", "EMAIL:otto@cards.example")))
        with self.assertRaises(ValueError):
            self.env["ir.model.data"]._xmlid_lookup("cards.otto")

    def test_a_card_that_says_what_another_says_is_skipped(self):
        preview = self.preview(
            file(card("FN:Otto", "EMAIL:otto@cards.example", "TEL:699112233")),
            file(card("FN:Otto", "TEL:699112233"), card("EMAIL:otto@cards.example"), name="again.vcf"),
        )
        self.assertEqual(preview.card_ids.mapped("outcome"), ["created", "skipped", "skipped"])
        self.assertEqual(preview.card_ids.mapped("reason")[1:], ["Card 1 says the same."] * 2)

    def test_a_card_that_adds_to_another_one_belongs_to_its_contact(self):
        cards = [
            card("FN:Otto", "EMAIL:otto@cards.example"),
            card("FN:Otto", "EMAIL:otto@cards.example", "EMAIL:rh@cards.example"),
        ]
        preview = self.preview(file(*cards))
        self.assertEqual(preview.card_ids.mapped("outcome"), ["created", "updated"])
        self.assertEqual(preview.card_ids[1].reason, "It is added to the contact of card 1.")
        self.assertFalse(preview.card_ids[1].contact_id)
        preview.action_import()
        self.assertEqual(self.find("Otto").alternative_emails, "rh@cards.example")

    def test_the_others_are_looked_at_again_when_one_is_left_out(self):
        preview = self.preview(
            file(
                card("FN:Otto", "EMAIL:otto@cards.example"),
                card("FN:Otto", "EMAIL:otto@cards.example"),
                card("FN:Otto", "EMAIL:otto@cards.example", "EMAIL:rh@cards.example"),
            )
        )

        def skip(position, value):
            preview.card_ids[position].skip = value
            preview.look_again()
            return preview.summary, preview.card_ids.mapped("outcome")

        before = preview.summary, preview.card_ids.mapped("outcome")
        self.assertEqual(before[1], ["created", "skipped", "updated"])
        self.assertEqual(
            skip(0, True), ("New: 1, To update: 1, Skipped: 1", ["skipped", "created", "updated"])
        )
        self.assertEqual(preview.card_ids[2].reason, "It is added to the contact of card 2.")
        self.assertEqual(skip(1, True), ("New: 1, Skipped: 2", ["skipped", "skipped", "created"]))
        skip(1, False)
        self.assertEqual(skip(0, False), before)
        self.assertFalse(self.find("Otto"))

    def test_a_card_without_a_name_is_called_as_its_contact_will_be(self):
        preview = self.preview(
            file(
                card("EMAIL:otto@cards.example", "TEL:699 11 22 33"),
                card("TEL:+34699223344"),
            )
        )
        names = preview.card_ids.mapped("name")
        self.assertEqual(names, ["otto@cards.example", "+34699223344"])
        preview.action_import()
        self.assertEqual(self.partners.search_count([("name", "in", names)]), 2)

    def test_what_is_in_the_contacts_already_is_skipped(self):
        cards = file(card("FN:Otto", "EMAIL:otto@cards.example", f"PHOTO;ENCODING=b;TYPE=PNG:{PHOTO}"))
        self.run_import(cards)
        [again] = self.preview(cards).card_ids
        self.assertEqual((again.outcome, again.reason), ("skipped", "There is nothing new in it."))
        self.assertEqual(again.contact_id, self.find("Otto"))

    def test_a_contact_that_the_user_may_not_edit_is_left_alone(self):
        secret = self.partners.create({"name": "Secret", "email": "secret@cards.example"})
        self.env["ir.rule"].create(
            {
                "name": "Secret",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "groups": [Command.link(self.env.ref("base.group_partner_manager").id)],
                "domain_force": "[('name', '!=', 'Secret')]",
            }
        )
        preview = self.preview(file(card("FN:Known", "EMAIL:secret@cards.example", "TEL:699112233")))
        [refused] = preview.card_ids
        self.assertEqual(refused.outcome, "skipped")
        self.assertEqual(refused.reason, "It belongs to a contact that you may not edit.")
        self.assertFalse(refused.contact_id)
        preview.action_import()
        self.assertEqual((secret.name, secret.phone), ("Secret", False))

    def test_an_address_that_is_left_to_a_company_is_named(self):
        self.partners.create({"name": "Toldos Levante", "is_company": True, "phone": "+34 960 555 109"})
        preview = self.preview(file(card("FN:Pilar", "EMAIL:pilar@toldos.example", "TEL:960 555 109")))
        self.assertEqual(preview.card_ids.outcome, "created")
        self.assertEqual(preview.card_ids.reason, "Left out, as another contact has it: +34960555109.")
        preview.action_import()
        pilar = self.find("Pilar")
        self.assertFalse(pilar.phone)
        registration = self.env["contact.registration"].search([("partner_id", "=", pilar.id)])
        self.assertIn("+34960555109", registration.reason)

    def test_unreadable_cards_beside_good_ones(self):
        preview = self.preview(
            file(card("FN:Otto", "EMAIL:otto@cards.example"), "BEGIN:VCARD\r\nFN:Cut\r\nEMAIL:cut@x.ex"),
            file(b"\x89PNG\r\n\x1a\n\x00\xff\xfe" * 50, name="photo.vcf"),
        )
        self.assertOutcomes(preview, ("Otto", "created"), (False, "skipped"))
        self.assertEqual(preview.card_ids[1].reason, "The card is cut off.")
        self.assertEqual(preview.problems, "There is no vCard in “photo.vcf”.")

    def test_a_photo_that_is_none_costs_nothing_else(self):
        broken = base64.b64encode(b"no picture").decode()
        preview = self.preview(
            file(card("FN:Otto", "EMAIL:otto@cards.example", f"PHOTO;ENCODING=b;TYPE=PNG:{broken}"))
        )
        self.assertEqual(preview.card_ids.outcome, "created")
        self.assertIn("photo was left out", preview.card_ids.reason)

    def test_files_that_hold_no_card_are_refused_in_words(self):
        for content in (b"", b"Name,Email\nOtto,otto@x.example\n", b"\x00\xff\xfe\x80" * 999):
            with self.assertRaisesRegex(UserError, "There is no vCard in “notes.txt”"):
                self.preview(file(content, name="notes.txt"))

    def test_what_is_no_file_at_all_is_refused_in_words(self):
        for files in ([], [{}], [{"name": 3, "content": "%"}], [{"content": 7}]):
            with self.assertRaises(UserError):
                self.env["contact.vcard.import"].with_user(self.user).action_preview(files)

    def test_files_that_are_too_large_together_are_refused(self):
        half = file(card("FN:Otto", f"NOTE:{'x' * 6_000_000}"))
        with self.assertRaisesRegex(UserError, "10 MB"):
            self.preview(half, half)

    def test_too_many_cards_are_refused(self):
        with self.assertRaisesRegex(UserError, "2000 cards"):
            self.preview(file(card("FN:Otto") * 1200), file(card("FN:Ada") * 801))

    def test_who_may_not_create_contacts_is_refused(self):
        with self.assertRaises(AccessError):
            self.preview(file(card("FN:Otto")), user=self.reader)
        imports = self.env["contact.vcard.import"].with_user(self.reader)
        source = base64.b64encode(card("FN:Otto").encode())
        made = imports.create({"card_ids": [Command.create({"source": source})]})
        for step in (made.action_import, made.look_again):
            with self.assertRaises(AccessError):
                step()
        self.assertFalse(self.find("Otto"))

    def test_who_may_not_create_contacts_has_lists_that_say_so(self):
        for kind in ("list", "kanban"):
            arch = self.partners.with_user(self.reader).get_views([(False, kind)])["views"][kind]["arch"]
            self.assertIn(etree.fromstring(arch).get("create"), ("False", "0"))

    def test_another_users_import_is_not_ones_own(self):
        preview = self.preview(file(card("FN:Otto", "EMAIL:otto@cards.example")))
        other = new_test_user(self.env, "otra", groups="base.group_user,base.group_partner_manager")
        for records in (preview, preview.card_ids):
            self.assertFalse(records.with_user(other).search([("id", "in", records.ids)]))
            with self.assertRaises(AccessError):
                records.with_user(other).read(["create_date"])
