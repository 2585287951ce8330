"""What the import makes of vCard files that were dropped on the contacts."""

import base64
import contextlib

from odoo.tests import HttpCase, tagged
from odoo.tests.common import TransactionCase

from .vcard_case import PHOTO, VcardImportMixin, card, file


@tagged("post_install", "-at_install")
class TestVcardImport(VcardImportMixin, TransactionCase):
    def test_everything_of_a_21_card(self):
        self.run_import(
            file(
                card(
                    "N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Pe=F1a;Juli=E1n",
                    "ORG:Electricidad Norte",
                    "TITLE:Electricista",
                    "TEL;CELL;VOICE:600 555 031",
                    "TEL;HOME:+34 960 555 032",
                    "EMAIL;INTERNET:julian@norte.example",
                    "EMAIL;HOME:julian.pena@correo.example",
                    "ADR;WORK:;;Calle 4;Requena;Valencia;46340;Spain",
                    f"PHOTO;PNG;ENCODING=BASE64:{PHOTO}",
                    version="2.1",
                )
            )
        )
        contact = self.find("Julián Peña")
        self.assertRecordValues(
            contact,
            [
                {
                    "company_name": "Electricidad Norte",
                    "function": "Electricista",
                    "email": "julian@norte.example",
                    "alternative_emails": "julian.pena@correo.example",
                    "phone_sanitized": "+34600555031",
                    "alternative_phones": "+34960555032",
                    "street": "Calle 4",
                    "city": "Requena",
                    "zip": "46340",
                    "country_id": self.spain.id,
                    "unconfirmed_emails": False,
                }
            ],
        )
        self.assertTrue(contact.image_1920)
        self.assertEqual(
            self.env["contact.registration"].search([("partner_id", "=", contact.id)]).source, "import"
        )

    def test_a_40_card_and_a_file_without_a_charset(self):
        self.run_import(
            file(card("FN:Renate Hölzl", "TEL;VALUE=uri:tel:+49-30-5550-1100", version="4.0")),
            file(card("FN:Jörg Müller", "EMAIL:joerg@cards.example").encode("cp1252")),
            file(card("FN:Łukasz", "EMAIL:lukasz@cards.example").encode("utf-16")),
        )
        self.assertEqual(self.find("Renate Hölzl").phone_sanitized, "+493055501100")
        self.assertEqual(self.find("Jörg Müller").email, "joerg@cards.example")
        self.assertEqual(self.find("Łukasz").email, "lukasz@cards.example")

    def test_addresses_are_added_and_never_overwritten(self):
        berta = self.partners.create(
            {"name": "Berta", "email": "berta@cards.example", "phone": "+34699112200"}
        )
        action = self.run_import(
            file(
                card(
                    "FN:Berta Ruiz",
                    "EMAIL;TYPE=PREF:ventas@cards.example",
                    "EMAIL:berta@cards.example",
                    "TEL:699 33 44 55",
                )
            )
        )
        self.assertRecordValues(
            berta,
            [
                {
                    "name": "Berta Ruiz",
                    "email": "berta@cards.example",
                    "alternative_emails": "ventas@cards.example",
                    "phone": "+34699112200",
                    "alternative_phones": "+34699334455",
                    "unconfirmed_emails": False,
                }
            ],
        )
        self.assertEqual(action["params"]["message"], "Updated: 1")
        self.assertEqual(action["params"]["next"]["domain"], [("id", "in", [berta.id])])

    def test_the_oldest_of_several_contacts_is_taken(self):
        old, young = self.partners.create(
            [{"name": name, "phone": "+34699112200"} for name in ("Old", "Young")]
        )
        preview = self.preview(file(card("FN:Old", "TEL:699112200", "TITLE:Jefe")))
        self.assertEqual(preview.card_ids.contact_id, old)
        preview.action_import()
        self.assertEqual((old.function, young.function), ("Jefe", False))

    def test_ten_other_addresses_at_most(self):
        emails = [f"EMAIL:otto{n}@cards.example" for n in range(13)]
        preview = self.preview(file(card("FN:Otto", *emails)))
        self.assertEqual(preview.card_ids.outcome, "created")
        self.assertIn("otto11@cards.example, otto12@cards.example", preview.card_ids.reason)
        preview.action_import()
        self.assertEqual(len(self.find("Otto").alternative_email_ids), 10)

    def test_deleted_contact_comes_back(self):
        dora = self.partners.create({"name": "Dora", "email": "dora@cards.example"})
        dora._move_to_bin()
        action = self.run_import(file(card("FN:Dora", "EMAIL:dora@cards.example")))
        self.assertTrue(dora.active)
        self.assertFalse(dora.deletion_date)
        self.assertEqual(action["params"]["message"], "Restored: 1")

    def test_cards_to_be_skipped_are(self):
        preview = self.preview(
            file(
                card("FN:Otto", "EMAIL:otto@cards.example"),
                card("FN:Otto", "EMAIL:otto@cards.example"),
                card("FN:Eva", "EMAIL:eva@cards.example"),
            )
        )
        preview.card_ids[0].skip = preview.card_ids[2].skip = True
        action = preview.action_import()
        # Without the first card the second one is no repetition.
        self.assertEqual(len(self.find("Otto")), 1)
        self.assertFalse(self.find("Eva"))
        self.assertEqual(action["params"]["message"], "New: 1, Skipped: 2")

    def test_nothing_to_import_closes_the_preview(self):
        preview = self.preview(file(card("FN:Otto")))
        preview.card_ids.skip = True
        action = preview.action_import()
        self.assertEqual(action["params"]["next"], {"type": "ir.actions.act_window_close"})
        self.assertEqual(action["params"]["message"], "Skipped: 1")

    def test_company_and_its_people_in_one_file(self):
        self.run_import(
            file(
                card("FN:Pilar", "ORG:Toldos Levante", "EMAIL:pilar@toldos.example"),
                card("FN:Toldos Levante", "ORG:Toldos Levante", "EMAIL:hola@toldos.example"),
            )
        )
        company = self.find("Toldos Levante")
        self.assertTrue(company.is_company)
        self.assertEqual(self.find("Pilar").parent_id, company)

    def test_a_card_that_was_tampered_with_is_skipped(self):
        preview = self.preview(file(card("FN:Otto")))
        preview.card_ids.source = base64.b64encode(b"nothing")
        self.assertEqual(preview.action_import()["params"]["message"], "Skipped: 1")

    def test_many_cards_take_as_many_queries_as_few(self):
        def count(name, number):
            cards = [card(f"FN:{name} {n}", f"EMAIL:{name}{n}@cards.example") for n in range(number)]
            queries = []
            self.env.invalidate_all()
            with contextlib.contextmanager(self._patchExecute)(queries):
                self.run_import(file(*cards))
            return len(queries)

        for _new_and_then_known in range(2):
            count("first", 5)
            # a few more or less, as the preview empties Odoo's caches
            self.assertAlmostEqual(count("few", 5), count("many", 50), delta=5)


@tagged("post_install", "-at_install")
class TestVcardDoor(VcardImportMixin, HttpCase):
    def call(self, login, *files):
        self.authenticate(login, login)
        return self.make_jsonrpc_request(
            "/web/dataset/call_kw/contact.vcard.import/action_preview",
            {
                "model": "contact.vcard.import",
                "method": "action_preview",
                "args": [[*files]],
                "kwargs": {},
            },
        )

    def test_by_remote_call(self):
        action = self.call("vera-cards", file(card("FN:Otto", "EMAIL:otto@cards.example")))
        preview = self.env["contact.vcard.import"].browse(action["res_id"])
        self.assertEqual(preview.card_ids.outcome, "created")

    def test_by_remote_call_without_the_right(self):
        with self.assertRaisesRegex(Exception, "AccessError"):
            self.call("rita-reads", file(card("FN:Otto")))
