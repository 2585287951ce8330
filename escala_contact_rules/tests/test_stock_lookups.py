"""Odoo's own look-ups find contacts under alternative addresses."""

from odoo.tests.common import new_test_user

from .common import ContactRulesCase


class TestStockLookups(ContactRulesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_email(cls, cls.ana, "ana@correo.example")
        cls.contacts = cls.env["res.partner"]

    def test_find_or_create(self):
        self.assertEqual(self.contacts.find_or_create("Ana <ANA@correo.example>"), self.ana)
        created = self.contacts.find_or_create("Luz <luz@correo.example>")
        self.assertEqual((created.name, created.email), ("Luz", "luz@correo.example"))

    def test_recipients_of_the_composer_and_of_the_gateway(self):
        found = self.contacts._find_or_create_from_emails(
            [
                "ana@correo.example",
                "Luz <luz@correo.example>",
                "",
                "ana@vinedo.example",
                "no address",
                "ANA@correo.example",
            ]
        )
        self.assertEqual([found[0], found[3], found[5]], [self.ana] * 3)
        self.assertEqual((found[1].name, found[2].id, found[4].name), ("Luz", False, "no address"))

    def test_no_create_creates_none(self):
        found = self.contacts._find_or_create_from_emails(
            ["luz@correo.example", "ana@correo.example"], no_create=True
        )
        self.assertEqual([contact.id for contact in found], [False, self.ana.id])

    def test_the_oldest_wins_and_odoos_own_preferences_first(self):
        younger = self.contact("Younger", email="ana@correo.example")
        self.assertEqual(self.contacts._find_or_create_from_emails(["ana@correo.example"]), [self.ana])
        found = self.contacts._find_or_create_from_emails(
            ["ana@correo.example"], sort_key=lambda contact: contact == younger
        )
        self.assertEqual(found, [younger])
        found = self.contacts._find_or_create_from_emails(
            ["ana@correo.example"], filter_found=lambda contact: contact == younger
        )
        self.assertEqual(found, [younger])
        self.assertEqual(
            self.contacts._find_or_create_from_emails(
                ["ana@correo.example"], ban_emails=["ana@correo.example"]
            ),
            [self.contacts],
        )

    def test_what_the_user_may_not_read_is_not_found(self):
        theirs = self.env["res.company"].create({"name": "Theirs"})
        self.ana.company_id = theirs
        user = new_test_user(self.env, "h_lookup", groups="base.group_user,base.group_partner_manager")
        self.assertNotEqual(self.contacts.with_user(user).find_or_create("ana@correo.example"), self.ana)

    def test_a_deleted_contact_that_odoo_would_not_write_to_stays_where_it_is(self):
        theirs = self.contact("Theirs", email="luz@correo.example")
        theirs._move_to_bin()
        ours = self.contact("Ours", email="luz@correo.example")
        ours._move_to_bin()
        found = self.contacts._find_or_create_from_emails(
            ["luz@correo.example"], filter_found=lambda contact: contact != theirs
        )
        self.assertEqual(found, [ours])
        self.assertTrue(ours.active)
        self.assertTrue(theirs.deletion_date)

    def test_a_deleted_contact_comes_back_where_the_others_are_none_to_write_to(self):
        theirs = self.contact("Theirs", email="luz@correo.example")
        ours = self.contact("Ours", email="luz@correo.example")
        ours._move_to_bin()
        found = self.contacts._find_or_create_from_emails(
            ["luz@correo.example"], filter_found=lambda contact: contact != theirs
        )
        self.assertEqual(found, [ours])

    def test_an_import_of_documents_finds_the_contact_that_it_names_by_an_address(self):
        deleted = self.contact("Luz", email="luz@correo.example")
        deleted._move_to_bin()
        before = self.contacts.search([])
        # By way of a document of Odoo's base that has a contact.
        result = (
            self.env["res.partner.bank"]
            .with_context(import_file=True, name_create_enabled_fields={"partner_id": True})
            .load(
                ["acc_number", "partner_id"],
                [
                    ["1", "Ana <ana@vinedo.example>"],
                    ["2", "ANA@correo.example"],
                    ["3", "Otra <ana@correo.example>"],
                    ["4", "Luz <luz@correo.example>"],
                    ["5", "Nueva <nueva@correo.example>"],
                    ["6", "Nueva <nueva@correo.example>"],
                ],
            )
        )
        self.assertFalse(result["messages"])
        [*known, fifth, sixth] = (
            self.env["res.partner.bank"].browse(result["ids"]).mapped(lambda account: account.partner_id.id)
        )
        self.assertEqual(known, [self.ana.id] * 3 + [deleted.id])
        self.assertEqual(fifth, sixth)
        self.assertEqual(self.contacts.search([]) - before, deleted | self.contacts.browse(fifth))

    def test_a_mail_to_the_gateway_is_by_the_contact(self):
        self.ana.message_post(body="Hola")
        message = self.ana.message_ids[0]
        mail = (
            f"From: Ana <ana@correo.example>\nTo: catchall@x.example\nSubject: Re\nMessage-ID: <1@correo.example>\n"
            f"In-Reply-To: {message.message_id}\n\nGracias"
        )
        self.env["mail.thread"].message_process(False, mail)
        self.assertEqual(self.ana.message_ids[0].author_id, self.ana)

    def test_rule_10_a_mail_to_the_contact_goes_to_its_primary_address_only(self):
        composer = self.env["mail.compose.message"].create(
            {
                "composition_mode": "mass_mail",
                "model": "res.partner",
                "res_ids": self.ana.ids,
                "subject": "Hola",
                "body": "<p>Hola</p>",
            }
        )
        mails, _messages = composer._action_send_mail()
        recipients = [address for values in mails._prepare_outgoing_list() for address in values["email_to"]]
        self.assertEqual(len(recipients), 1)
        self.assertIn("ana@vinedo.example", recipients[0])
