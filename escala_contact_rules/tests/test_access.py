"""An address is as visible, and as editable, as its contact."""

from odoo.exceptions import AccessError
from odoo.tests.common import new_test_user

from .common import ContactRulesCase


class TestAccess(ContactRulesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.theirs = cls.env["res.company"].create({"name": "Theirs"})
        cls.ours = cls.env.company
        cls.reader = new_test_user(cls.env, "h_reader", groups="base.group_user")
        cls.editor = new_test_user(cls.env, "h_editor", groups="base.group_user,base.group_partner_manager")
        cls.portal = new_test_user(cls.env, "h_portal", groups="base.group_portal")
        cls.public = new_test_user(cls.env, "h_public", groups="base.group_public")
        cls.email = cls.env["res.partner.email"].create(
            {"partner_id": cls.ana.id, "email": "ana@correo.example"}
        )
        cls.phone = cls.env["res.partner.phone"].create({"partner_id": cls.ana.id, "phone": "677 10 20 30"})
        cls.hidden = cls.contact(
            "Hidden", ["hidden@correo.example"], ["+34 622 33 44 55"], company_id=cls.theirs.id
        )
        cls.lines = (cls.email, cls.phone)
        cls.hidden_lines = (cls.hidden.alternative_email_ids, cls.hidden.alternative_phone_ids)

    def hidden_lines_as_editor(self):
        return [line.with_user(self.editor).with_company(self.ours) for line in self.hidden_lines]

    def test_an_internal_user_reads_the_addresses_of_contacts(self):
        for line in self.lines:
            found = line.with_user(self.reader).search_read([("partner_id", "=", self.ana.id)], ["label"])
            self.assertEqual([row["id"] for row in found], line.ids)

    def test_an_internal_user_without_contact_creation_changes_no_address(self):
        for line in (line.with_user(self.reader) for line in self.lines):
            with self.assertRaises(AccessError):
                line.label = "home"
            with self.assertRaises(AccessError):
                line.create({"partner_id": self.ana.id, line._raw_field: "+34 633 44 55 66"})
            with self.assertRaises(AccessError):
                line.unlink()

    def test_a_contact_manager_changes_addresses(self):
        email = self.email.with_user(self.editor)
        email.label = "home"
        created = email.create({"partner_id": self.ana.id, "email": "new@correo.example"})
        created.unlink()

    def test_portal_and_public_users_read_no_addresses(self):
        self.ana.parent_id = self.portal.partner_id.commercial_partner_id
        for user in (self.portal, self.public):
            for line in self.lines:
                with self.subTest(f"{user.login} {line._name}"):
                    with self.assertRaises(AccessError):
                        line.with_user(user).search_read([], ["label"])
                    with self.assertRaises(AccessError):
                        line.with_user(user).read(["label"])
            with self.assertRaises(AccessError):
                self.portal.partner_id.with_user(self.portal).read(["alternative_email_ids"])

    def test_addresses_of_a_contact_of_another_company_are_invisible(self):
        for line in self.hidden_lines_as_editor():
            domain = [("partner_id", "=", self.hidden.id)]
            with self.subTest(line._name):
                self.assertTrue(line.sudo().search(domain))
                self.assertFalse(line.search_read(domain, ["label"]))
                self.assertFalse(line.search_count(domain))
                self.assertFalse(line._read_group(domain, [], ["__count"])[0][0])
                self.assertFalse(line.has_access("read"))
                with self.assertRaises(AccessError):
                    line.read(["label"])

    def test_addresses_of_a_contact_of_another_company_cannot_be_written(self):
        for line in self.hidden_lines_as_editor():
            with self.subTest(line._name):
                with self.assertRaises(AccessError):
                    line.label = "home"
                with self.assertRaises(AccessError):
                    line.unlink()
                with self.assertRaises(AccessError):
                    line.create({"partner_id": self.hidden.id, line._raw_field: line.sudo()[line._raw_field]})

    def test_an_address_cannot_be_moved_to_a_contact_of_another_company(self):
        with self.assertRaises(AccessError):
            self.email.with_user(self.editor).with_company(self.ours).partner_id = self.hidden

    def test_an_address_cannot_be_moved_to_a_contact_that_one_may_only_read(self):
        self.env["ir.rule"].create(
            {
                "name": "Ana is only read",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.ana.id})]",
                "perm_read": False,
            }
        )
        own = self.contact("Own", ["own@correo.example"]).alternative_email_ids.with_user(self.editor)
        with self.assertRaises(AccessError):
            own.partner_id = self.ana
        with self.assertRaises(AccessError):
            self.email.with_user(self.editor).label = "home"
        self.assertEqual(self.email.with_user(self.editor).label, "work")

    def test_a_rule_on_contacts_hides_their_addresses_too(self):
        self.env["ir.rule"].create(
            {
                "name": "No Ana",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.ana.id})]",
            }
        )
        for line in self.lines:
            self.assertFalse(line.with_user(self.editor).search([("id", "=", line.id)]))
            self.assertFalse(line.with_user(self.editor).has_access("read"))

    def test_addresses_of_archived_contacts_stay_readable(self):
        self.ana.active = False
        self.assertTrue(self.email.with_user(self.reader).search([("id", "=", self.email.id)]))
