"""What the firm asks clients to send: who hears of it, what the portal shows, and when it is done."""

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests.common import new_test_user, tagged

from .document_common import DocumentMixin, make_pdf
from .test_portal_account import PortalCase


@tagged("post_install", "-at_install")
class TestClientRequests(DocumentMixin, PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = new_test_user(
            cls.env,
            "r_sales",
            groups="sales_team.group_sale_salesman,base.group_partner_manager",
            lang="en_US",
        )
        cls.at_vineyard_ana = cls.give_access(cls.vineyard, cls.ana)
        cls.taxes = cls.folder("Taxes")

    def ask(self, account=None, **values):
        """Ask the clients of an account for bank statements, as a salesperson."""
        requests = self.env["escala.client.request"].with_user(self.salesperson)
        return requests.create(
            {"name": "Bank statements", "account_id": (account or self.vineyard).id, **values}
        ).sudo()

    def told(self, request):
        """Return the addresses that were written to about a request, and the subjects."""
        mails = self.env["mail.mail"].search([("model", "=", request._name), ("res_id", "=", request.id)])
        return sorted(mails.mapped("email_to")), set(mails.mapped("subject"))

    def upload(self, request, name="March.pdf", account=None):
        page = self.url_open("/my/choose-account")
        return self.url_open(
            f"/my/documents/requests/{request.id}/upload",
            data={"csrf_token": self.token(page), "account_id": (account or self.vineyard).id},
            files={"ufile": (name, make_pdf())},
            allow_redirects=False,
        )

    def todos(self):
        return [
            todo["title"]
            for todo in self.env["res.partner"].with_user(self.user)._get_client_todos(self.vineyard)
        ]

    def test_those_who_want_it_are_told_and_what_they_send_is_in_the_folder(self):
        category = self.env.ref("escala_client_portal.notification_category_requests")
        self.at_vineyard_ana.muted_category_ids = [Command.link(category.id)]
        request = self.ask(folder_id=self.taxes.id, message="All three months")
        self.assertEqual(
            self.told(request), (['"Otto" <otto@vinedo.example>'], {"Please send: Bank statements"})
        )
        self.log_in()
        home = self.enter(self.vineyard)
        self.assertIn("Send: Bank statements", self.text(home))
        page = self.text(self.url_open(f"/my/documents/requests/{request.id}"))
        self.assertIn("All three months", page)
        self.assertEqual(self.upload(request).json(), {"name": "March.pdf"})
        document = request.document_ids
        self.assertEqual((document.folder_id, document.account_id), (self.taxes, self.vineyard))
        self.assertTrue(document.from_client)
        self.assertEqual(request.state, "done")
        self.assertEqual(document.activity_ids.user_id, self.salesperson)
        self.assertEqual(self.todos(), [])
        self.assertIn("March.pdf", self.text(self.url_open(f"/my/documents/requests/{request.id}")))
        self.assertEqual(self.upload(request, "April.pdf").status_code, 200)

    def test_a_request_of_another_account_is_not_shown_and_gets_nothing(self):
        other, foreign = self.ask(self.garage), self.ask(self.bakery)
        self.log_in()
        self.enter(self.vineyard)
        page = self.url_open(f"/my/documents/requests/{other.id}")
        self.assertEqual(page.status_code, 409)
        self.assertIn("This page belongs to Garage", self.text(page))
        self.assertEqual(self.url_open(f"/my/documents/requests/{foreign.id}").status_code, 404)
        for request, account, status in (
            (other, self.vineyard, 404),
            (other, self.garage, 409),
            (foreign, self.vineyard, 404),
        ):
            self.assertEqual(self.upload(request, account=account).status_code, status)
        self.assertFalse((other | foreign).document_ids)
        with self.assertRaises(AccessError):
            other.with_user(self.user).read(["name"])
        self.assertEqual(self.todos(), [])

    def test_a_closed_request_is_gone_until_it_is_asked_again(self):
        request = self.ask()
        request.with_user(self.salesperson).action_close()
        self.log_in()
        self.enter(self.vineyard)
        self.assertEqual(self.url_open(f"/my/documents/requests/{request.id}").status_code, 404)
        self.assertEqual(self.upload(request).status_code, 404)
        self.assertEqual(self.todos(), [])
        before = len(self.told(request)[0])
        request.with_user(self.salesperson).action_reopen()
        self.assertEqual(self.todos(), ["Send: Bank statements"])
        self.assertEqual(len(self.told(request)[0]), 2 * before)

    def test_reminders_before_and_on_the_deadline_and_none_when_it_is_done(self):
        today = fields.Date.today()
        self.at_vineyard_ana.notify = False
        request = self.ask(deadline=today + timedelta(10))
        done = self.ask(deadline=today + timedelta(10))
        done.state = "done"
        sent = []
        for day in range(13):
            with freeze_time(today + timedelta(day)):
                self.remind()
                self.remind()
            sent.append(len(self.told(request)[0]) - 1)
        self.assertEqual(sent, [0] * 7 + [1] * 3 + [2] * 3)
        self.assertIn("Reminder: Please send: Bank statements", self.told(request)[1])
        self.assertEqual(len(self.told(done)[0]), 1)

    def test_what_is_asked_again_is_not_reminded_of_at_once(self):
        today = fields.Date.today()
        with freeze_time(today - timedelta(20)):
            requests = self.ask(deadline=today - timedelta(10)) | self.ask(deadline=today + timedelta(1))
            requests.with_user(self.salesperson).action_close()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE escala_client_request SET create_date = create_date - interval '20 days' WHERE id IN %s",
            [requests._ids],
        )
        requests.invalidate_recordset()
        requests.with_user(self.salesperson).action_reopen()
        self.remind()
        for request in requests:
            self.assertEqual(self.told(request)[1], {"Please send: Bank statements"})
        with freeze_time(today + timedelta(1)):
            self.remind()
        self.assertIn("Reminder: Please send: Bank statements", self.told(requests[1])[1])
        self.assertEqual(self.told(requests[0])[1], {"Please send: Bank statements"})

    def test_nobody_is_reminded_on_an_account_that_is_not_there(self):
        deadline = fields.Date.today() + timedelta(10)
        archived, binned = self.account("Archived"), self.account("Binned")
        asked = []
        for account in (archived, binned, self.vineyard):
            if account != self.vineyard:
                self.give_access(account, self.otto)
            document = self.document(account=account)
            document._ask("to_sign", deadline=deadline)
            asked.append((account, document, self.ask(account, deadline=deadline)))
        archived.active = False
        binned._move_to_bin()
        with freeze_time(deadline):
            self.remind()
        for account, document, request in asked:
            is_there = account == self.vineyard
            self.assertEqual("reminded" in self.actions(document), is_there, account.name)
            self.assertEqual(bool(request.reminded_on), is_there, account.name)
            self.assertEqual(
                "Reminder: Please send: Bank statements" in self.told(request)[1], is_there, account.name
            )

    def test_what_comes_for_a_folder_that_was_closed_is_at_the_top(self):
        above = self.folder("Above")
        self.taxes.parent_id = above
        hidden, closed = self.ask(folder_id=self.taxes.id), self.ask(folder_id=self.folder("Open").id)
        above.client_visible = False
        closed.folder_id.client_upload = False
        self.log_in()
        self.enter(self.vineyard)
        for request in (hidden, closed):
            self.assertEqual(self.url_open(f"/my/documents/requests/{request.id}").status_code, 200)
            self.assertEqual(self.upload(request).json(), {"name": "March.pdf"})
            self.assertTrue(request.document_ids._is_shown())
            self.assertFalse(request.document_ids.folder_id)
            self.assertEqual(request.state, "done")

    def test_what_it_is_about_and_whether_it_is_done_is_nobodys_to_write(self):
        request = self.ask().with_user(self.salesperson)
        document = self.document().with_user(self.salesperson)
        guarded = {
            "state": "done",
            "requested_by_id": self.env.uid,
            "requested_on": "2026-01-01",
            "reminded_on": "2026-01-01",
        }
        for name, value in {**guarded, "account_id": self.garage.id}.items():
            with self.subTest(name), self.assertRaises(UserError):
                request.write({name: value})
        values = {"name": "Bank statements", "account_id": self.vineyard.id}
        for name, value in guarded.items():
            with self.subTest(f"default_{name}"), self.assertRaises(UserError):
                request.with_context(**{f"default_{name}": value}).create(values)
            with self.subTest(f"new {name}"), self.assertRaises(UserError):
                self.ask(**{name: value})
        with self.assertRaises(UserError):
            document.client_request_id = request
        with self.assertRaises(UserError):
            request.document_ids = document
        with self.assertRaises(UserError):
            document.create(
                {
                    "name": "April.pdf",
                    "account_id": self.vineyard.id,
                    "content": document.content,
                    "client_request_id": request.id,
                }
            )
        with self.assertRaises(ValidationError):
            document.sudo().client_request_id = self.ask(self.garage)

    def remind(self):
        """Run the scheduled action; what it commits is undone with the test."""
        self.env.flush_all()
        with patch.object(self.env.cr, "commit", self.env.flush_all):
            self.env["escala.document"]._cron_remind()

    def test_the_folder_is_one_that_the_clients_may_upload_to(self):
        for folder in (self.folder("Cars", self.garage), self.folder("Ours", client_visible=False)):
            with self.assertRaises(ValidationError):
                self.ask(folder_id=folder.id)

    def test_who_may_only_read_accounts_asks_for_nothing(self):
        colleague = new_test_user(self.env, "r_colleague", groups="base.group_user", lang="en_US")
        request = self.ask()
        self.assertTrue(request.with_user(colleague).has_access("read"))
        with self.assertRaises(AccessError):
            request.with_user(colleague).action_close()
