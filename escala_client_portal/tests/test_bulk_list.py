"""The list of client accounts: how many are on them, and whom each switch is on for."""

from odoo.tests import new_test_user

from .common import ClientPortalCase


class TestBulkList(ClientPortalCase):
    def whom(self, account):
        return account.client_login, account.client_notify, account.client_email_sync

    def test_who_has_no_contacts_is_no_account(self):
        self.assertEqual(self.vineyard.client_contact_count, 0)
        self.assertEqual(self.whom(self.vineyard), (False, False, False))
        self.assertFalse(self.vineyard.client_login_label)

    def test_switches_are_on_for_all_some_or_nobody(self):
        main = self.give_access(self.vineyard, self.ana, login=True, email_sync=False)
        self.assertEqual(self.whom(self.vineyard), ("all", "all", "none"))
        other = self.give_access(self.vineyard, self.otto)
        self.assertEqual(self.whom(self.vineyard), ("some", "all", "some"))
        self.assertEqual(self.vineyard.client_login_label, "1 of 2")
        main.login = False
        self.assertEqual(self.vineyard.client_login, "none")
        self.assertEqual(self.vineyard.client_login_label, "0 of 2")
        (main | other).unlink()
        self.assertEqual(self.whom(self.vineyard), (False, False, False))

    def test_who_is_invited_and_has_no_password_yet_counts(self):
        row = self.give_access(self.vineyard, self.ana, login=True)
        self.assertEqual(row.access_state, "pending")
        self.assertEqual(self.vineyard.client_login, "all")

    def test_a_person_with_two_addresses_is_one_contact(self):
        self.give_access(self.vineyard, self.ana, login=True)
        self.give_access(self.vineyard, self.ana, "ana@correo.example")
        self.assertEqual(self.vineyard.client_contact_count, 1)
        self.assertEqual(self.vineyard.client_login_label, "1 of 2")

    def test_a_deleted_contact_does_not_count_until_it_is_restored(self):
        self.give_access(self.vineyard, self.ana)
        self.ana._move_to_bin()
        self.assertEqual(self.vineyard.client_contact_count, 0)
        self.ana._restore()
        self.assertEqual(self.vineyard.client_contact_count, 1)

    def test_accounts_are_filtered_and_grouped_by_their_switches(self):
        self.give_access(self.vineyard, self.ana, login=True)
        self.give_access(self.garage, self.otto)
        colleague = new_test_user(self.env, "p_bulk_list", groups="base.group_user")
        partners = self.env["res.partner"].with_user(colleague)
        ours = [("id", "in", (self.vineyard | self.garage).ids)]
        self.assertEqual(partners.search([*ours, ("client_login", "in", ("all", "some"))]), self.vineyard)
        self.assertEqual(partners._read_group(ours, ["client_login"], ["__count"]), [("all", 1), ("none", 1)])

    def test_a_page_of_the_list_costs_the_same_for_few_and_for_many(self):
        accounts = self.vineyard | self.garage | self.account("Bakery") | self.account("Greenhouse")
        for account in accounts:
            self.give_access(account, self.ana)
        specification = {name: {} for name in ("client_contact_count", "client_login_label", "client_login")}
        counts = []
        for part in (accounts[:1], accounts):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            part.web_read(specification)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
