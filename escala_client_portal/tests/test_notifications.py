"""Odoo's notifications go to the addresses of an account that want their category, and to nobody else of it."""

from odoo.fields import Command
from odoo.tests.common import new_test_user, tagged

from odoo.addons.mail.tests.common import MockEmail

from ..models.mail_mail import ROWS
from .common import ClientPortalCase


class NotificationCase(ClientPortalCase, MockEmail):
    """Leads stand for the documents that clients see; Odoo's own are tested with their add-ons, in tests/portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.proposals = cls.env.ref("escala_client_portal.notification_category_proposals")
        cls.rule = cls.env["escala.notification.rule"].create(
            {
                "model_id": cls.env["ir.model"]._get_id("crm.lead"),
                "category_id": cls.proposals.id,
                "notifies_all": True,
            }
        )
        cls.seller = new_test_user(
            cls.env, "n_seller", groups="sales_team.group_sale_salesman_all_leads", lang="en_US"
        )
        cls.lead = cls.env["crm.lead"].create({"name": "A roof", "partner_id": cls.vineyard.id})

    def post(self, *recipients, user=None, record=None, **values):
        """Post as the salesperson does, or somebody else, and return the addresses that were written to."""
        values = {
            "subtype_xmlid": "mail.mt_comment",
            "message_type": "comment",
            "body": "Here it is",
            **values,
        }
        partners = self.env["res.partner"].union(*recipients)
        # clients post as the portal lets them: with more rights than they have
        record = (record or self.lead).with_user(user or self.seller).sudo(bool(user))
        with self.mock_mail_gateway():
            record.message_post(partner_ids=partners.ids, **values)
        return self.sent()

    def sent(self):
        """Return the addresses that were written to, of one e-mail each."""
        for email in self._mails:
            self.assertEqual(len(email["email_to"]), 1)
        return sorted(email["email_to"][0].rpartition("<")[2].rstrip(">") for email in self._mails)

    def mute(self, row):
        row.muted_category_ids = [Command.link(self.proposals.id)]


@tagged("post_install", "-at_install")
class TestNotifications(NotificationCase):
    def test_no_context_of_a_browser_gets_into_an_email(self):
        injected = {"email_to": "me@evil.example", "email_from": "boss@nordica.example"}
        lead = self.lead.with_context(client_mail_values=injected)
        self.assertEqual(self.post(self.contact("Jo", "jo@x.example"), record=lead), ["jo@x.example"])
        self.assertNotIn("boss@nordica.example", self._mails[0]["email_from"])

    def test_each_address_has_its_own_switch(self):
        self.mute(self.give_access(self.vineyard, self.ana))
        self.give_access(self.vineyard, self.ana, "ana@correo.example")
        self.assertEqual(self.post(self.ana), ["ana@correo.example"])
        self.assertEqual(self.lead.message_ids[0].notified_partner_ids, self.ana)

    def test_both_addresses_are_written_to_apart(self):
        self.give_access(self.vineyard, self.ana)
        self.give_access(self.vineyard, self.ana, "ana@correo.example")
        self.assertEqual(self.post(self.ana), ["ana@correo.example", "ana@vinedo.example"])

    def test_no_address_is_shown_to_the_others(self):
        self.give_access(self.vineyard, self.ana)
        self.give_access(self.vineyard, self.otto)
        self.post(self.ana, self.otto)
        for email in self._mails:
            self.assertNotIn("X-Msg-To-Add", email["headers"])

    def test_notify_off_is_nothing_at_all(self):
        self.give_access(self.vineyard, self.ana, notify=False)
        self.assertEqual(self.post(self.ana), [])
        self.assertFalse(self.lead.message_ids[0].notified_partner_ids)

    def test_followers_are_asked_their_switch_too(self):
        self.lead.message_subscribe((self.ana | self.otto).ids)
        self.give_access(self.vineyard, self.ana, notify=False)
        self.assertEqual(self.post(), ["otto@vinedo.example"])

    def test_contacts_who_want_it_join_the_recipients(self):
        self.give_access(self.vineyard, self.otto)
        self.assertEqual(self.post(self.ana), ["ana@vinedo.example", "otto@vinedo.example"])

    def test_nobody_joins_what_customers_do_not_see(self):
        self.give_access(self.vineyard, self.otto)
        self.assertEqual(self.post(subtype_xmlid="mail.mt_note"), [])
        self.rule.notifies_all = False
        self.assertEqual(self.post(), [])

    def test_of_what_the_portal_does_not_show_they_hear_only_if_named(self):
        self.give_access(self.vineyard, self.ana)
        self.give_access(self.vineyard, self.otto)
        jo = self.contact("Jo", "jo@x.example")
        self.lead.message_subscribe((self.otto | jo).ids)
        self.rule.shown_domain = "[('probability', '=', 42)]"
        self.assertEqual(self.post(), ["jo@x.example"])
        self.assertEqual(self.post(self.ana), ["ana@vinedo.example", "jo@x.example"])
        self.lead.probability = 42
        self.assertEqual(self.post(), ["ana@vinedo.example", "jo@x.example", "otto@vinedo.example"])

    def test_who_writes_is_not_notified_and_the_others_are(self):
        row = self.give_access(self.vineyard, self.ana, login=True)
        self.give_access(self.vineyard, self.otto)
        self.assertEqual(self.post(user=row.login_id.user_id), ["otto@vinedo.example"])

    def test_contacts_of_other_accounts_are_left_alone(self):
        self.give_access(self.garage, self.otto, notify=False)
        self.assertEqual(self.post(self.otto), ["otto@vinedo.example"])

    def test_a_company_with_the_address_of_a_row_is_asked_that_switch(self):
        self.vineyard.email = "ana@correo.example"
        row = self.give_access(self.vineyard, self.ana, "ana@correo.example", notify=False)
        self.assertEqual(self.post(self.vineyard), [])
        row.notify = True
        self.assertEqual(self.post(self.vineyard), ["ana@correo.example"])

    def test_without_rows_or_rule_all_is_as_ever(self):
        self.vineyard.email = "info@vinedo.example"
        self.assertEqual(self.post(self.ana, self.vineyard), ["ana@vinedo.example", "info@vinedo.example"])
        self.give_access(self.vineyard, self.ana, notify=False)
        self.rule.domain = "[('id', '=', False)]"
        self.assertEqual(self.post(self.ana), ["ana@vinedo.example"])

    def test_colleagues_are_notified_as_ever(self):
        colleague = new_test_user(self.env, "n_colleague", email="n@nordica.example", lang="en_US")
        self.give_access(self.vineyard, colleague.partner_id, notify=False)
        self.assertEqual(self.post(colleague.partner_id), ["n@nordica.example"])

    def test_documents_of_people_of_an_account_count_as_its_own(self):
        self.ana.parent_id = self.vineyard
        self.lead.partner_id = self.ana
        self.give_access(self.vineyard, self.otto)
        self.assertEqual(self.post(), ["otto@vinedo.example"])

    def test_a_person_of_several_accounts_is_asked_its_own_switches(self):
        self.lead.partner_id = self.ana
        self.give_access(self.vineyard, self.ana, notify=False)
        self.assertEqual(self.post(self.ana), [])
        self.give_access(self.garage, self.ana, "ana@correo.example")
        self.give_access(self.garage, self.otto)
        self.assertEqual(self.post(self.ana), ["ana@correo.example"])

    def test_a_rule_for_a_subtype_comes_first(self):
        messages = self.env.ref("escala_client_portal.notification_category_messages")
        self.rule.copy({"subtype_id": self.env.ref("mail.mt_comment").id, "category_id": messages.id})
        row = self.give_access(self.vineyard, self.ana)
        self.mute(row)
        self.assertEqual(self.post(), ["ana@vinedo.example"])
        row.muted_category_ids = messages
        self.assertEqual(self.post(), [])

    def test_typed_addresses_are_asked_their_switch_too(self):
        self.rule.notifies_all = False
        self.mute(self.give_access(self.vineyard, self.ana))
        self.give_access(self.vineyard, self.otto)
        typed = "ana@vinedo.example, otto@vinedo.example, uwe@elsewhere.example"
        self.assertEqual(self.post(outgoing_email_to=typed), ["otto@vinedo.example", "uwe@elsewhere.example"])

    def test_who_was_sent_the_e_mail_itself_is_not_sent_it_again(self):
        self.give_access(self.vineyard, self.ana)
        self.give_access(self.vineyard, self.ana, "ana@correo.example")
        self.assertEqual(self.post(incoming_email_cc="ana@correo.example"), ["ana@vinedo.example"])

    def test_a_scheduled_message_goes_to_who_wants_it_then(self):
        self.give_access(self.vineyard, self.ana)
        row = self.give_access(self.vineyard, self.otto)
        self.assertEqual(self.post(scheduled_date="2030-01-01 10:00:00"), [])
        row.notify = False
        with self.mock_mail_gateway():
            self.env["mail.message.schedule"].search([]).force_send()
        self.assertEqual(self.sent(), ["ana@vinedo.example"])

    def test_messages_on_the_account_itself_belong_to_a_category(self):
        row = self.give_access(self.vineyard, self.ana)
        self.give_access(self.vineyard, self.otto)
        self.assertEqual(self.post(self.ana, record=self.vineyard), ["ana@vinedo.example"])
        row.muted_category_ids = self.env.ref("escala_client_portal.notification_category_messages")
        self.assertEqual(self.post(self.ana, record=self.vineyard), [])

    def test_it_costs_the_same_for_many_contacts(self):
        self.give_access(self.vineyard, self.ana)
        self.post()
        self.queries()  # fills the caches
        few = self.queries()
        for number in range(20):
            contact = self.contact(f"Guest {number}", f"guest{number}@vinedo.example")
            self.give_access(self.vineyard, contact)
        self.assertEqual(self.queries(), few)

    def queries(self):
        """Return what finding the recipients of a message costs."""
        message = self.lead.message_ids[0]
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.lead._notify_get_recipients(message)
        return self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestDirectMail(NotificationCase):
    """What is sent on a document without a message: templates, reminders."""

    def send(self, **values):
        with self.mock_mail_gateway():
            self.prepare(**values).send()
        return self.sent()

    def test_each_email_costs_what_it_costs_in_odoo(self):
        for number in range(12):
            contact = self.contact(f"Guest {number}", f"guest{number}@vinedo.example")
            self.give_access(self.vineyard, contact)
        elsewhere = self.env["res.partner"].create(
            [{"name": f"Jo {number}", "email": f"jo{number}@x.example"} for number in range(12)]
        )

        def cost(contacts):
            mails = self.env["mail.mail"].union(
                *(self.prepare(recipient_ids=[Command.link(contact.id)]) for contact in contacts)
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with self.mock_mail_gateway():
                mails.send()
            self.assertEqual(len(self._mails), len(contacts))
            return self.env.cr.sql_log_count - before

        clients = self.vineyard.account_contact_ids.contact_id
        cost(clients)  # fills the caches
        self.assertLessEqual(
            cost(clients[:10]) - cost(clients[:5]), cost(elsewhere[:10]) - cost(elsewhere[:5]) + 1
        )

    def prepare(self, **values):
        mail = {
            "model": "crm.lead",
            "res_id": self.lead.id,
            "body_html": "<p>Soon</p>",
            "subject": "Reminder",
        }
        return self.env["mail.mail"].create({**mail, "email_from": "n@nordica.example", **values})

    def test_it_goes_to_the_addresses_that_want_it(self):
        self.mute(self.give_access(self.vineyard, self.ana))
        self.give_access(self.vineyard, self.ana, "ana@correo.example")
        self.assertEqual(self.send(recipient_ids=self.ana.ids), ["ana@correo.example"])
        typed = "Ana <ana@vinedo.example>, Uwe <uwe@elsewhere.example>, ana@correo.example"
        self.assertEqual(self.send(email_to=typed), ["ana@correo.example", "uwe@elsewhere.example"])

    def test_copies_are_asked_their_switch_too(self):
        self.give_access(self.vineyard, self.ana, notify=False)
        with self.mock_mail_gateway():
            self.prepare(email_to="uwe@elsewhere.example", email_cc="ana@vinedo.example").send()
        self.assertEqual([email["email_cc"] for email in self._mails], [[]])

    def test_what_nobody_wants_is_cancelled(self):
        row = self.give_access(self.vineyard, self.ana)
        with self.mock_mail_gateway():
            mail = self.prepare(recipient_ids=self.ana.ids)
            row.notify = False
            mail.send()
        self.assertEqual((self._mails, mail.state), ([], "cancel"))

    def test_what_waited_does_not_go_to_who_was_unlinked(self):
        row = self.give_access(self.vineyard, self.ana)
        with self.mock_mail_gateway():
            mail = self.prepare(recipient_ids=self.ana.ids)
            row.unlink()
            mail.send()
        self.assertEqual((self._mails, mail.state), ([], "cancel"))

    def test_who_is_unlinked_while_a_batch_leaves_stops_none_of_it(self):
        rows = self.give_access(self.vineyard, self.ana) | self.give_access(self.vineyard, self.otto)
        with self.mock_mail_gateway():
            mail = self.prepare(recipient_ids=(self.ana | self.otto).ids)
            batch = mail.with_context(**{ROWS: rows})
            self.env.flush_all()
            # as another transaction does, after the commit between two e-mails
            self.env.cr.execute("DELETE FROM escala_account_contact WHERE id = %s", [rows[0].id])
            self.env.invalidate_all(flush=False)
            self.assertEqual(batch._get_client_rows([str(self.ana.id), str(self.otto.id)]), rows[1])

    def test_other_mail_is_as_ever(self):
        self.give_access(self.vineyard, self.ana, notify=False)
        on_contact = {"model": "res.partner", "res_id": self.vineyard.id}
        self.assertEqual(self.send(recipient_ids=self.ana.ids, **on_contact), ["ana@vinedo.example"])


@tagged("post_install", "-at_install")
class TestBanner(NotificationCase):
    """While an address is invited and has not chosen a password, its e-mails ask it to."""

    def test_pending_addresses_get_it_and_others_do_not(self):
        self.give_access(self.vineyard, self.ana, login=True)
        self.give_access(self.vineyard, self.otto)
        self.post()
        bodies = {email["email_to"][0]: email["body"] for email in self._mails}
        ana, otto = bodies['"Ana" <ana@vinedo.example>'], bodies['"Otto" <otto@vinedo.example>']
        self.assertIn("Activate your account", ana)
        self.assertIn("<span>Here it is</span>", ana)
        self.assertNotIn("Activate your account", otto)

    def test_nobody_reads_it_in_odoo(self):
        self.give_access(self.vineyard, self.ana, login=True)
        self.post()
        self.assertNotIn("Activate your account", self.lead.message_ids[0].body)
        self.assertNotIn("Activate your account", self._new_mails.body_html)

    def test_active_addresses_do_not_get_it(self):
        row = self.give_access(self.vineyard, self.ana, login=True)
        row.login_id.activated_on = "2026-01-01"
        self.post()
        self.assertNotIn("Activate your account", self._mails[0]["body"])
