from odoo import Command

from .account_emails_case import AccountEmailsCase

TEAM = "team@nordica.example"


class TestAccountEmailsInPortal(AccountEmailsCase):
    """Which e-mails a client is shown: the table of docs/portal/emails.md."""

    def test_emails_of_the_account_are_shown_to_all_its_logins(self):
        email = self.store(self.shared, "Ana <ana@vinedo.example>", TEAM)
        self.assertEqual(self.shown_to(self.ana_row), email)
        self.assertEqual(self.shown_to(self.otto_row), email)
        self.assertFalse(self.shown_to(self.jo_garage_row))

    def test_switched_off_they_are_gone(self):
        self.store(self.shared, "Ana <ana@vinedo.example>", TEAM)
        self.ana_row.email_sync = False
        self.assertFalse(self.shown_to(self.ana_row))

    def test_one_address_with_the_switch_on_is_enough(self):
        email = self.store(self.shared, "Ana <ana@vinedo.example>", TEAM, cc="otto@vinedo.example")
        self.ana_row.email_sync = False
        self.assertEqual(self.shown_to(self.otto_row), email)

    def test_private_mailboxes_stay_private(self):
        email = self.store(self.personal, "Ana <ana@vinedo.example>", "owner@nordica.example")
        self.assertFalse(self.shown_to(self.ana_row))
        email.shared_by_mailbox_ids = [Command.link(self.personal.id)]
        self.assertEqual(self.shown_to(self.ana_row), email)

    def test_a_copy_in_a_shared_mailbox_is_enough(self):
        email = self.store(self.personal, "Ana <ana@vinedo.example>", TEAM)
        self.add_copy(email, self.shared)
        self.assertEqual(self.shown_to(self.ana_row), email)

    def test_mailboxes_without_link_to_crm_show_nothing(self):
        self.store(self.shared, "Ana <ana@vinedo.example>", TEAM)
        self.shared.link_to_crm = False
        self.assertFalse(self.shown_to(self.ana_row))

    def test_hidden_emails_are_not_shown(self):
        hide = [
            lambda email: self.ana.write({"hide_emails": True}),
            lambda email: self.vineyard.write({"hide_emails": True}),
            lambda email: email.thread_id.write({"hidden_by_mailbox_ids": [Command.link(self.shared.id)]}),
        ]
        for switch in hide:
            email = self.store(self.shared, "Ana <ana@vinedo.example>", TEAM)
            self.assertIn(email, self.shown_to(self.otto_row))
            switch(email)
            self.assertNotIn(email, self.shown_to(self.otto_row))
            (self.ana | self.vineyard).hide_emails = False

    def test_what_cannot_be_told_apart_is_shown_to_who_took_part_alone(self):
        email = self.store(self.shared, "Jo <jo@adviser.example>", TEAM)
        self.assertFalse(self.shown_to(self.ana_row))
        self.assertEqual(self.shown_to(self.jo_row), email)
        self.assertEqual(self.shown_to(self.jo_garage_row), email)
        together = self.store(self.shared, TEAM, "Jo <jo@adviser.example>", cc="Ana <ana@vinedo.example>")
        self.assertEqual(self.shown_to(self.ana_row), together)
        self.assertFalse(self.shown_to(self.otto_row))
        self.assertEqual(self.shown_to(self.jo_row), email | together)

    def test_an_address_on_several_accounts_counts_whatever_its_switches(self):
        self.store(self.shared, "Jo <jo@adviser.example>", TEAM)
        self.jo_garage_row.write({"email_sync": False, "login": False})
        self.assertFalse(self.shown_to(self.ana_row))

    def test_who_got_it_as_bcc_is_not_told(self):
        self.store(self.shared, TEAM, "somebody@elsewhere.example", bcc="ana@vinedo.example")
        self.assertFalse(self.shown_to(self.ana_row))
        self.assertFalse(self.shown_to(self.otto_row))

    def test_a_name_that_looks_like_an_address_opens_nothing(self):
        self.store(self.shared, "x@evil.example", "ana@vinedo.example <team@nordica.example>")
        self.assertFalse(self.shown_to(self.ana_row))

    def test_an_address_that_is_part_of_another_opens_nothing(self):
        ana = self.contact("A", "na@vinedo.example")
        row = self.give_access(self.garage, ana, login=True)
        self.store(self.shared, TEAM, "Ana <ana@vinedo.example>, x@y.example", bcc="na@vinedo.example")
        self.assertFalse(self.shown_to(row))

    def test_who_gives_himself_the_address_of_another_reads_nothing_more(self):
        self.store(self.shared, "Jo <jo@adviser.example>", TEAM)
        self.ana.alternative_email_ids = [Command.create({"email": "new@vinedo.example"})]
        self.jo.email = "other@adviser.example"
        # as the portal's own form, which writes what a client may change
        self.ana.with_user(self.ana_row.login_id.user_id).sudo().email = "jo@adviser.example"
        self.assertFalse(self.shown_to(self.ana_row))

    def test_mailboxes_of_another_company_do_not_count_for_an_account_of_one(self):
        email = self.store(self.shared, "Ana <ana@vinedo.example>", TEAM)
        self.vineyard.company_id = self.shared.company_id
        self.assertEqual(self.shown_to(self.ana_row), email)
        self.vineyard.company_id = self.env["res.company"].create({"name": "Other"})
        self.assertFalse(self.shown_to(self.ana_row))
