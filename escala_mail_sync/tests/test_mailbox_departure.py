"""Mailboxes of people who leave: read no more, as private as before, until they are handed over."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from ..imap.errors import MailboxError
from ..models.escala_mailbox_sync import MailboxTaken
from .common import GROUP_USER, MailboxCase

MUTED = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.models")


class DepartureCase(MailboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create({"name": "Ana", "email": "ana@cliente.example"})
        cls.personal.write({"state": "connected", "next_check": "2026-01-01"})

    def leave(self):
        self.owner.active = False

    def hand_over(self, to, by=None):
        wizard = self.env["escala.mailbox.handover"].with_user(by or self.manager)
        wizard.create({"mailbox_id": self.personal.id, "user_id": to.id}).action_hand_over()


@tagged("post_install", "-at_install")
class TestDeparture(DepartureCase):
    def can_read(self, email, user) -> bool:
        """By search, by id, body, file and export alike."""
        self.env.invalidate_all()
        email = email.with_user(user)
        attempts = [
            lambda: email.read(["subject", "body"]),
            lambda: email.export_data(["subject"]),
            lambda: email.mail_message_id.sudo().with_user(user).read(["body"]),
            lambda: email.sudo().attachment_ids.with_user(user).read(["raw"]),
        ]
        answers = {bool(email.search([("id", "=", email.id)]))}
        for attempt in attempts:
            self.env.invalidate_all()
            try:
                with mute_logger(*MUTED):
                    attempt()
                answers.add(True)
            except AccessError:
                answers.add(False)
        self.assertEqual(len(answers), 1, "Not every door gives the same answer.")
        return answers.pop()

    # Leaving

    def test_it_stops_at_once(self):
        connection = self.personal._get_connection()
        self.env.flush_all()
        self.leave()
        self.assertEqual((self.personal.state, self.personal.next_check), ("draft", False))
        self.assertTrue(self.personal.owner_left)
        with self.assertRaises(MailboxTaken):
            self.personal._lock(connection)

    def test_it_gives_no_credentials_even_if_its_state_were_wrong(self):
        self.leave()
        self.personal.state = "connected"
        with self.assertRaises(MailboxError) as caught:
            self.personal._session()
        self.assertEqual(caught.exception.code, "owner_left")
        self.env.flush_all()
        with self.assertRaises(MailboxTaken):
            self.personal._lock(self.personal._get_connection())

    def test_shared_mailboxes_go_on(self):
        self.shared.write({"state": "connected", "next_check": "2026-01-01"})
        self.leave()
        self.assertEqual(self.shared.state, "connected")

    def test_shared_mail_stays_visible_and_private_mail_private(self):
        private = self.make_email(self.personal, partner_ids=self.contact.ids)
        shared = self.make_email(self.shared, partner_ids=self.contact.ids)
        self.leave()
        self.assertTrue(self.can_read(shared, self.colleague))
        for user in (self.colleague, self.manager):
            self.assertFalse(self.can_read(private, user))

    def test_shared_mail_of_a_personal_mailbox_stays_visible(self):
        self.personal.visibility = "shared"
        email = self.make_email(self.personal, partner_ids=self.contact.ids)
        self.leave()
        self.assertTrue(self.can_read(email, self.colleague))

    def test_who_comes_back_has_to_reconnect(self):
        self.leave()
        self.owner.active = True
        self.assertEqual((self.personal.state, self.personal.next_check), ("draft", False))
        self.assertFalse(self.personal.owner_left)
        with self.assertRaisesRegex(UserError, "Connect"):
            self.personal.with_user(self.owner).action_sync_now()

    # Handing over

    def test_the_new_owner_reads_it_and_the_log_says_who_gave_it(self):
        email = self.make_email(self.personal)
        self.leave()
        with Form(
            self.env["escala.mailbox.handover"]
            .with_user(self.manager)
            .with_context(default_mailbox_id=self.personal.id)
        ) as form:
            form.user_id = self.colleague
            self.assertFalse(form.is_archived)
        form.record.action_hand_over()
        self.assertTrue(self.can_read(email, self.colleague))
        self.assertFalse(self.can_read(email, self.manager))
        line = self.env["escala.mailbox.log"].with_user(self.manager).search([])
        self.assertEqual(line.mapped("action"), ["handed_over"])
        self.assertEqual(
            (line.user_id, line.from_user_id, line.to_user_id, line.address, line.email_count),
            (self.manager, self.owner, self.colleague, "owner@nordica.example", 1),
        )

    def test_no_password_goes_with_it(self):
        self.leave()
        self.hand_over(self.colleague)
        self.assertFalse(self.personal.has_password)
        self.assertEqual((self.personal.state, self.personal.active), ("draft", True))
        self.assertEqual(self.personal.with_user(self.colleague).can_edit, True)

    def test_who_has_a_mailbox_already_gets_an_archived_one(self):
        mine = self.make_mailbox("colleague@nordica.example", user_id=self.colleague.id)
        email = self.make_email(self.personal)
        self.leave()
        self.hand_over(self.colleague)
        self.env.flush_all()
        self.assertEqual((mine.active, self.personal.active), (True, False))
        self.assertTrue(self.can_read(email, self.colleague))
        with self.assertRaisesRegex(UserError, "archived"):
            self.personal.with_user(self.colleague).action_connect()

    @mute_logger(*MUTED)
    def test_only_managers_hand_over(self):
        self.leave()
        for user in (self.colleague, self.owner):
            with self.assertRaises(AccessError):
                self.hand_over(self.colleague, by=user)
            with self.assertRaises(AccessError):
                self.personal.with_user(user)._hand_over(self.colleague)
        with self.assertRaises(AccessError):
            self.personal.with_user(self.manager).user_id = self.manager

    def test_nobodys_mailbox_is_handed_over_while_they_are_there(self):
        with self.assertRaisesRegex(UserError, "has not left"):
            self.hand_over(self.colleague)
        self.assertEqual(self.personal.user_id, self.owner)

    def test_it_goes_to_internal_users_of_its_company_only(self):
        portal = new_test_user(self.env, "client", "base.group_portal", lang="en_US")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.manager.company_ids += elsewhere
        stranger = new_test_user(
            self.env,
            "stranger",
            GROUP_USER,
            lang="en_US",
            company_id=elsewhere.id,
            company_ids=[(6, 0, elsewhere.ids)],
        )
        gone = new_test_user(self.env, "gone", GROUP_USER, lang="en_US")
        gone.active = False
        self.leave()
        for user in (portal, stranger, gone):
            with self.assertRaisesRegex(UserError, "no internal user"):
                self.hand_over(user)
        self.assertEqual(self.personal.user_id, self.owner)

    @mute_logger(*MUTED)
    def test_the_log_is_read_by_managers_and_written_by_nobody(self):
        self.leave()
        self.hand_over(self.colleague)
        log = self.env["escala.mailbox.log"].search([])
        with self.assertRaises(AccessError):
            log.with_user(self.colleague).read(["action"])
        admin = self.env.ref("base.user_admin")
        for user in (self.manager, admin):
            self.assertTrue(log.with_user(user).read(["action"]))
            with self.assertRaises(AccessError):
                log.with_user(user).write({"to_user_id": self.manager.id})
            with self.assertRaises(AccessError):
                log.with_user(user).unlink()
            with self.assertRaises(AccessError):
                log.with_user(user).create({"address": "x", "action": "removal"})

    def test_the_log_outlives_the_mailbox(self):
        self.leave()
        self.hand_over(self.colleague)
        self.personal.with_user(self.colleague).unlink()
        self.assertEqual(self.env["escala.mailbox.log"].search([]).address, "owner@nordica.example")


@tagged("post_install", "-at_install")
class TestDepartureByRpc(DepartureCase, HttpCase):
    def call(self, record, method, *args):
        return self.make_jsonrpc_request(
            "/web/dataset/call_kw",
            {"model": record._name, "method": method, "args": args, "kwargs": {}},
        )

    def assert_refused(self, *call):
        with (
            self.subTest(call[1]),
            self.assertRaises(JsonRpcException) as caught,
            mute_logger("odoo.http", *MUTED),
        ):
            self.call(*call)
        self.assertIn("AccessError", str(caught.exception))

    def test_every_door(self):
        email = self.make_email(self.personal, partner_ids=self.contact.ids)
        message, file = email.mail_message_id, email.attachment_ids
        mailbox, wizard = self.personal, self.env["escala.mailbox.handover"]
        self.leave()
        values = {"mailbox_id": mailbox.id, "user_id": self.colleague.id}
        for login in ("colleague", "manager", "admin"):
            self.authenticate(login, login)
            self.assertFalse(self.call(email, "search", [("id", "=", email.id)]))
            for call in (
                (email, "read", email.ids, ["subject"]),
                (email, "export_data", email.ids, ["subject"]),
                (message, "read", message.ids, ["body"]),
                (message, "export_data", message.ids, ["body"]),
                (file, "read", file.ids, ["datas"]),
                (mailbox, "write", mailbox.ids, {"user_id": self.manager.id}),
                (mailbox, "write", mailbox.ids, {"active": False, "visibility": "shared"}),
                (mailbox, "read", mailbox.ids, ["imap_password_encrypted"]),
                (mailbox, "read", mailbox.ids, ["database_uuid"]),
                (mailbox, "_hand_over", mailbox.ids, self.manager.id),
                (mailbox, "_remove_some_emails", mailbox.ids),
                (mailbox, "action_connect", mailbox.ids),
            ):
                self.assert_refused(*call)
            file_url = self.url_open(f"/web/content/{file.id}")
            self.assertNotIn("secret plan", file_url.text)
        self.authenticate("colleague", "colleague")
        self.assert_refused(wizard, "create", values)
        self.authenticate("manager", "manager")
        created = self.call(wizard, "create", values)
        self.call(wizard, "action_hand_over", [created])
        self.assert_refused(email, "read", email.ids, ["subject"])
        self.authenticate("colleague", "colleague")
        self.assertTrue(self.call(email, "read", email.ids, ["subject"]))
        self.assertIn("secret plan", self.url_open(f"/web/content/{file.id}").text)
