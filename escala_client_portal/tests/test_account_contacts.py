"""Who is on an account, with which address, and what that address may do."""

import contextlib

import psycopg2.errors

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests.common import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from .common import ClientPortalCase


class TestAccountContacts(ClientPortalCase):
    def test_a_contact_starts_with_its_main_address(self):
        self.assertEqual(self.give_access(self.vineyard, self.ana).email, "ana@vinedo.example")

    def test_a_contact_without_main_address_starts_with_an_alternative(self):
        self.ana.email = False
        self.assertEqual(self.give_access(self.vineyard, self.ana).email, "ana@correo.example")

    def test_login_is_off_and_the_others_on_until_changed(self):
        row = self.give_access(self.vineyard, self.ana)
        self.assertEqual((row.login, row.notify, row.email_sync), (False, True, True))
        self.assertEqual(row.access_state, "none")

    def test_every_address_of_a_contact_has_its_own_switches(self):
        main = self.give_access(self.vineyard, self.ana, login=True)
        other = self.give_access(self.vineyard, self.ana, "ana@correo.example", notify=False)
        self.assertEqual(self.vineyard.account_contact_ids, main | other)
        self.assertEqual((main.login, other.login), (True, False))
        self.assertEqual((main.notify, other.notify), (True, False))

    def test_a_deleted_account_is_gone_from_its_people_until_it_is_restored(self):
        row = self.give_access(self.vineyard, self.ana)
        self.vineyard._move_to_bin()
        self.env.invalidate_all()
        ana = self.ana.with_user(self.env.ref("base.user_admin"))
        self.assertEqual(
            ana.web_read({"client_account_ids": {"fields": {"email": {}}}})[0]["client_account_ids"], []
        )
        self.vineyard._restore()
        self.env.invalidate_all()
        self.assertEqual(ana.client_account_ids, row)

    def test_a_contact_is_on_many_accounts_and_an_account_has_many_contacts(self):
        rows = [
            self.give_access(self.vineyard, self.ana),
            self.give_access(self.garage, self.ana),
            self.give_access(self.vineyard, self.otto),
        ]
        self.assertEqual(self.ana.client_account_ids.account_id, self.vineyard | self.garage)
        self.assertEqual(self.vineyard.account_contact_ids, rows[0] | rows[2])

    def test_an_address_that_is_not_the_contacts_is_refused(self):
        with self.assertRefused("otto@vinedo.example is not an e-mail address of Ana"):
            self.give_access(self.vineyard, self.ana, "otto@vinedo.example")
        row = self.give_access(self.vineyard, self.ana)
        with self.assertRefused("is not an e-mail address of Ana"):
            row.email = "otto@vinedo.example"

    def test_the_address_is_compared_as_normalised(self):
        row = self.give_access(self.vineyard, self.ana, "Ana <ANA@correo.example>")
        self.assertEqual(row.email_normalized, "ana@correo.example")

    def test_a_row_keeps_an_address_that_the_contact_loses(self):
        row = self.give_access(self.vineyard, self.ana, "ana@correo.example", login=True)
        self.ana.alternative_email_ids.unlink()
        self.ana.email = "new@vinedo.example"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((row.email, row.login), ("ana@correo.example", True))
        row.notify = False
        self.assertEqual(row.email, "ana@correo.example")

    def test_choosing_another_contact_changes_the_address_to_theirs(self):
        row = self.give_access(self.vineyard, self.ana)
        row.contact_id = self.otto
        self.assertEqual(row.email, "otto@vinedo.example")

    def test_the_same_address_twice_on_an_account_is_refused(self):
        self.give_access(self.vineyard, self.ana)
        self.give_access(self.garage, self.ana)
        with self.assertRefused("Ana is already on the account Vineyard with"):
            self.give_access(self.vineyard, self.ana, "ANA@vinedo.example")
        other = self.give_access(self.vineyard, self.ana, "ana@correo.example")
        with self.assertRefused("Ana is already on the account Vineyard"):
            other.email = "ana@vinedo.example"

    def test_deleting_the_contact_or_the_account_deletes_the_row(self):
        gone = self.give_access(self.vineyard, self.ana) | self.give_access(self.garage, self.otto)
        self.ana.unlink()
        self.garage.unlink()
        self.assertFalse(gone.exists())

    def test_accounts_are_found_among_contacts(self):
        self.give_access(self.vineyard, self.ana)
        accounts = self.env["res.partner"].search([("account_contact_ids", "!=", False)])
        self.assertIn(self.vineyard, accounts)
        self.assertNotIn(self.garage, accounts)


@tagged("post_install", "-at_install")
class TestConcurrentAccess(BaseCase):
    """Two real transactions on committed data, as two salespeople at once."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.transaction() as env:
            partners = env["res.partner"].create(
                [{"name": "Account"}, {"name": "Eva", "email": "eva@a.example"}]
            )
            self.account_id, self.contact_id = partners.ids
        self.addCleanup(self.delete_partners)

    def delete_partners(self):
        with self.transaction() as env:
            env["res.partner"].browse([self.account_id, self.contact_id]).unlink()

    @contextlib.contextmanager
    def transaction(self):
        with self.registry.cursor() as cursor:
            yield api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})

    def give_access(self, env):
        env["escala.account.contact"].create({"account_id": self.account_id, "contact_id": self.contact_id})
        env.flush_all()

    def test_two_at_once_cannot_put_the_same_address_on_an_account(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.SerializationFailure),
            self.transaction() as second,
        ):
            self.assertFalse(second["res.partner"].browse(self.account_id).account_contact_ids)
            with self.transaction() as first:
                self.give_access(first)
            self.give_access(second)
        with self.transaction() as env:
            self.assertEqual(len(env["res.partner"].browse(self.account_id).account_contact_ids), 1)
