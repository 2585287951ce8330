"""Rule 1: what is entered by hand with an address that another contact has is refused, and that one is named."""

from unittest.mock import patch

from odoo.exceptions import RedirectWarning, ValidationError
from odoo.fields import Command
from odoo.service.server import thread_local
from odoo.tests.common import new_test_user

from .common import ContactRulesCase


class TestEnteredByHand(ContactRulesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.editor = new_test_user(cls.env, "h_by_hand", groups="base.group_user,base.group_partner_manager")
        cls.add_email(cls, cls.ana, "ana@correo.example")
        cls.add_phone(cls, cls.ana, "+34 677 10 20 30")
        cls.contacts = cls.env["res.partner"].with_user(cls.editor)

    def save(self, contact=None, **values):
        """Save a form of the web client."""
        values = values if contact else {"name": "New", "country_id": self.spain.id, **values}
        return (contact or self.contacts).with_user(self.editor).web_save(values, {"name": {}})

    def assertRefusedNaming(self, contact):
        return _Refusal(self, contact)

    def test_any_spelling_of_any_address_is_refused(self):
        for values in (
            {"email": " Ana@Vinedo.EXAMPLE "},
            {"email": "Ana <ana@correo.example>"},
            {"phone": "+34 655-10 20 30"},
            {"phone": "655102030"},
            {"phone": "0034 677 10 20 30"},
            {"alternative_email_ids": [Command.create({"email": "ANA@vinedo.example"})]},
            {"alternative_phone_ids": [Command.create({"phone": "677102030"})]},
            {"alternative_emails": "x@correo.example,ana@correo.example"},
            {"email": "x@correo.example, ana@correo.example"},
            {"email": "ana@correo.example\u200b"},
        ):
            with self.subTest(values), self.assertRefusedNaming(self.ana):
                self.save(**values)

    def test_editing_is_refused_as_well(self):
        otto = self.contact("Otto", email="otto@vinedo.example")
        with self.assertRefusedNaming(self.ana):
            self.save(otto, email="ana@vinedo.example")
        with self.assertRefusedNaming(self.ana):
            self.save(otto, alternative_phone_ids=[Command.create({"phone": "+34655102030"})])

    def test_several_rows_of_a_list_at_once(self):
        otto = self.contact("Otto").with_user(self.editor)
        with self.assertRefusedNaming(self.ana):
            otto.web_save_multi([{"email": "ana@vinedo.example"}], {"name": {}})

    def test_a_person_entered_on_the_form_of_their_company(self):
        company = self.contact("Viñedo", is_company=True)
        with self.assertRefusedNaming(self.ana):
            self.save(company, child_ids=[Command.create({"name": "Ana 2", "email": "ana@vinedo.example"})])

    def test_the_external_api_when_it_says_so(self):
        with self.assertRefusedNaming(self.ana):
            self.contacts.with_context(registration="manual").create(
                {"name": "X", "email": "ana@vinedo.example"}
            )
        self.assertTrue(self.contacts.create({"name": "X", "email": "ana@vinedo.example"}))

    def test_the_external_api_that_takes_a_contact_out_of_the_archive(self):
        twin = self.contact("Twin", email="twin@correo.example", active=False)
        self.add_email(twin, "ana@vinedo.example")
        with self.assertRefusedNaming(self.ana):
            twin.with_user(self.editor).with_context(registration="manual").write({"active": True})

    def test_the_country_of_a_person_makes_no_other_number_of_the_phone_of_the_company(self):
        company = self.contact("Bodega", is_company=True, phone="941 33 44 55")
        person = self.contact("Pol", parent_id=company.id)
        self.save(person, country_id=self.env.ref("base.fr").id)
        self.assertEqual((company.country_id.code, company.phone_sanitized), ("FR", "+34941334455"))

    def test_a_contact_that_was_a_duplicate_before_can_still_be_edited(self):
        twin = self.contact("Twin", email="ana@vinedo.example")
        self.save(twin, city="Haro")
        self.assertEqual(twin.city, "Haro")

    def test_a_contact_that_the_user_may_not_read_is_not_named(self):
        self.env["ir.rule"].create(
            {
                "name": "No Ana",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.ana.id})]",
            }
        )
        with self.assertRaises(ValidationError) as caught:
            self.save(email="ana@vinedo.example")
        self.assertIn("you may not see", str(caught.exception))
        self.assertNotIn("Ana", str(caught.exception))

    def test_people_and_their_company_may_share_a_phone_but_no_email(self):
        company = self.contact(
            "Bodega", is_company=True, email="hola@bodega.example", phone="+34 941 22 33 44"
        )
        for name in ("Luz", "Eva"):
            self.save(name=name, parent_id=company.id, phone="941223344")
        with self.assertRefusedNaming(company):
            self.save(name="Sol", parent_id=company.id, email="hola@bodega.example")
        with self.assertRefusedNaming(company):
            self.save(name="Sol", phone="941223344")

    def test_colleagues_do_not_share_a_phone_that_is_not_their_companys(self):
        company = self.contact("Bodega", is_company=True)
        luz = self.contact("Luz", parent_id=company.id, phone="+34 688 33 44 55")
        with self.assertRefusedNaming(luz):
            self.save(name="Eva", parent_id=company.id, phone="688334455")

    def test_invoice_and_delivery_addresses_are_no_contacts_of_their_own(self):
        for kind in ("invoice", "delivery", "other"):
            self.save(
                name=kind, parent_id=self.ana.id, type=kind, email="ana@vinedo.example", phone="655102030"
            )
        with self.assertRefusedNaming(self.ana):
            self.save(email="ana@vinedo.example")

    def test_what_makes_an_address_count_is_checked_too(self):
        invoice = self.contact("Facturas", email="ana@vinedo.example", parent_id=self.ana.id, type="invoice")
        with self.assertRefusedNaming(self.ana):
            self.save(invoice, type="contact")
        luc = self.contact("Luc", phone="655 10 20 30", country_id=self.env.ref("base.fr").id)
        with self.assertRefusedNaming(self.ana):
            self.save(luc, country_id=self.spain.id)

    def test_coming_out_of_the_archive_is_entering(self):
        twin = self.contact("Twin", email="ana@vinedo.example", active=False).with_user(self.editor)
        with self.as_remote_call("action_unarchive"), self.assertRefusedNaming(self.ana):
            twin.action_unarchive()
        twin.action_unarchive()
        self.assertTrue(twin.active)

    def test_a_copy_has_no_addresses(self):
        with self.as_remote_call("copy"):
            copy = self.ana.with_user(self.editor).copy()
        self.assertEqual((copy.email, copy.phone, copy.country_id), (False, False, self.spain))
        self.assertEqual(self.ana.copy().email, "ana@vinedo.example")

    def as_remote_call(self, method):
        return patch.object(thread_local, "rpc_model_method", f"res.partner.{method}", create=True)

    def test_contacts_that_an_automation_makes_are_left_alone(self):
        original = type(self.env["res.partner"]).write
        made = []

        def write(contacts, vals):
            if vals.get("city") == "Haro" and not made:
                made.append(contacts.create({"name": "By code", "email": "ana@vinedo.example"}))
            return original(contacts, vals)

        otto = self.contact("Otto")
        with patch.object(type(self.env["res.partner"]), "write", write):
            self.save(otto, city="Haro")
        self.assertTrue(made[0].exists())

    def test_contacts_of_two_companies_of_the_database_are_two(self):
        ours, theirs = self.env["res.company"].create([{"name": "Ours"}, {"name": "Theirs"}])
        self.editor.company_ids |= ours | theirs
        self.ana.company_id = theirs
        self.assertTrue(self.save(email="ana@vinedo.example", company_id=ours.id))

    def test_contacts_of_a_company_and_of_its_branches_are_compared_on_all_levels(self):
        top = self.env["res.company"].create({"name": "Top"})
        middle = self.env["res.company"].create({"name": "Middle", "parent_id": top.id})
        bottom = self.env["res.company"].create({"name": "Bottom", "parent_id": middle.id})
        self.editor.company_ids |= top | middle | bottom
        for theirs, ours in ((bottom, top), (top, bottom)):
            self.ana.company_id = theirs
            with self.assertRefusedNaming(self.ana):
                self.save(email="ana@vinedo.example", company_id=ours.id)

    def test_the_company_may_switch_the_refusal_off(self):
        self.env.company.refuse_same_email = False
        self.assertTrue(self.save(name="X", email="ana@vinedo.example"))
        with self.assertRefusedNaming(self.ana):
            self.save(name="Y", phone="655102030")
        self.env.company.refuse_same_phone = False
        self.assertTrue(self.save(name="Y", phone="655102030"))

    def test_a_deleted_contact_is_named_and_can_be_restored(self):
        self.ana._move_to_bin()
        with self.assertRefusedNaming(self.ana) as refusal:
            self.save(email="ana@vinedo.example")
        self.assertIn("deleted on", refusal.message)

    def test_code_is_left_alone(self):
        self.assertTrue(self.contact("Twin", email="ana@vinedo.example", phone="655102030"))
        self.assertTrue(self.contacts.name_create("Twin <ana@vinedo.example>"))


class _Refusal:
    """Expect a warning that names a contact and opens it, and take back what led to it."""

    def __init__(self, case, contact):
        self.case, self.contact = case, contact

    def __enter__(self):
        self._caught = self.case.assertRaises(RedirectWarning)
        self.caught = self._caught.__enter__()
        return self

    def __exit__(self, *error):
        handled = self._caught.__exit__(*error)
        self.message, action, _button, _context = self.caught.exception.args
        self.case.assertIn(self.contact.display_name, self.message)
        self.case.assertEqual((action["res_model"], action["res_id"]), ("res.partner", self.contact.id))
        return handled
