"""Recently deleted: what is in there, what is found, what comes back, and what goes forever."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.fields import Command
from odoo.service.server import thread_local
from odoo.tests.common import HttpCase, new_test_user, tagged

from ..remote_call import is_remote_call
from .common import ContactRulesCase


class BinCase(ContactRulesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.editor = new_test_user(cls.env, "h_bin", groups="base.group_user,base.group_partner_manager")
        cls.add_email(cls, cls.ana, "ana@correo.example")

    def delete(self, contacts, user=None):
        """Delete as the web client does."""
        with patch.object(thread_local, "rpc_model_method", "res.partner.unlink", create=True):
            contacts.with_user(user or self.editor).unlink()
        contacts.invalidate_recordset()

    def later(self, contacts, **delta):
        for contact in contacts.sudo():
            contact.deletion_date -= timedelta(**delta)

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("escala_contact_rules.ir_cron_delete_forever").method_direct_trigger()
        self.env.invalidate_all()


class TestBin(BinCase):
    def test_a_deleted_contact_is_nowhere_but_in_the_bin(self):
        company = self.contact("Viñedo", is_company=True)
        self.ana.parent_id = company
        self.delete(self.ana)
        contacts = self.env["res.partner"]
        for found in (
            contacts.search([("name", "=", "Ana")]),
            contacts.with_context(active_test=False).search([("name", "=", "Ana")]),
            contacts.search([("name", "=", "Ana"), ("active", "=", False)]),
            contacts.browse(id_ for id_, _name in contacts.name_search("ana@vinedo")),
            contacts.browse(
                id_ for id_, _name in contacts.with_context(active_test=False).name_search("Ana")
            ),
            company.child_ids,
            company.with_context(active_test=False).child_ids,
        ):
            self.assertNotIn(self.ana, found)
        domain = [("email", "=", "ana@vinedo.example")]
        self.assertFalse(contacts.with_context(active_test=False).search_count(domain))
        self.assertFalse(contacts.with_context(active_test=False)._read_group(domain, [], ["__count"])[0][0])
        self.assertFalse(
            contacts._find_by_addresses(["ana@vinedo.example", "ana@correo.example"], ["655102030"]).emails
        )
        in_bin = contacts.with_context(active_test=False).search([("deletion_date", "!=", False)])
        self.assertIn(self.ana, in_bin)

    def test_it_says_who_and_when_and_how_long_still(self):
        self.delete(self.ana)
        self.assertEqual(self.ana.deletion_user_id, self.editor)
        self.assertEqual(self.ana.deletion_days_left, 30)
        self.later(self.ana, days=10)
        self.assertEqual(self.ana.deletion_days_left, 20)

    def test_everything_comes_back(self):
        tag = self.env["res.partner.category"].create({"name": "Tag"})
        self.ana.category_id = tag
        message = self.ana.message_post(body="Hola", attachments=[("a.txt", b"text")])
        activity = self.ana.activity_schedule("mail.mail_activity_data_todo", user_id=self.editor.id)
        self.ana.message_subscribe(self.editor.partner_id.ids)
        company = self.contact("Viñedo", is_company=True)
        self.ana.parent_id = company
        everything = [message, activity, message.attachment_ids, self.ana.message_follower_ids]
        self.env.flush_all()
        self.delete(self.ana)
        self.ana.with_user(self.editor).action_restore()
        self.env.invalidate_all()
        for records in everything:
            self.assertEqual(records.exists(), records)
        self.assertTrue(self.ana.active)
        self.assertEqual(self.ana.category_id, tag)
        self.assertIn(self.ana, company.child_ids)
        self.assertEqual(self.ana.activity_ids, activity)
        self.assertIn(message, self.ana.message_ids)
        self.assertEqual(message.attachment_ids.raw, b"text")
        self.assertIn(self.editor.partner_id, self.ana.message_partner_ids)
        self.assertEqual(self.ana.alternative_email_ids.email, "ana@correo.example")
        self.assertEqual(self.env["res.partner"].search([("email", "=", "ana@vinedo.example")]), self.ana)

    def test_its_addresses_can_be_seen_in_the_bin(self):
        self.delete(self.ana)
        in_bin = self.ana.with_user(self.editor)
        self.assertEqual(in_bin.alternative_email_ids.email, "ana@correo.example")
        self.assertEqual(in_bin.alternative_emails, "ana@correo.example")

    def test_an_archived_contact_comes_back_archived(self):
        self.ana.active = False
        self.delete(self.ana)
        self.ana.action_restore()
        self.assertFalse(self.ana.active)
        self.assertFalse(self.ana.deletion_date)

    def test_what_changed_meanwhile_is_right_after_the_restoration(self):
        company = self.contact("Viñedo", is_company=True)
        self.ana.parent_id = company
        self.delete(self.ana)
        company.name = "Viñedo Nuevo"
        self.env.flush_all()
        self.ana.action_restore()
        self.assertEqual(self.ana.complete_name, "Viñedo Nuevo, Ana")

    def test_a_contact_whose_address_somebody_else_has_now_is_not_restored(self):
        self.delete(self.ana)
        twin = self.contact("Twin", ["ana@correo.example"])
        with self.assertRaises(RedirectWarning) as caught:
            self.ana.with_user(self.editor).action_restore()
        self.assertIn(twin.display_name, caught.exception.args[0])

    def test_a_contact_that_comes_back_by_itself_says_which_email_somebody_else_has_now(self):
        self.env["res.partner.email"].create({"partner_id": self.ana.id, "email": "shared@correo.example"})
        self.ana._move_to_bin()
        self.env["res.partner"].create({"name": "Luz", "email": "shared@correo.example"})
        self.env["res.partner"]._register_contacts([{"email": "ana@vinedo.example"}], "form")
        self.assertFalse(self.ana.deletion_date)
        [note] = [body for body in self.ana.message_ids.mapped("body") if "Restored" in body]
        self.assertIn("shared@correo.example", note)
        self.assertNotIn("ana@vinedo.example", note)

    def test_a_thread_of_scheduled_actions_serves_no_call(self):
        with ThreadPoolExecutor() as threads:
            self.assertFalse(threads.submit(is_remote_call, "res.partner", "unlink").result())

    def test_code_that_unlinks_still_unlinks(self):
        self.ana.with_user(self.editor).unlink()
        self.assertFalse(self.ana.exists())

    def test_a_merge_still_unlinks(self):
        twin = self.contact("Twin")
        with patch.object(
            thread_local, "rpc_model_method", "base.partner.merge.automatic.wizard.action_merge", create=True
        ):
            self.env["base.partner.merge.automatic.wizard"]._merge((self.ana | twin).ids, self.ana)
        self.assertFalse(twin.exists())

    def test_what_odoo_refuses_stays_refused_in_its_words(self):
        contact = self.editor.partner_id
        with self.assertRaises(RedirectWarning) as by_code:
            contact.with_user(self.env.ref("base.user_admin")).unlink()
        with self.assertRaises(RedirectWarning) as by_hand:
            self.delete(contact, user=self.env.ref("base.user_admin"))
        self.assertEqual(by_hand.exception.args, by_code.exception.args)
        self.assertFalse(contact.deletion_date)

    def test_who_may_not_delete_does_not(self):
        reader = new_test_user(self.env, "h_bin_reader", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.delete(self.ana, user=reader)
        self.delete(self.ana)
        with self.assertRaises(AccessError):
            self.ana.with_user(reader).action_restore()
        with self.assertRaises(AccessError):
            self.ana.with_user(reader).action_delete_forever()

    def test_deleting_twice_is_deleting_once(self):
        self.delete(self.ana)
        with self.assertRaisesRegex(UserError, "already"):
            self.delete(self.ana)
        self.assertTrue(self.ana.exists())

    def test_a_person_deleted_on_the_form_of_their_company_is_in_the_bin(self):
        company = self.contact("Viñedo", is_company=True)
        self.ana.parent_id = company
        company.with_user(self.editor).web_save(
            {"child_ids": [Command.delete(self.ana.id)]}, {"child_ids": {}}
        )
        self.assertTrue(self.ana.deletion_date)
        self.assertEqual(self.ana.parent_id, company)
        self.assertFalse(company.child_ids)

    def test_other_addons_find_the_one_that_is_open(self):
        self.delete(self.ana)
        contacts = self.env["res.partner"].with_context(active_test=False)
        for domain in (
            [("id", "child_of", self.ana.ids)],
            [("id", "in", self.ana.ids), ("name", "!=", False)],
        ):
            self.assertEqual(contacts.search(domain), self.ana)
        for domain in (
            ["|", ("id", "=", self.ana.id), ("name", "=", "Ana")],
            [("id", "not in", [0]), ("name", "=", "Ana")],
        ):
            self.assertFalse(contacts.search(domain))

    def test_what_is_unarchived_is_not_in_the_bin_any_more(self):
        self.delete(self.ana)
        self.ana.with_user(self.editor).action_unarchive()
        self.assertTrue(self.ana.active)
        self.assertFalse(self.ana.deletion_date)

    def test_nobody_writes_the_date(self):
        contacts = self.env["res.partner"].with_user(self.editor)
        with self.assertRaises(AccessError):
            contacts.browse(self.ana.id).deletion_date = "2000-01-01"
        with self.assertRaises(AccessError):
            contacts.create({"name": "X", "deletion_date": "2000-01-01"})
        outcome = contacts._register_contacts([{"name": "X", "deletion_date": "2000-01-01"}], "import")
        self.assertFalse(outcome.partner_id.deletion_date)

    def test_what_people_entered_stays_when_the_contact_comes_back(self):
        company = self.contact("Viñedo", is_company=True, user_id=self.editor.id)
        child = self.contact("Luz", parent_id=company.id)
        child.user_id = False
        self.env.flush_all()
        self.delete(child)
        child.action_restore()
        self.env.flush_all()
        self.assertFalse(child.user_id)

    def test_a_mail_of_a_deleted_contact_brings_it_back(self):
        self.delete(self.ana)
        found = self.env["res.partner"]._find_or_create_from_emails(["ana@correo.example"])
        self.assertEqual(found, [self.ana])
        self.assertTrue(self.ana.active)
        self.delete(self.ana)
        self.assertEqual(self.env["res.partner"].find_or_create("ana@vinedo.example"), self.ana)
        self.delete(self.ana)
        found = self.env["res.partner"]._find_or_create_from_emails(["ana@correo.example"], no_create=True)
        self.assertFalse(found[0])

    def test_an_archived_contact_is_registered_as_an_active_one(self):
        self.ana.active = False
        self.delete(self.ana)
        outcome = self.env["res.partner"]._register_contacts([{"email": "ana@vinedo.example"}], "form")
        self.assertEqual((outcome.result, outcome.partner_id.active), ("restored", True))

    def test_after_thirty_days_it_is_not_restored_even_if_it_is_still_there(self):
        self.delete(self.ana)
        self.later(self.ana, days=31)
        outcome = self.env["res.partner"]._register_contacts([{"email": "ana@vinedo.example"}], "form")
        self.assertEqual(outcome.result, "created")

    def test_delete_forever_takes_only_what_is_in_the_bin(self):
        twin = self.contact("Twin")
        self.delete(self.ana)
        (self.ana | twin).with_user(self.editor).action_delete_forever()
        self.assertEqual((self.ana | twin).exists(), twin)

    def test_after_thirty_days_it_is_gone(self):
        luz = self.contact("Luz")
        self.delete(self.ana | luz)
        self.later(self.ana, days=30)
        self.later(luz, days=29)
        self.run_cron()
        self.assertEqual((self.ana | luz).exists(), luz)

    def test_rule_9_after_thirty_days_only_the_new_data_is_kept(self):
        self.ana.city = "Haro"
        self.delete(self.ana)
        self.later(self.ana, days=30)
        self.run_cron()
        outcome = self.env["res.partner"]._register_contacts(
            [{"name": "Ana", "email": "ana@vinedo.example"}], "form"
        )
        self.assertEqual(outcome.result, "created")
        self.assertFalse(outcome.partner_id.city)

    def test_what_cannot_be_deleted_any_more_stays_with_the_reason(self):
        luz = self.contact("Luz")
        self.delete(self.ana | luz)
        user = new_test_user(self.env, "h_meanwhile", groups="base.group_portal")
        user.partner_id = self.ana
        self.later(self.ana | luz, days=31)
        self.run_cron()
        self.assertEqual((self.ana | luz).exists(), self.ana)
        self.assertIn("Ana", self.ana.deletion_refusal)


@tagged("post_install", "-at_install")
class TestBinByRpc(HttpCase):
    """Through the doors that Odoo has for calls from outside."""

    def setUp(self):
        super().setUp()
        self.contact = self.env["res.partner"].create({"name": "Ana", "email": "ana@vinedo.example"})

    def assertInBin(self):
        self.contact.invalidate_recordset()
        self.assertTrue(self.contact.exists())
        self.assertTrue(self.contact.deletion_date)

    def test_the_web_client(self):
        self.authenticate("admin", "admin")
        for path in ("res.partner/unlink", "res.partner.unlink"):
            self.contact._restore()
            params = {"model": "res.partner", "method": "unlink", "args": [self.contact.ids], "kwargs": {}}
            self.make_jsonrpc_request(f"/web/dataset/call_kw/{path}", params)
            self.assertInBin()

    def execute(self, method, *arguments):
        """Call a method of contacts by XML-RPC, as the administrator."""
        admin = self.env.ref("base.user_admin").id
        self.xmlrpc_object.execute(self.env.cr.dbname, admin, "admin", "res.partner", method, *arguments)

    def test_xml_rpc(self):
        self.execute("unlink", self.contact.ids)
        self.assertInBin()

    def test_json_2(self):
        admin = self.env.ref("base.user_admin")
        expires = fields.Datetime.now() + timedelta(days=1)
        key = self.env["res.users.apikeys"].with_user(admin)._generate("rpc", "test", expires)
        answer = self.url_open(
            "/json/2/res.partner/unlink",
            json={"ids": self.contact.ids},
            headers={"Authorization": f"Bearer {key}"},
        )
        answer.raise_for_status()
        self.assertInBin()

    def test_a_person_that_a_script_takes_off_their_company(self):
        company = self.env["res.partner"].create({"name": "Bodega", "is_company": True})
        self.contact.parent_id = company
        self.execute(
            "write", company.ids, {"child_ids": [self.contact.id], "street": "Mayor 1"}
        )  # ids do, too
        self.assertEqual((company.child_ids, company.street), (self.contact, "Mayor 1"))
        self.execute("write", company.ids, {"child_ids": [(2, self.contact.id)], "city": "Haro"})
        self.assertInBin()
        self.assertEqual(company.city, "Haro")

    def test_another_method_that_unlinks(self):
        self.contact._move_to_bin()
        self.authenticate("admin", "admin")
        params = {
            "model": "res.partner",
            "method": "action_delete_forever",
            "args": [self.contact.ids],
            "kwargs": {},
        }
        self.make_jsonrpc_request("/web/dataset/call_kw/res.partner/action_delete_forever", params)
        self.env.invalidate_all()
        self.assertFalse(self.contact.exists())
