"""What becomes of the vCards that come with e-mails."""

import contextlib

from .vcard_case import VcardCase, card, letter, photo


class TestNewContacts(VcardCase):
    def test_everything_on_a_21_card(self):
        registration = self.register(
            letter(
                card(
                    "N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Pe=F1a;Juli=E1n",
                    "ORG:Electricidad Norte",
                    "TITLE:Electricista",
                    "TEL;CELL;VOICE:600 555 031",
                    "TEL;HOME:+34 960 555 032",
                    "TEL;FAX:+34 960 555 033",
                    "EMAIL;INTERNET:julian@norte.example",
                    "EMAIL;HOME:julian.pena@correo.example",
                    "ADR;WORK;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;Nave 3;Calle 4;Requena;Valencia;46340;Espa=",
                    "=C3=B1a",
                    "URL:norte.example",
                    "NOTE:Solo <b>tardes</b>",
                    f"PHOTO;PNG;ENCODING=BASE64:{photo()}",
                    version="2.1",
                ),
                mimetype="text/x-vcard",
            )
        )
        contact = registration.partner_id
        self.assertEqual((registration.source, registration.result), ("vcard", "created"))
        self.assertRecordValues(
            contact,
            [
                {
                    "name": "Julián Peña",
                    "company_name": "Electricidad Norte",
                    "parent_id": False,
                    "is_company": False,
                    "function": "Electricista",
                    "email": "julian@norte.example",
                    "phone_sanitized": "+34600555031",
                    "street": "Calle 4",
                    "street2": "Nave 3",
                    "zip": "46340",
                    "city": "Requena",
                    "state_id": self.env.ref("base.state_es_v").id,
                    "country_id": self.spain.id,
                    "website": "http://norte.example",
                }
            ],
        )
        self.assertIn("&lt;b&gt;tardes", contact.comment)
        self.assertEqual(contact.image_1920.decode(), photo())
        self.assertEqual(
            contact.alternative_email_ids.mapped(lambda line: (line.email, line.label)),
            [("julian.pena@correo.example", "home")],
        )
        self.assertEqual(
            contact.alternative_phone_ids.mapped(lambda line: (line.phone_sanitized, line.label)),
            [("+34960555032", "home")],
        )

    def test_30_and_40_cards_of_one_file(self):
        self.register(
            letter(
                card("FN:Irene Vidal", "item1.EMAIL:irene@vidal.example", "item1.X-ABLabel:_$!<Other>!$_"),
                card(
                    "FN:Renate Hölzl",
                    "EMAIL;PREF=2:renate@mail.example",
                    "EMAIL;PREF=1:renate@hoelzl.example",
                    "TEL;VALUE=uri:tel:+49-30-5550-1100",
                    f"PHOTO:data:image/jpeg;base64,{photo('JPEG')}",
                    version="4.0",
                ),
            )
        )
        self.assertEqual(self.contact("irene@vidal.example").name, "Irene Vidal")
        renate = self.contact("renate@mail.example")
        self.assertEqual((renate.email, renate.phone_sanitized), ("renate@hoelzl.example", "+493055501100"))
        self.assertEqual(renate.image_1920.decode(), photo("JPEG"))

    def test_phones_are_read_in_the_country_of_the_card(self):
        registration = self.register(
            letter(card("FN:Joan", "TEL:(020) 7946 0105", "ADR:;;1 Dock Lane;London;;E1;United Kingdom"))
        )
        self.assertEqual(registration.partner_id.phone_sanitized, "+442079460105")

    def test_phones_are_read_in_the_company_of_the_mailbox(self):
        british = self.env["res.company"].create({"name": "B", "country_id": self.env.ref("base.uk").id})
        mailbox = self.make_mailbox("b@nordica.example", kind="shared", company_id=british.id)
        registration = self.register(letter(card("FN:Joan", "TEL:020 7946 0105")), mailbox=mailbox)
        self.assertEqual(registration.partner_id.phone_sanitized, "+442079460105")
        self.assertEqual(registration.company_id, british)

    def test_card_in_a_file_of_any_type(self):
        self.register(letter(card("FN:A", "EMAIL:a@x.example"), mimetype="application/octet-stream"))
        self.register(letter(card("FN:B", "EMAIL:b@x.example"), name="b", mimetype="text/directory"))
        self.assertEqual((self.contact("a@x.example").name, self.contact("b@x.example").name), ("A", "B"))

    def test_many_cards_take_as_many_queries_as_few(self):
        def count(name, number):
            cards = [
                card(
                    f"FN:{name} {n}",
                    f"EMAIL:{name}{n}@filas.example",
                    "ORG:Grúas Ochando",
                    "ADR:;;Calle 1;Requena;Valencia;46340;España",
                )
                for n in range(number)
            ]
            queries = []
            self.env.invalidate_all()
            with contextlib.contextmanager(self._patchExecute)(queries):
                self.register(letter(*cards))
            return len(queries)

        count("first", 5)
        self.assertEqual(count("few", 5), count("many", 50))
        # all that is known already
        count("first", 5)
        self.assertEqual(count("few", 5), count("many", 50))


class TestCompanies(VcardCase):
    def test_person_goes_under_the_company_that_is_known(self):
        self.register(letter(card("FN:Martín", "ORG:grúas ochando;Taller", "EMAIL:martin@ochando.example")))
        martin = self.contact("martin@ochando.example")
        self.assertEqual(martin.parent_id, self.company)
        self.assertFalse(martin.company_name)

    def test_company_and_its_people_in_one_file(self):
        self.register(
            letter(
                card("FN:Pilar", "ORG:Toldos Levante", "EMAIL:pilar@toldos.example"),
                card("FN:Toldos Levante", "KIND:org", "EMAIL:hola@toldos.example"),
            )
        )
        company = self.contact("hola@toldos.example")
        self.assertTrue(company.is_company)
        self.assertEqual(self.contact("pilar@toldos.example").parent_id, company)

    def test_address_of_the_office_does_not_make_somebody_the_company(self):
        self.register(letter(card("FN:Martín Ochando", "ORG:Ochando", "EMAIL:info@ochando.example")))
        self.assertRecordValues(
            self.company, [{"name": "Grúas Ochando", "is_company": True, "email": "info@ochando.example"}]
        )
        self.assertEqual(self.company.child_ids.mapped("name"), ["Martín Ochando"])

    def test_address_that_is_left_to_the_company_is_named(self):
        registration = self.register(
            letter(card("FN:Martín Ochando", "EMAIL:martin@ochando.example", "EMAIL:info@ochando.example"))
        )
        self.assertEqual(registration.reason, "Left out, as another contact has it: info@ochando.example.")

    def test_card_of_a_company_does_not_make_a_person_one(self):
        person = self.partners.create({"name": "Pilar", "email": "hola@toldos.example"})
        self.register(letter(card("FN:Toldos", "KIND:org", "EMAIL:hola@toldos.example", "TEL:960555109")))
        self.assertEqual((person.name, person.is_company), ("Pilar", False))

    def test_address_of_the_company_is_not_changed(self):
        member = self.partners.create(
            {"name": "Martín", "email": "martin@ochando.example", "parent_id": self.company.id}
        )
        lines = ("ORG:Grúas Ochando", "ADR;TYPE=work:;;Otra 1;Madrid;;28001;España")
        self.register(
            letter(
                card("FN:Martín", "EMAIL:martin@ochando.example", *lines),
                card("FN:Lola", "EMAIL:lola@ochando.example", *lines),
            )
        )
        self.assertEqual((self.company.street, self.company.city), (False, "Requena"))
        self.assertEqual((self.contact("lola@ochando.example") + member).mapped("city"), ["Requena"] * 2)

    def test_nobody_is_moved_to_another_company(self):
        other = self.partners.create({"name": "Toldos", "is_company": True})
        member = self.partners.create({"name": "Pilar", "email": "pilar@x.example", "parent_id": other.id})
        self.register(letter(card("FN:Pilar", "ORG:Grúas Ochando", "EMAIL:pilar@x.example", "TITLE:Jefa")))
        self.assertRecordValues(member, [{"parent_id": other.id, "company_name": False, "function": "Jefa"}])


class TestKnownContacts(VcardCase):
    def test_known_contact_is_updated_and_not_made_twice(self):
        contact = self.partners.create({"name": "Irene", "email": "irene@vidal.example"})
        lines = ("FN:Irene Vidal", "EMAIL:irene@vidal.example", "EMAIL:i@correo.example", "TEL:600555106")
        registration = self.register(letter(card(*lines, f"PHOTO;ENCODING=b:{photo()}")))
        self.assertEqual(registration.partner_id, contact)
        self.assertRecordValues(
            contact,
            [{"name": "Irene Vidal", "email": "irene@vidal.example", "phone_sanitized": "+34600555106"}],
        )
        self.assertEqual(self.contact("i@correo.example"), contact)
        self.assertTrue(contact.image_1920)
        self.assertIn("i@correo.example", contact.unconfirmed_emails)

    def test_same_batch_again_changes_nothing(self):
        letters = [
            letter(
                card("FN:Irene", "EMAIL:irene@vidal.example", "ORG:Vidal", f"PHOTO;ENCODING=b:{photo()}"),
                card("FN:Vidal", "KIND:org", "TEL:960555100"),
                card("FN:Only Name", "NOTE:x"),
            )
        ]
        first, again = self.register(*letters), self.register(*letters)
        self.assertEqual(first.mapped("result"), ["created"] * 3)
        self.assertEqual(again.mapped("result"), ["skipped"] * 3)
        self.assertEqual(again.partner_id, first.partner_id)

    def test_two_cards_of_one_person_make_one_contact(self):
        self.register(
            letter(card("FN:Irene", "EMAIL:irene@vidal.example", "TEL:600555106")),
            letter(card("FN:Irene", "EMAIL:irene@vidal.example", "EMAIL:i@correo.example")),
        )
        self.assertEqual(self.contact("irene@vidal.example"), self.contact("i@correo.example"))

    def test_deleted_contact_comes_back(self):
        contact = self.partners.create({"name": "Irene", "email": "irene@vidal.example"})
        contact._move_to_bin()
        self.register(letter(card("FN:Irene", "EMAIL:irene@vidal.example")))
        self.assertTrue(contact.active)

    def test_photos_that_would_hold_the_mailbox_up_are_left_out(self):
        names = ("uno", "dos", "tres")
        large = photo("PNG", (7000, 7000))  # 49 million pixels in 150 kB
        cards = [card(f"FN:{name}", f"EMAIL:{name}@x.example", f"PHOTO;ENCODING=b:{large}") for name in names]
        registrations = self.register(*map(letter, cards))
        reasons = [bool(registration.sudo().reason) for registration in registrations]
        self.assertEqual(
            reasons, [True, True, False]
        )  # what is left is too large for one; the third is not tried
        self.assertEqual(len(self.partners.search([("email", "in", [f"{n}@x.example" for n in names])])), 3)

    def test_own_note_and_photo_stay(self):
        own = photo("PNG", (16, 16))
        contact = self.partners.create(
            {"name": "I", "email": "i@x.example", "comment": "Paga tarde", "image_1920": own}
        )
        self.register(letter(card("FN:I", "EMAIL:i@x.example", "NOTE:hola", f"PHOTO;ENCODING=b:{photo()}")))
        self.assertIn("Paga tarde", contact.comment)
        self.assertEqual(contact.image_1920.decode(), own)

    def test_address_is_replaced_whole_or_not_at_all(self):
        whole, part = self.partners.create(
            [
                {"name": name, "email": f"{name}@x.example", "street": "Vieja 1", "city": "Gandia"}
                for name in ("whole", "part")
            ]
        )
        self.register(
            letter(
                card("EMAIL:whole@x.example", "ADR:;;Nueva 2;Valencia;;46001;España"),
                card("EMAIL:part@x.example", "ADR:;;Nueva 2;;;;"),
            )
        )
        self.assertEqual((whole.street, whole.zip, whole.city), ("Nueva 2", "46001", "Valencia"))
        self.assertEqual((part.street, part.city), ("Vieja 1", "Gandia"))

    def test_person_on_the_phone_of_the_company_is_found(self):
        self.company.phone = "+34960555101"
        person = self.partners.create(
            {"name": "Martín", "phone": "+34960555101", "parent_id": self.company.id}
        )
        registration = self.register(letter(card("FN:Martín O.", "TEL:+34 960 555 101")))
        self.assertEqual(registration.partner_id, person)
        self.assertEqual((person.name, self.company.name), ("Martín O.", "Grúas Ochando"))
        self.assertFalse(registration.reason)  # the number is not lost
