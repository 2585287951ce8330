"""An address that may log in has a user; the user lives as long as it has an account to enter."""

from odoo.exceptions import AccessError, UserError
from odoo.tests.common import new_test_user
from odoo.tools import mute_logger

from odoo.addons.escala_client_portal.models.res_users import SESSION_KEY

from .common import ClientPortalCase

PASSWORD = "long enough 2"


class LoginCase(ClientPortalCase):
    """A contact that logs in already, and one that was invited."""

    @classmethod
    def activate(cls, row):
        """Do what whoever follows the link does."""
        row.login_id.user_id.password = PASSWORD
        row.login_id.activated_on = "2026-01-05 10:00:00"

    @classmethod
    def logins(cls, *addresses):
        return cls.env["escala.portal.login"].search([("email_normalized", "in", addresses)])

    def reload(self):
        self.env.flush_all()
        self.env.invalidate_all()


class TestLogin(LoginCase):
    def test_nobody_names_who_logs_in(self):
        seller = new_test_user(
            self.env, "l_seller", groups="sales_team.group_sale_salesman_all_leads", lang="en_US"
        )
        hers = self.give_access(self.vineyard, self.ana, login=True)
        his = self.give_access(self.garage, self.otto, login=True).login_id
        rows = hers.with_user(seller)
        values = {"account_id": self.garage.id, "contact_id": self.ana.id, "login": True}
        with self.assertRaises(AccessError):
            rows.write({"login_id": his.id})
        with self.assertRaises(AccessError):
            rows.create({**values, "login_id": his.id})
        with self.assertRaises(AccessError):
            rows.with_context(default_login_id=his.id).create(values)
        self.assertNotEqual(hers.login_id, his)

    def test_each_address_has_a_user_of_its_own(self):
        main = self.give_access(self.vineyard, self.ana, login=True)
        other = self.give_access(self.vineyard, self.ana, "ana@correo.example", login=True)
        elsewhere = self.give_access(self.garage, self.ana, login=True)
        self.assertEqual(main.login_id, elsewhere.login_id)
        self.assertNotEqual(main.login_id.user_id, other.login_id.user_id)
        self.assertEqual(other.login_id.user_id.login, "ana@correo.example")
        self.assertEqual(other.login_id.user_id.partner_id, self.ana)
        self.assertTrue(other.login_id.user_id._is_portal())
        self.assertEqual(self.ana.email, "ana@vinedo.example")

    def test_the_state_goes_from_none_to_pending_to_active_and_back(self):
        row = self.give_access(self.vineyard, self.ana)
        states = [row.access_state]
        row.login = True
        states.append(row.access_state)
        self.activate(row)
        states.append(row.access_state)
        row.login = False
        states.append(row.access_state)
        self.assertEqual(states, ["none", "pending", "active", "none"])

    def test_the_user_is_deactivated_with_the_last_account_only(self):
        first = self.give_access(self.vineyard, self.ana, login=True)
        second = self.give_access(self.garage, self.ana, login=True)
        user = first.login_id.user_id
        first.login = False
        self.assertTrue(user.active)
        self.assertEqual(user._get_client_accounts(), self.garage)
        second.login = False
        self.assertFalse(user.active)

    def test_switched_on_again_the_user_has_the_password_that_it_had(self):
        row = self.give_access(self.vineyard, self.ana, login=True)
        self.activate(row)
        user = row.login_id.user_id
        row.login = False
        row.login = True
        self.assertTrue(user.active)
        self.assertEqual((row.login_id.user_id, row.access_state), (user, "active"))
        user.with_user(user)._check_credentials(
            {"type": "password", "password": PASSWORD}, {"interactive": False}
        )

    def test_a_client_of_two_companies_sees_the_account_of_either(self):
        first, second = self.env.company, self.env["res.company"].create({"name": "Second"})
        self.vineyard.company_id, self.garage.company_id = first, second
        row = self.give_access(self.vineyard, self.ana, login=True)
        self.give_access(self.garage, self.ana, login=True)
        moved = self.account("Moved later")
        self.give_access(moved, self.ana, login=True)
        third = self.env["res.company"].create({"name": "Third"})
        moved.company_id = third
        for account in (self.vineyard, self.garage, moved):
            partners = self.env(user=row.login_id.user_id, context={SESSION_KEY: account.id})["res.partner"]
            self.assertEqual(
                partners.search([("id", "in", [self.vineyard.id, self.garage.id, moved.id])]), account
            )

    def test_unlinking_the_last_row_ends_the_access(self):
        row = self.give_access(self.vineyard, self.ana, login=True)
        self.activate(row)
        user = row.login_id.user_id
        row.unlink()
        self.assertFalse(user.active)
        again = self.give_access(self.vineyard, self.ana, login=True)
        self.assertEqual((again.login_id.user_id, again.access_state), (user, "active"))
        self.assertTrue(user.active)

    def test_unlinking_a_row_that_nobody_used_leaves_no_user(self):
        row = self.give_access(self.vineyard, self.ana, login=True)
        user = row.login_id.user_id
        row.unlink()
        self.assertFalse(user.exists())
        self.assertFalse(self.logins("ana@vinedo.example"))

    def test_a_portal_user_is_adopted_with_its_password(self):
        user = new_test_user(
            self.env,
            "otto@vinedo.example",
            groups="base.group_portal",
            partner_id=self.otto.id,
            password=PASSWORD,
        )
        row = self.give_access(self.vineyard, self.otto, login=True)
        self.assertEqual(row.login_id.user_id, user)
        user.with_user(user)._check_credentials(
            {"type": "password", "password": PASSWORD}, {"interactive": False}
        )
        user._update_last_login()
        self.assertEqual(row.access_state, "active")

    def test_the_address_of_a_colleague_or_of_somebody_else_is_refused(self):
        new_test_user(self.env, "otto@vinedo.example", groups="base.group_user", partner_id=self.otto.id)
        with self.assertRefused("otto@vinedo.example already logs in as"):
            self.give_access(self.vineyard, self.otto, login=True)
        self.give_access(self.vineyard, self.ana, login=True)
        twin = self.contact("Twin", "ana@vinedo.example")
        with self.assertRefused("ana@vinedo.example already logs in as Ana"):
            self.give_access(self.garage, twin, login=True)

    def test_a_salesperson_without_rights_on_users_gives_and_takes_access(self):
        seller = new_test_user(self.env, "l_sales", groups="sales_team.group_sale_salesman")
        rows = self.env["escala.account.contact"].with_user(seller)
        row = rows.create({"account_id": self.vineyard.id, "contact_id": self.ana.id, "login": True})
        user = row.sudo().login_id.user_id
        self.assertTrue(user.active)
        row.login = False
        self.assertFalse(user.active)


class TestLoginOfArchived(LoginCase):
    def setUp(self):
        super().setUp()
        self.row = self.give_access(self.vineyard, self.ana, login=True)
        self.activate(self.row)
        self.user = self.row.login_id.user_id

    def test_an_archived_account_cannot_be_entered_until_it_is_back(self):
        self.give_access(self.garage, self.ana, login=True)
        self.vineyard.active = False
        self.assertEqual(self.user._get_client_accounts(), self.garage)
        self.garage.active = False
        self.assertFalse(self.user.active)
        self.vineyard.active = True
        self.assertTrue(self.user.active)
        self.assertEqual(self.user._get_client_accounts(), self.vineyard)

    def test_an_archived_contact_is_out_until_it_is_back(self):
        self.ana.active = False
        self.assertFalse(self.user.active)
        self.assertTrue(self.row.login)
        self.ana.active = True
        self.assertTrue(self.user.active)

    def test_the_bin_takes_access_and_restoring_gives_it_back(self):
        for partner in (self.vineyard, self.ana):
            with self.subTest(partner.name):
                partner._move_to_bin()
                self.reload()
                self.assertFalse(self.user.active)
                partner._restore()
                self.reload()
                self.assertTrue(self.user.active)
                self.assertEqual(self.user._get_client_accounts(), self.vineyard)

    def test_a_deleted_account_leaves_no_access(self):
        self.vineyard.unlink()
        self.assertFalse(self.row.exists())
        self.assertFalse(self.user.active)

    def test_a_deleted_contact_takes_its_users_along(self):
        other = self.give_access(self.garage, self.ana, "ana@correo.example", login=True).login_id.user_id
        self.ana.unlink()
        self.reload()
        self.assertFalse((self.user | other).exists())
        self.assertFalse(self.logins("ana@vinedo.example", "ana@correo.example"))

    def test_a_client_who_deletes_its_login_keeps_the_other_one_and_stays_a_contact(self):
        other = self.give_access(self.vineyard, self.ana, "ana@correo.example", login=True)
        self.activate(other)
        self.user._deactivate_portal_user()
        self.reload()
        self.assertFalse(self.user.active)
        self.assertFalse(self.row.login)
        self.assertTrue(self.ana.active)
        self.assertIn("was not archived", self.ana.message_ids[0].body)
        self.assertTrue(other.login_id.user_id.active)
        self.row.login = True  # before Odoo has deleted the user
        again = self.row.login_id.user_id
        self.assertNotEqual(again, self.user)
        deletion = self.env["res.users.deletion"].search([("user_id", "=", self.user.id)])
        with self.enter_registry_test_mode(), mute_logger("odoo.addons.base.models.res_users_deletion"):
            self.env.ref("base.ir_cron_res_users_deletion").method_direct_trigger()
        self.reload()
        self.assertFalse(self.user.exists())
        self.assertEqual(deletion.state, "done")
        self.assertTrue(self.ana.exists())
        self.assertTrue(other.exists().login_id.user_id.active)
        self.assertTrue(again.exists().active)
        self.assertEqual(self.row.access_state, "pending")

    def test_whoever_archives_or_deletes_the_user_switches_login_off(self):
        self.user.active = False
        self.assertFalse(self.row.login)
        self.row.login = True
        self.assertTrue(self.user.active)
        self.user.unlink()
        self.assertFalse(self.row.login)


class TestPortalWizard(LoginCase):
    def wizard(self, contact):
        wizard = self.env["portal.wizard"].with_context(active_ids=contact.ids).create({})
        return wizard.user_ids.filtered(lambda user: user.partner_id == contact)

    def test_revoking_switches_login_off_and_on_again_makes_a_portal_user(self):
        row = self.give_access(self.vineyard, self.ana, login=True)
        user = row.login_id.user_id
        self.wizard(self.ana).action_revoke_access()
        self.assertFalse(row.login)
        self.assertFalse(user.active)
        row.login = True
        self.assertTrue(user.active)
        self.assertTrue(user._is_portal())

    def test_granting_after_that_makes_an_ordinary_portal_user(self):
        row = self.give_access(self.vineyard, self.ana, login=True)
        user = row.login_id.user_id
        wizard = self.wizard(self.ana)
        wizard.action_revoke_access()
        self.reload()
        wizard.action_grant_access()
        self.assertTrue(user.active)
        self.assertFalse(user._is_client())
        row.login = True
        self.assertEqual(row.login_id.user_id, user)

    def test_inviting_again_goes_to_the_address_that_logs_in(self):
        row = self.give_access(self.vineyard, self.ana, "ana@correo.example", login=True)
        self.wizard(self.ana).action_invite_again()
        self.assertEqual(row.login_id.sudo().mail_id.email_to, "ana@correo.example")
        self.assertFalse(self.ana.signup_type)

    def test_a_link_of_odoo_does_not_change_the_password_of_a_client(self):
        row = self.give_access(self.vineyard, self.ana, login=True)
        self.ana.signup_prepare()
        token = self.ana._generate_signup_token()
        with self.assertRaises(UserError):
            self.env["res.users"].signup({"password": "stolen by odoo 1"}, token)
        self.assertEqual(row.access_state, "pending")


class TestAddressChange(LoginCase):
    def test_before_the_link_is_used_the_row_moves_and_the_new_address_is_invited(self):
        row = self.give_access(self.vineyard, self.ana, login=True)
        user = row.login_id.user_id
        row.login_id._send_invitation()
        row.email = "ana@correo.example"
        self.assertFalse(user.exists())
        self.assertEqual(row.login_id.email_normalized, "ana@correo.example")
        self.assertEqual(row.login_id.sudo().mail_id.email_to, "ana@correo.example")
        self.assertTrue(row.invited_on)

    def test_who_was_not_invited_is_not_invited_by_a_change(self):
        row = self.give_access(self.vineyard, self.ana, login=True)
        row.email = "ana@correo.example"
        self.assertFalse(row.login_id.sudo().mail_id)
        self.assertFalse(row.invited_on)

    def test_after_it_the_new_address_is_one_more_user_and_the_old_one_stays(self):
        row = self.give_access(self.vineyard, self.ana, login=True, notify=False)
        self.activate(row)
        row.email = "ana@correo.example"
        added = self.vineyard.account_contact_ids - row
        self.assertEqual((row.email, row.access_state), ("ana@vinedo.example", "active"))
        self.assertEqual((added.email, added.access_state), ("ana@correo.example", "pending"))
        self.assertFalse(added.notify)
        self.assertEqual(added.login_id.sudo().mail_id.email_to, "ana@correo.example")

    def test_a_contact_whose_main_address_is_replaced_takes_the_row_along(self):
        row = self.give_access(self.vineyard, self.ana, login=True)
        row.login_id._send_invitation()
        self.ana.email = "new@vinedo.example"
        self.assertEqual(row.email, "new@vinedo.example")
        self.assertEqual(row.login_id.sudo().mail_id.email_to, "new@vinedo.example")
        self.assertFalse(self.logins("ana@vinedo.example"))

    def test_a_contact_whose_other_address_is_replaced_takes_the_row_along(self):
        row = self.give_access(self.vineyard, self.ana, "ana@correo.example", login=True)
        self.ana.alternative_email_ids.email = "nueva@correo.example"
        self.assertEqual(row.email, "nueva@correo.example")

    def test_replaced_after_it_was_used_the_old_address_is_listed_apart_until_it_is_switched_off(self):
        row = self.give_access(self.vineyard, self.ana, login=True)
        self.activate(row)
        user = row.login_id.user_id
        self.ana.email = "new@vinedo.example"
        self.reload()
        self.assertEqual(self.vineyard.former_account_contact_ids, row)
        self.assertEqual(self.vineyard.current_account_contact_ids.email, "new@vinedo.example")
        self.assertEqual(user._get_client_accounts(), self.vineyard)
        row.login = False
        self.assertFalse(user.active)

    def test_an_address_that_is_removed_may_still_log_in_and_is_listed_apart(self):
        row = self.give_access(self.vineyard, self.ana, "ana@correo.example", login=True)
        self.ana.alternative_email_ids.unlink()
        self.reload()
        self.assertEqual(self.vineyard.former_account_contact_ids, row)
        self.assertTrue(row.login_id.user_id.active)

    def test_a_primary_address_that_becomes_another_one_is_still_the_contacts(self):
        row = self.give_access(self.vineyard, self.ana, login=True)
        alternative = self.ana.alternative_email_ids
        self.ana.write(
            {
                "email": "ana@correo.example",
                "alternative_email_ids": [(1, alternative.id, {"email": "ana@vinedo.example"})],
            }
        )
        self.reload()
        self.assertFalse(row.is_former_address)
        self.assertEqual(row.email, "ana@vinedo.example")


class TestMergeOfLogins(LoginCase):
    def merge(self, source, destination):
        self.env["base.partner.merge.automatic.wizard"]._merge((source | destination).ids, destination)
        self.reload()

    def test_both_contacts_keep_their_users(self):
        ana = self.give_access(self.vineyard, self.ana, login=True)
        other = self.give_access(self.vineyard, self.ana, "ana@correo.example", login=True)
        otto = self.give_access(self.garage, self.otto, login=True)
        users = (ana | other | otto).login_id.user_id
        self.merge(self.otto, self.ana)
        self.assertEqual(users.partner_id, self.ana)
        self.assertEqual(users.mapped("active"), [True] * 3)
        self.assertEqual(otto.login_id.contact_id, self.ana)
        self.assertEqual(otto.login_id.user_id._get_client_accounts(), self.garage)
        self.assertFalse(otto.is_former_address)

    def test_two_accounts_become_one_for_who_could_enter_both(self):
        first = self.give_access(self.vineyard, self.ana, login=True)
        self.give_access(self.garage, self.ana, login=True)
        self.merge(self.garage, self.vineyard)
        user = first.login_id.user_id
        self.assertTrue(user.active)
        self.assertEqual(user._get_client_accounts(), self.vineyard)
