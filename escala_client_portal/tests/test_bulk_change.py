"""Many accounts at once, in the background: what is changed, who is invited, what the report says."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user

from .common import ClientPortalCase


class BulkChangeCase(ClientPortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "sales_team.group_sale_salesman,base.group_partner_manager"
        cls.salesperson = new_test_user(cls.env, "p_bulk", groups=groups, lang="en_US")
        cls.other = new_test_user(cls.env, "p_bulk_other", groups=groups, lang="en_US")
        cls.manager = new_test_user(
            cls.env, "p_bulk_manager", groups="sales_team.group_sale_manager", lang="en_US"
        )
        cls.rows = cls.give_access(cls.vineyard, cls.ana) | cls.give_access(cls.garage, cls.otto)
        # What is under test is what the scheduled action does with the test's changes.
        cls.env["escala.account.change"].search([]).unlink()
        cls.patched_commit = cls.startClassPatcher(
            patch.object(
                type(cls.env["ir.cron"]),
                "_commit_progress",
                lambda cron, *_args, **_kwargs: cron.env.flush_all() or float("inf"),
            )
        )

    def start(self, accounts=None, user=None, **values):
        """Start a change as the wizard does."""
        changes = self.env["escala.account.change"].with_user(user or self.salesperson)
        return changes._start(accounts or self.vineyard | self.garage, values)

    def run_cron(self):
        self.env["escala.account.change"]._cron_run()
        self.env.invalidate_all()

    def change(self, accounts=None, user=None, **values):
        """Start a change and carry it out."""
        change = self.start(accounts, user, **values)
        self.run_cron()
        return change

    def forbid(self, contact, **permissions):
        """Keep everybody but the superuser from a contact; from editing it only with `perm_read=False`."""
        self.env["ir.rule"].create(
            {
                "name": "Forbidden",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {contact.id})]",
                **permissions,
            }
        )

    def break_contact(self, contact, message="Something about it is wrong"):
        """Have Odoo refuse to write the rows of a contact, as a rule of another add-on might."""
        rows = type(self.env["escala.account.contact"])
        write = rows.write

        def write_unless_broken(rows, vals):
            if "login" in vals and contact in rows.contact_id:
                raise ValidationError(message)
            return write(rows, vals)

        self.startPatcher(patch.object(rows, "write", write_unless_broken))


class TestBulkWizard(BulkChangeCase):
    def form(self, partners, **context):
        wizard = self.env["escala.account.bulk.change"].with_user(self.salesperson)
        return Form(wizard.with_context(active_model="res.partner", active_ids=partners.ids, **context))

    def test_it_says_how_many_accounts_it_is_about(self):
        form = self.form(self.vineyard | self.garage | self.ana)
        self.assertEqual((form.account_count, form.other_count), (2, 1))

    def test_it_starts_a_change_that_the_user_follows(self):
        form = self.form(self.vineyard | self.garage)
        form.login = "on"
        form.message = "Welcome"
        action = form.save().action_start()
        change = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((change.state, change.user_id), ("waiting", self.salesperson))
        self.assertEqual((change.login, change.notify, change.email_sync), ("on", "keep", "keep"))
        self.assertEqual((change.message, change.account_count), ("Welcome", 2))

    def test_doing_nothing_is_refused(self):
        with self.assertRaisesRegex(UserError, "at least one of the three"):
            self.form(self.vineyard).save().action_start()

    def test_contacts_that_are_no_accounts_are_refused(self):
        form = self.form(self.ana)
        form.notify = "off"
        with self.assertRaisesRegex(UserError, "nobody is on them"):
            form.save().action_start()

    def test_all_accounts_of_the_list_are_taken_when_there_are_more_than_the_browser_sends(self):
        self.env["ir.config_parameter"].set_param("web.active_ids_limit", "1")
        domain = [("id", "in", (self.vineyard | self.garage).ids)]
        self.assertEqual(self.form(self.vineyard, active_domain=domain).account_count, 2)

    def test_some_accounts_of_the_list_are_taken_when_only_some_are_selected(self):
        domain = [("id", "in", (self.vineyard | self.garage).ids)]
        self.assertEqual(self.form(self.vineyard, active_domain=domain).account_count, 1)

    def test_colleagues_who_do_not_sell_cannot_use_it(self):
        colleague = new_test_user(self.env, "p_bulk_colleague", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.env["escala.account.bulk.change"].with_user(colleague).create({})


class TestBulkChange(BulkChangeCase):
    def test_each_switch_is_turned_on_off_or_left_alone(self):
        change = self.change(login="on", notify="off")
        for row in self.rows:
            self.assertEqual((row.login, row.notify, row.email_sync), (True, False, True))
        self.assertEqual((change.state, change.changed_count, change.unchanged_count), ("done", 2, 0))
        self.assertEqual((change.done_count, change.progress), (2, 100))

    def test_what_is_so_already_is_left_alone(self):
        self.rows[0].notify = False
        change = self.change(notify="off")
        self.assertEqual((change.changed_count, change.unchanged_count), (1, 1))

    def test_accounts_that_were_not_selected_stay_as_they_are(self):
        self.change(self.vineyard, login="on")
        self.assertEqual(self.rows.mapped("login"), [True, False])

    def test_invitations_go_out_once_to_each_address_with_the_message(self):
        self.give_access(self.garage, self.ana)
        sent = []
        logins = type(self.env["escala.portal.login"])
        send = logins._send_invitation

        def note(logins, message=None):
            sent.extend((login.email_normalized, message) for login in logins)
            return send(logins, message=message)

        self.startPatcher(patch.object(logins, "_send_invitation", note))
        self.startPatcher(patch("odoo.addons.escala_client_portal.models.escala_account_change_run.BATCH", 1))
        change = self.change(login="on", message="Welcome")
        self.assertEqual(
            sorted(sent), [("ana@vinedo.example", "Welcome"), ("otto@vinedo.example", "Welcome")]
        )
        self.assertEqual(change.invited_count, 2)
        self.change(login="on", message="Welcome")
        self.assertEqual(len(sent), 2)

    def test_no_invitations_are_sent_when_none_are_wanted(self):
        self.change(login="on", send_invitations=False)
        self.assertFalse(any(self.rows.login_id.mapped("invited_on")))

    def test_who_has_a_password_is_told_when_let_in_and_not_otherwise(self):
        self.rows.login = True
        self.rows.login_id.sudo().activated_on = "2026-01-01"
        self.rows[0].login = False
        change = self.change(login="on")
        self.assertEqual(change.invited_count, 1)
        self.assertTrue(self.rows[0].login_id.invited_on)
        self.assertFalse(self.rows[1].login_id.invited_on)

    def test_who_was_let_in_before_and_never_invited_is_invited(self):
        self.rows.login = True
        self.assertEqual(self.change(login="on").invited_count, 2)

    def test_notifications_are_those_that_were_chosen(self):
        wanted, *others = self.env["escala.notification.category"].search([])
        self.change(notify="on", custom_preferences=True, category_ids=[(6, 0, wanted.ids)])
        self.assertEqual(self.rows[0].muted_category_ids.ids, [category.id for category in others])

    def test_preferences_stay_unless_they_are_asked_for(self):
        muted = self.env["escala.notification.category"].search([], limit=1)
        self.rows.muted_category_ids = muted
        self.change(notify="on")
        self.assertEqual(self.rows.muted_category_ids, muted)

    def test_one_bad_contact_stops_nobody_else(self):
        self.break_contact(self.ana)
        others = self.env["escala.account.contact"].browse()
        for number in range(5):
            contact = self.contact(f"Eva {number}", f"eva{number}@vinedo.example")
            others |= self.give_access(self.vineyard, contact)
        change = self.change(login="on")
        self.assertEqual((change.state, change.changed_count, change.error_count), ("done", 6, 1))
        self.assertTrue(all((others | self.rows[1]).mapped("login")))
        self.assertFalse(self.rows[0].login)
        error = change.error_ids
        self.assertEqual(
            (error.account_id, error.contact_id, error.email, error.reason),
            (self.vineyard, self.ana, "ana@vinedo.example", "Something about it is wrong"),
        )

    def test_an_address_that_logs_in_somebody_else_is_an_error_of_its_own(self):
        new_test_user(self.env, "ana@vinedo.example", groups="base.group_portal", lang="en_US")
        change = self.change(login="on")
        self.assertEqual(self.rows.mapped("login"), [False, True])
        self.assertIn("already logs in as", change.error_ids.reason)

    def test_an_account_that_is_gone_is_an_error_of_its_own(self):
        change = self.start(login="on")
        self.vineyard.unlink()
        self.run_cron()
        self.assertEqual(
            (change.error_ids.reason, change.changed_count), ("The account was deleted meanwhile.", 1)
        )

    def test_an_account_that_lost_its_contacts_is_counted(self):
        change = self.start(login="on")
        self.rows[0].unlink()
        self.run_cron()
        self.assertEqual((change.empty_count, change.changed_count, change.error_count), (1, 1, 0))

    def test_it_is_done_with_the_rights_of_who_started_it(self):
        self.forbid(self.ana, perm_read=False)
        change = self.change(login="on")
        self.assertEqual(self.rows.mapped("login"), [False, True])
        self.assertEqual(
            (change.error_ids.contact_id, change.error_ids.reason),
            (self.ana, "You may not edit this contact or this account."),
        )

    def test_a_contact_that_the_starter_may_not_see_stays_and_is_not_named(self):
        self.forbid(self.ana)
        change = self.change(login="on")
        self.assertEqual(self.rows.mapped("login"), [False, True])
        self.assertEqual(change.error_ids.account_name, "Vineyard")
        self.assertFalse(
            change.error_ids.contact_name or change.error_ids.contact_id or change.error_ids.email
        )

    def test_what_was_started_first_is_done_first(self):
        self.start(login="on")
        self.start(login="off")
        self.run_cron()
        self.assertEqual(self.rows.mapped("login"), [False, False])

    def test_who_left_the_company_changes_nothing_any_more(self):
        change = self.start(login="on")
        self.salesperson.active = False
        self.run_cron()
        self.assertEqual((change.state, self.rows.mapped("login")), ("cancelled", [False, False]))


class TestBulkReport(BulkChangeCase):
    def test_the_starter_alone_is_told_what_was_done(self):
        self.break_contact(self.ana, "Wrong")
        change = self.change(login="on")
        message = self.env["mail.message"].search([("model", "=", change._name), ("res_id", "=", change.id)])
        self.assertEqual(message.notified_partner_ids, self.salesperson.partner_id)
        self.assertIn("2 of 2 accounts", message.body)
        self.assertIn("Addresses changed: 1, Invitations sent: 1, Errors: 1", message.body)
        self.assertIn(f"/odoo/client-account-changes/{change.id}", message.body)

    def test_a_cancelled_change_stops_and_keeps_what_is_done(self):
        change = self.start(login="on")
        self.startPatcher(patch("odoo.addons.escala_client_portal.models.escala_account_change_run.BATCH", 1))
        change.sudo()._run_batch()  # notes that it has begun
        change.sudo()._run_batch()
        change.action_cancel()
        self.run_cron()
        self.assertEqual((change.state, change.done_count), ("cancelled", 1))
        self.assertEqual(sorted(self.rows.mapped("login")), [False, True])

    def test_others_see_no_change_but_their_own_and_managers_see_all(self):
        self.break_contact(self.ana)
        change = self.change(login="on")
        for user, found in ((self.salesperson, 1), (self.other, 0), (self.manager, 1)):
            with self.subTest(user.login):
                changes = self.env["escala.account.change"].with_user(user)
                errors = self.env["escala.account.change.error"].with_user(user)
                self.assertEqual(changes.search_count([("id", "=", change.id)]), found)
                self.assertEqual(errors.search_count([("change_id", "=", change.id)]), found)
        with self.assertRaises(AccessError):
            change.with_user(self.other).action_cancel()
        with self.assertRaises(AccessError):
            change.with_user(self.other).read(["account_ids"])

    def test_managers_see_no_change_of_another_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        abroad = new_test_user(
            self.env,
            "p_bulk_abroad",
            groups="sales_team.group_sale_manager",
            lang="en_US",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.break_contact(self.ana)
        change = self.change(login="on")
        error = change.error_ids
        self.assertTrue(error)
        for user, sees in ((self.manager, True), (abroad, False)):
            for record in (change, error):
                records = record.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
                self.assertEqual(bool(records.search([("id", "=", record.id)])), sees)
                self.assertEqual(records.has_access("read"), sees)

    def test_nobody_writes_a_change(self):
        change = self.start(login="on")
        for user in (self.salesperson, self.manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                change.with_user(user).write({"user_id": user.id})
            with self.subTest(user.login), self.assertRaises(AccessError):
                change.with_user(user).create({"user_id": self.manager.id, "account_ids": []})

    def test_the_report_stays_whole_when_account_and_contact_are_deleted(self):
        self.break_contact(self.ana)
        change = self.change(login="on")
        self.ana.unlink()
        self.vineyard.unlink()
        self.assertEqual((change.error_ids.account_name, change.error_ids.contact_name), ("Vineyard", "Ana"))

    def test_what_was_done_long_ago_is_forgotten(self):
        change = self.change(login="on")
        change.sudo()._gc_old()
        self.assertTrue(change.exists())
        change.sudo().ended_on = "2020-01-01"
        change.sudo()._gc_old()
        self.assertFalse(change.exists())
