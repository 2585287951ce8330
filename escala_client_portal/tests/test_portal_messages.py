"""The page *Messages* as clients open it, and whom they reach."""

import re
from urllib.parse import quote, urlsplit

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .portal_pages_case import PortalPagesCase


@tagged("post_install", "-at_install")
class TestPortalMessages(PortalPagesCase):
    def conversation(self):
        return self.env["escala.portal.conversation"].search([("account_id", "=", self.vineyard.id)])

    def test_client_writes_firm_answers_client_reads(self):
        self.log_in(self.ana_row)
        self.post("/my/messages/new", subject="Our  order", text="Where is it?")
        conversation = self.conversation()
        self.assertEqual((conversation.subject, conversation.waiting_for), ("Our order", "firm"))
        mails = self.env["mail.mail"].search([])
        conversation.with_user(self.owner).message_post(
            body="On its way", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        conversation.with_user(self.owner).message_post(body="Between us", subtype_xmlid="mail.mt_note")
        self.assertEqual(conversation.waiting_for, "client")
        self.assertFalse(conversation.activity_ids)
        sent = self.env["mail.mail"].search([]) - mails
        told = " ".join(sent.mapped("email_to"))
        for row in self.ana_row | self.otto_row | self.jo_row:
            self.assertIn(row.email, told)
        self.assertNotIn("On its way", " ".join(sent.mapped("body_html")))
        todos = (
            self.env["res.partner"].with_user(self.ana_row.login_id.user_id)._get_client_todos(self.vineyard)
        )
        self.assertEqual([todo["url"] for todo in todos], [f"/my/messages/{conversation.id}"])
        self.assertIn("Our order", self.get("/my/messages").text)
        page = self.get(f"/my/messages/{conversation.id}").text
        self.assertIn("On its way", page)
        self.assertNotIn("Between us", page)
        self.assertFalse(
            self.env["res.partner"].with_user(self.ana_row.login_id.user_id)._get_client_todos(self.vineyard)
        )

    def test_without_a_salesperson_whoever_gave_the_client_access_is_to_answer(self):
        self.vineyard.user_id = False
        ana, account = self.ana_row.login_id.user_id, self.vineyard
        self.env["escala.account.contact"].with_user(self.owner).create(
            {"account_id": account.id, "contact_id": self.ana.id, "email": "ana@correo.example"}
        )
        conversations = self.env["escala.portal.conversation"]
        for conversation in (
            conversations._start_from_client(account, ana, "Our order", "Where is it?", []),
            conversations._reply_to_email(account, ana, self.email, "Yes", []),
        ):
            self.assertEqual(conversation.user_id, self.owner)
            self.assertEqual(conversation.activity_ids.user_id, self.owner)

    def test_addresses_that_are_not_notified_get_nothing(self):
        self.otto_row.notify = False
        conversation = self.env["escala.portal.conversation"].create(
            {"subject": "News", "account_id": self.vineyard.id}
        )
        mails = self.env["mail.mail"].search([])
        conversation.message_post(
            body="Hello",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.otto.ids,
            author_id=self.owner.partner_id.id,
        )
        sent = self.env["mail.mail"].search([]) - mails
        self.assertNotIn("otto@", str([*sent.mapped("email_to"), *sent.recipient_ids.mapped("email")]))

    def test_conversations_of_other_accounts_are_not_found(self):
        conversation = self.env["escala.portal.conversation"].create(
            {"subject": "Garage", "account_id": self.garage.id}
        )
        conversation.message_post(
            body="Hello", subtype_xmlid="mail.mt_comment", author_id=self.owner.partner_id.id
        )
        self.log_in(self.ana_row)
        self.assertEqual(self.get(f"/my/messages/{conversation.id}").status_code, 404)
        self.assertNotIn("Garage", self.get("/my/messages").text)

    def test_the_link_in_the_email_leads_to_the_account_of_the_conversation(self):
        conversation = self.env["escala.portal.conversation"].create(
            {"subject": "Brakes", "account_id": self.garage.id}
        )
        conversation.with_user(self.owner).message_post(
            body="They are in", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        sent = self.env["mail.mail"].search([("email_to", "ilike", self.jo_row.email)], limit=1)
        url = urlsplit(re.search(r'href="([^"]+/my/messages/[^"]+)"', sent.body_html)[1])
        link = url.path + (f"?{url.query}" if url.query else "")
        self.log_in(self.jo_row)
        choice = self.get(link)
        self.assertEqual(choice.status_code, 303)  # in no account: choose one, and then come back
        self.assertIn(quote(url.path, safe=""), choice.headers["Location"])
        self.enter(self.vineyard)
        page = self.get(link)
        self.assertEqual(page.status_code, 409)
        self.assertIn("Garage", page.text)
        self.assertNotIn("They are in", page.text)
        redirect = re.search(r'name="redirect" value="([^"]+)"', page.text)[1]
        self.assertIn("They are in", self.enter(self.garage, redirect=redirect).text)

    def enter(self, account, redirect="/my"):
        token = re.search(r'csrf_token"? value="([^"]+)"', self.url_open("/my/choose-account").text)[1]
        values = {"csrf_token": token, "account_id": account.id, "redirect": redirect}
        return self.url_open("/my/account/switch", data=values)

    def test_who_may_not_see_the_account_does_not_see_its_messages(self):
        conversation = self.env["escala.portal.conversation"].create(
            {"subject": "Garage", "account_id": self.garage.id}
        )
        self.env["ir.rule"].create(
            {
                "name": "Hidden",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.garage.id})]",
                "groups": [Command.link(self.env.ref("base.group_user").id)],
            }
        )
        self.assertNotIn(conversation, conversation.with_user(self.salesperson).search([]))
        with self.assertRaises(AccessError):
            conversation.with_user(self.salesperson).read(["subject"])

    def test_mail_of_strangers_is_not_shown_to_the_client(self):
        conversation = self.env["escala.portal.conversation"].create(
            {"subject": "News", "account_id": self.vineyard.id}
        )
        stranger = self.contact("Eve", "eve@evil.example")
        for author in (stranger, self.ana):
            conversation.message_post(
                body=author.name, message_type="email", subtype_xmlid="mail.mt_comment", author_id=author.id
            )
        self.assertEqual(conversation._get_shown_messages().author_id, self.ana)

    def test_home_counts_what_is_there(self):
        self.ana.parent_id = self.vineyard
        self.log_in(self.ana_row)
        page = self.get("/my").text
        self.assertIn("Skip to Content", page)
        self.assertIn("/my/emails", page)
        answer = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["client_email_count", "client_message_count"]}
        )
        self.assertEqual(answer, {"client_email_count": 1, "client_message_count": 0})
