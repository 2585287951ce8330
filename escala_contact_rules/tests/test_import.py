"""Contacts from a file, as Odoo's import screen imports it."""

from odoo.tests.common import new_test_user

from .common import ContactRulesCase

FIELDS = ("name", "email", "alternative_emails", "phone", "alternative_phones", "city")
FILE = """Name,Email,Other E-mails,Phone,Other Phones,City
Luz,luz@correo.example,"otto@escala.example,rh@escala.example",+34 688 33 44 55,"+34688334456,+34688334457",Lugo
Ana, ANA@vinedo.example ,ana@correo.example,,,Haro
Otto,,,655-10-20-30,,Haro
Bad,bad@correo.example,not an address,,,Haro
Eva,eva@correo.example,,,,Haro
"""


class TestImport(ContactRulesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.importer = new_test_user(cls.env, "h_import", groups="base.group_user,base.group_partner_manager")
        cls.env.company.country_id = cls.spain

    def run_import(self, content=FILE, fields=FIELDS, dryrun=False, **options):
        """Import a CSV and return what the screen gets."""
        wizard = (
            self.env["base_import.import"]
            .with_user(self.importer)
            .create(
                {
                    "res_model": "res.partner",
                    "file": content.encode(),
                    "file_name": "f.csv",
                    "file_type": "text/csv",
                }
            )
        )
        options = {"quoting": '"', "separator": ",", "has_headers": True, **options}
        return wizard.execute_import(list(fields), list(fields), options, dryrun=dryrun)

    def found(self, name):
        return self.env["res.partner"].search([("name", "=", name)])

    def test_rule_6_rows_are_matched_by_email_then_phone_and_counted(self):
        result = self.run_import()
        self.assertFalse(result["messages"])
        self.assertEqual(result["registration"]["counts"], {"created": 2, "updated": 2, "refused": 1})
        [refused] = result["registration"]["rows"]
        self.assertEqual((refused["row"], refused["name"], refused["result"]), (3, "Bad", "refused"))
        self.assertIn("“not an address”", refused["reason"])
        self.assertEqual(
            (self.ana.name, self.ana.city, self.ana.email), ("Otto", "Haro", "ana@vinedo.example")
        )
        self.assertEqual(self.ana.alternative_emails, "ana@correo.example")
        luz = self.found("Luz")
        self.assertEqual(luz.alternative_emails, "otto@escala.example,rh@escala.example")
        self.assertEqual(luz.alternative_phones, "+34688334456,+34688334457")
        self.assertEqual(
            sorted(result["ids"]), sorted([luz.id, self.ana.id, self.ana.id, self.found("Eva").id])
        )

    def test_rule_6_skip_leaves_matches_alone(self):
        result = self.run_import(existing_contacts="skip")
        self.assertEqual(result["registration"]["counts"], {"created": 2, "skipped": 2, "refused": 1})
        self.assertEqual((self.ana.name, self.ana.city), ("Ana", False))

    def test_rule_6_the_test_run_tells_and_changes_nothing(self):
        result = self.run_import(dryrun=True)
        self.assertEqual(result["registration"]["counts"], {"created": 2, "updated": 2, "refused": 1})
        self.assertFalse(self.found("Luz"))
        self.assertFalse(self.env["contact.registration"].search([("name", "=", "Luz")]))

    def test_rule_6_the_same_file_again_changes_nothing(self):
        existing = (
            "Name,Email,Other E-mails\nAna,ana@vinedo.example,ana@correo.example\nLuz,luz@correo.example,\n"
        )
        self.run_import(existing, FIELDS[:3])
        self.env.flush_all()
        contacts = self.ana | self.found("Luz")
        contacts.invalidate_recordset()
        before = contacts.read(["write_date", "alternative_emails", "name", "message_ids"])
        result = self.run_import(existing, FIELDS[:3])
        self.assertEqual(result["registration"]["counts"], {"skipped": 2})
        contacts.invalidate_recordset()
        self.assertEqual(contacts.read(["write_date", "alternative_emails", "name", "message_ids"]), before)

    def test_rule_8_export_and_import_are_the_identity(self):
        self.add_email(self.ana, "Ana <Ana.V@correo.example>")
        self.add_phone(self.ana, "677 10 20 30")
        self.add_phone(self.ana, "+34 677-10-20-31")
        names = FIELDS[:5]
        exported = self.ana.export_data(names)["datas"]
        lines = [",".join(f'"{value or ""}"' for value in row) for row in [names, *exported]]
        result = self.run_import("\n".join(lines), names)
        self.assertEqual(result["registration"]["counts"], {"skipped": 1})
        self.assertEqual(self.ana.export_data(names)["datas"], exported)
        self.ana.unlink()
        self.run_import("\n".join(lines), names)
        self.assertEqual(self.found("Ana").export_data(names)["datas"], exported)

    def test_rule_8_the_apostrophe_of_an_export_is_no_part_of_a_value(self):
        self.ana.write({"name": "-Ana", "street": "+1"})
        content = "Name,Email,Street\n'-Ana,ana@vinedo.example,'+1\n"
        result = self.run_import(content, ["name", "email", "street"])
        self.assertEqual(result["registration"]["counts"], {"skipped": 1})
        self.assertEqual((self.ana.name, self.ana.street), ("-Ana", "+1"))

    def test_rule_6_people_and_addresses_under_a_company_are_not_made_twice(self):
        content = (
            "Name,is_company,child_ids/name,child_ids/email,child_ids/type\n"
            "Viñedo,1,Luz,luz@correo.example,contact\n,,Facturas,facturas@correo.example,invoice\n"
        )
        fields = ["name", "is_company", "child_ids/name", "child_ids/email", "child_ids/type"]
        content = content.replace("Viñedo,1", "Ana,")
        content = (
            content.replace("Name,", "Name,Email,")
            .replace("Ana,", "Ana,ana@vinedo.example,")
            .replace("\n,,", "\n,,,")
        )
        fields.insert(1, "email")
        for _again in range(2):
            result = self.run_import(content, fields)
            self.assertFalse(result["messages"])
        self.assertEqual(sorted(self.ana.child_ids.mapped("name")), ["Facturas", "Luz"])

    def test_rule_6_an_address_under_a_company_is_known_by_its_name(self):
        row = {
            "name": "Facturas",
            "type": "invoice",
            "parent_id": self.ana.id,
            "email": "facturas@correo.example",
        }
        outcomes = [self.env["res.partner"]._register_contacts([dict(row)], "import") for _again in range(2)]
        self.assertEqual([outcome.result for outcome in outcomes], ["created", "skipped"])
        self.assertEqual(outcomes[1].matched_by, "name")

    def test_rule_8_a_phone_is_read_in_the_country_of_its_contact(self):
        luc = self.contact("Luc", email="luc@correo.example", country_id=self.env.ref("base.fr").id)
        content = "Name,Email,Phone\nLuc,luc@correo.example,01 41 22 33 44\n"
        self.run_import(content, ["name", "email", "phone"])
        self.assertEqual(luc.phone_sanitized, "+33141223344")
        result = self.run_import(content, ["name", "email", "phone"])
        self.assertEqual(result["registration"]["counts"], {"skipped": 1})

    def test_rule_9_a_deleted_contact_is_restored_also_when_matches_are_skipped(self):
        self.ana._move_to_bin()
        result = self.run_import(existing_contacts="skip")
        self.assertEqual(result["registration"]["counts"]["restored"], 1)
        self.assertTrue(self.ana.active)

    def test_external_ids_name_the_contact_and_new_ones_are_kept(self):
        content = "id,Name,Email\nmy_ana,Ana,other@correo.example\nmy_luz,Luz,luz@correo.example\n"
        self.env["ir.model.data"].create(
            {"module": "__import__", "name": "my_ana", "model": "res.partner", "res_id": self.ana.id}
        )
        result = self.run_import(content, ["id", "name", "email"])
        self.assertEqual(result["registration"]["counts"], {"updated": 1, "created": 1})
        self.assertEqual(
            (self.ana.email, self.ana.alternative_emails), ("ana@vinedo.example", "other@correo.example")
        )
        self.assertEqual(self.env.ref("__import__.my_luz"), self.found("Luz"))
        again = self.run_import(content, ["id", "name", "email"])
        self.assertEqual(again["registration"]["counts"], {"skipped": 2})

    def test_a_picture_goes_to_the_contact_of_its_row(self):
        content = "Name,Email,Image\nLuz,luz@correo.example,luz.png\nBad,bad,bad.png\nEva,eva@correo.example,eva.png\n"
        result = self.run_import(content, ["name", "email", "image_1920"])
        self.assertEqual(result["ids"], [self.found("Luz").id, self.found("Eva").id])
        self.assertEqual(result["binary_filenames"]["image_1920"], ["luz.png", "eva.png"])

    def test_an_external_id_of_an_addon_is_refused(self):
        result = self.run_import("id,Name\nbase.my_luz,Luz\n", ["id", "name"])
        self.assertEqual(result["messages"][0]["type"], "error")
        self.assertIn("base.", result["messages"][0]["message"])

    def test_everything_is_in_the_list_of_registrations(self):
        self.run_import()
        log = (
            self.env["contact.registration"]
            .with_user(self.importer)
            .search([("source", "=", "import")], limit=5)
        )
        self.assertEqual(set(log.mapped("result")), {"created", "updated", "refused"})

    def test_code_that_loads_contacts_is_left_alone(self):
        result = self.env["res.partner"].load(["name", "email"], [["Twin", "ana@vinedo.example"]])
        self.assertNotIn("registration", result)
        self.assertNotEqual(result["ids"], self.ana.ids)
