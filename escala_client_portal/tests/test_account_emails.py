from odoo import Command, fields

from odoo.addons.escala_client_portal.models import escala_account_contact_emails

from .account_emails_case import AccountEmailsCase

TEAM = "team@nordica.example"


class TestAccountEmails(AccountEmailsCase):
    """Which e-mails are on an account, for the team."""

    def test_email_is_on_every_account_where_the_switch_is_on(self):
        email = self.store(self.shared, "jo@adviser.example", TEAM)
        self.assertEqual(email.account_ids, self.vineyard | self.garage)
        self.jo_garage_row.email_sync = False
        self.assertEqual(self.store(self.shared, "jo@adviser.example", TEAM).account_ids, self.vineyard)

    def test_what_is_there_stays_when_it_is_switched_off(self):
        email = self.store(self.shared, "ana@vinedo.example", TEAM)
        self.ana_row.email_sync = False
        self.assertEqual(email.account_ids, self.vineyard)

    def test_past_emails_come_when_it_is_switched_on_in_batches(self):
        self.ana_row.email_sync = False
        past = [self.store(self.shared, "ana@vinedo.example", TEAM) for _number in range(3)]
        self.assertFalse(past[0].account_ids)
        self.patch(escala_account_contact_emails, "BATCH", 2)
        self.ana_row.email_sync = True
        self.ana_row._link_past_emails()
        self.assertEqual([bool(email.account_ids) for email in past], [False, True, True])
        self.ana_row._link_past_emails()
        self.assertTrue(past[0].account_ids)
        self.assertEqual(self.ana_row.sudo().past_emails_below, 0)
        self.ana_row._request_history()
        self.ana_row._link_past_emails()
        self.assertEqual(past[2].account_ids, self.vineyard)

    def test_past_emails_of_a_mailbox_without_link_to_crm_stay_there(self):
        self.ana_row.email_sync = False
        self.shared.link_to_crm = False
        email = self.store(self.shared, "ana@vinedo.example", TEAM)
        self.ana_row.email_sync = True
        self.ana_row._link_past_emails()
        self.assertFalse(email.account_ids)

    def test_switched_off_before_the_past_came_nothing_comes(self):
        self.ana_row.email_sync = False
        email = self.store(self.shared, "ana@vinedo.example", TEAM)
        self.ana_row.email_sync = True
        self.ana_row.email_sync = False
        self.ana_row._link_past_emails()
        self.assertFalse(email.account_ids)

    def test_the_account_shows_and_counts_them_to_the_team(self):
        shared = self.store(self.shared, "ana@vinedo.example", TEAM)
        private = self.store(self.personal, "otto@vinedo.example", "owner@nordica.example")
        account = self.vineyard.with_user(self.salesperson)
        self.assertEqual(account.email_count, 1)
        found = (
            self.env["escala.email"].with_user(self.salesperson).search([("on_partner_id", "=", account.id)])
        )
        self.assertEqual(found, shared)
        self.assertEqual(self.vineyard.with_user(self.owner).email_count, 2)
        self.assertNotIn(private, found)

    def test_the_account_is_enough_to_read_a_shared_email(self):
        email = self.store(self.shared, "ana@vinedo.example", TEAM)
        email.partner_ids = [Command.clear()]
        self.assertEqual(email.with_user(self.salesperson).read(["subject"])[0]["subject"], "Oferta")

    def test_a_hidden_account_hides_its_emails(self):
        email = self.store(self.shared, "ana@vinedo.example", TEAM)
        self.vineyard.hide_emails = True
        self.assertFalse(self.env["escala.email"].with_user(self.salesperson).search([("id", "=", email.id)]))

    def test_mailboxes_know_an_address_that_the_contact_has_lost(self):
        row = self.give_access(self.vineyard, self.ana, "ana@correo.example")
        self.ana.alternative_email_ids.unlink()
        find = self.env["escala.email.classifier"]._find_records
        self.assertEqual(find(self.shared, {"ana@correo.example"})["ana@correo.example"][0], {self.ana.id})
        row.email_sync = False
        self.assertFalse(find(self.shared, {"ana@correo.example"}))


class TestSaveAttachments(AccountEmailsCase):
    """Files of new e-mails in the documents of the account."""

    def setUp(self):
        super().setUp()
        self.filed = []
        self.patch(
            type(self.env["res.partner"]),
            "_file_attachments",
            lambda account, attachments, source: self.filed.append((account, attachments, source)),
        )
        self.ana_row.save_attachments = True
        self.ana_row.save_attachments_since = fields.Datetime.subtract(fields.Datetime.now(), minutes=1)

    def test_files_of_a_new_email_are_saved_on_its_account(self):
        email = self.store(self.shared, "ana@vinedo.example", TEAM)
        email._handle_received(self.shared)
        self.assertEqual(self.filed, [(self.vineyard, email.attachment_ids, email)])

    def test_files_of_others_of_history_and_of_before_are_not(self):
        self.store(self.shared, "otto@vinedo.example", TEAM)._handle_received(self.shared)
        self.store(self.shared, "ana@vinedo.example", TEAM, is_history=True)._handle_received(self.shared)
        self.ana_row.save_attachments_since = fields.Datetime.add(fields.Datetime.now(), minutes=1)
        self.store(self.shared, "ana@vinedo.example", TEAM)._handle_received(self.shared)
        self.assertFalse(self.filed)

    def test_files_of_a_private_mailbox_are_not(self):
        self.store(self.personal, "ana@vinedo.example", TEAM)._handle_received(self.personal)
        self.assertFalse(self.filed)

    def test_switched_off_they_are_not(self):
        self.ana_row.save_attachments = False
        self.store(self.shared, "ana@vinedo.example", TEAM)._handle_received(self.shared)
        self.assertFalse(self.filed)

    def test_files_that_not_all_clients_of_the_account_may_read_are_not(self):
        self.jo_row.save_attachments = self.ana_row.save_attachments = True
        # Jo is on two accounts: this may be about either, and the portal shows it to those alone who are in it
        self.store(self.shared, "Jo <jo@adviser.example>", f"{TEAM}, ana@vinedo.example")._handle_received(
            self.shared
        )
        # who got it as Bcc does not make it visible
        self.store(self.shared, "x@elsewhere.example", TEAM, bcc="ana@vinedo.example")._handle_received(
            self.shared
        )
        hidden = self.store(self.shared, "Ana <ana@vinedo.example>", TEAM)
        self.vineyard.hide_emails = True
        hidden._handle_received(self.shared)
        self.assertFalse(self.filed)
        self.vineyard.hide_emails = False
        hidden._handle_received(self.shared)
        self.assertEqual(self.filed, [(self.vineyard, hidden.attachment_ids, hidden)])
