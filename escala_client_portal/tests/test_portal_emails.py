"""The pages *E-mails* and *Messages* as clients open them, and what they get in other ways: nothing."""

import re
from unittest.mock import patch
from urllib.parse import quote, urlsplit

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from odoo.addons.escala_client_portal.controllers import portal_message_form

from .account_emails_case import AccountEmailsCase

TEAM = "team@nordica.example"
BODY = (
    '<p onclick="x()">Hello</p><img src="https://elsewhere.example/pixel.png"><script>alert(1)</script>'
    '<img src="/web/image/%s">'
)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000a49444154789c6300010000050001"
    "0d0a2db40000000049454e44ae426082"
)


class PortalPagesCase(AccountEmailsCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["ir.default"].set("res.partner", "lang", "en_US")

    def setUp(self):
        super().setUp()
        self.vineyard.user_id = self.owner
        self.email = self.store(
            self.shared, "Ana <ana@vinedo.example>", TEAM, subject="The press", snippet="Hello"
        )
        self.thread = self.email.thread_id

    def log_in(self, row):
        """Log in as the address of a row."""
        user = row.login_id.user_id
        user.write({"password": "a-long-password", "lang": "en_US"})
        row.login_id.activated_on = "2026-01-01"
        self.authenticate(user.login, "a-long-password")
        return user

    def get(self, url):
        return self.url_open(url, allow_redirects=False)

    def post(self, url, files=(), account=None, **values):
        page = self.url_open(url.rpartition("/")[0] if not url.endswith("/new") else url)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        shown = re.search(r'name="account_id" value="([^"]+)"', page.text)[1]
        return self.url_open(
            url,
            data={"csrf_token": token, "account_id": account or shown, **values},
            files=[("files", file) for file in files],
            allow_redirects=False,
        )


@tagged("post_install", "-at_install")
class TestPortalEmails(PortalPagesCase):
    def test_list_search_and_conversation(self):
        self.store(self.shared, TEAM, "Ana <ana@vinedo.example>", thread=self.thread, subject="Re: The press")
        self.store(self.shared, "Otto <otto@vinedo.example>", TEAM, subject="The cellar")
        self.store(self.personal, "Otto <otto@vinedo.example>", TEAM, subject="Secret")
        self.log_in(self.ana_row)
        page = self.get("/my/emails").text
        for words in ("Re: The press", "The cellar"):
            self.assertIn(words, page)
        self.assertNotIn("Secret", page)
        self.assertEqual(page.count(f"/my/emails/{self.thread.id}"), 1)
        self.assertIn("No e-mail matches", self.get("/my/emails?search=nothing-like-it").text)
        for path in ("emails", "messages", "documents"):  # what no database can look for
            self.assertEqual(self.get(f"/my/{path}?search=%00cellar%00").status_code, 200)
        page = self.get(f"/my/emails/{self.thread.id}").text
        self.assertEqual(page.count("<iframe"), 2)
        self.assertIn('sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"', page)

    def test_pages_have_a_title_and_a_language(self):
        self.log_in(self.ana_row)
        titles = {
            "/my/home": "Vineyard",
            "/my/emails": "E-mails",
            f"/my/emails/{self.thread.id}": "The press",
            "/my/messages/new": "New message",
            "/my/documents": "Documents",
            "/my/activate/unknown": "Link",
            "/documents/link/1-unknown": "Link",
        }
        for url, title in titles.items():
            page = self.get(url).text
            self.assertIn(f"<title>{title} | ", page, url)
            self.assertRegex(page, r'<html[^>]* lang="en-US"', url)

    def test_body_runs_and_fetches_nothing(self):
        file = self.email.attachment_ids
        file.write({"raw": PNG, "mimetype": "image/png"})
        self.email.mail_message_id.body = BODY % file.id
        self.log_in(self.ana_row)
        answer = self.get(f"/my/emails/{self.thread.id}/{self.email.id}/body")
        policy = answer.headers["Content-Security-Policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertIn("sandbox", policy)
        self.assertNotIn("allow-scripts", policy)
        self.assertIn("Hello", answer.text)
        self.assertIn("data:image/png;base64,", answer.text)
        for words in ("elsewhere.example", "<script", "onclick", "/web/image"):
            self.assertNotIn(words, answer.text)

    def test_files_are_saved_and_not_shown(self):
        self.email.attachment_ids.write({"name": "../a\\plan.html", "mimetype": "text/html"})
        self.log_in(self.ana_row)
        answer = self.get(f"/my/emails/{self.thread.id}/{self.email.id}/files/{self.email.attachment_ids.id}")
        self.assertEqual(answer.content, b"secret plan")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertIn("plan.html", answer.headers["Content-Disposition"])
        self.assertNotIn("..", answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")

    def test_nothing_of_another_account_or_of_a_revoked_one_is_found(self):
        other = self.store(self.shared, "Jo <jo@adviser.example>", TEAM)
        file = other.attachment_ids
        self.log_in(self.ana_row)
        base = f"/my/emails/{other.thread_id.id}"
        mixed = f"/my/emails/{self.thread.id}/{other.id}"
        own_file = f"/my/emails/{self.thread.id}/{self.email.id}/files/{file.id}"
        for url in (
            base,
            f"{base}/{other.id}/body",
            f"{base}/{other.id}/files/{file.id}",
            f"{mixed}/body",
            own_file,
        ):
            self.assertEqual(self.get(url).status_code, 404, url)
        own = f"/my/emails/{self.thread.id}"
        self.assertEqual(self.get(own).status_code, 200)
        self.ana_row.email_sync = False
        self.assertEqual(self.get(own).status_code, 404)
        self.assertIn("not shown in this account", self._only_ana().get("/my/emails").text)
        self.ana_row.login = False
        for url in ("/my/emails", own, f"{own}/{self.email.id}/body"):
            self.assertNotIn("The press", self.get(url).text)
            self.assertNotEqual(self.get(url).status_code, 200, url)

    def _only_ana(self):
        (self.otto_row | self.jo_row).email_sync = False
        return self

    def test_the_public_is_sent_to_log_in(self):
        for url in ("/my/emails", f"/my/emails/{self.thread.id}/{self.email.id}/body", "/my/messages"):
            answer = self.get(url)
            self.assertEqual(answer.status_code, 303)
            self.assertIn("/web/login", answer.headers["Location"])

    def test_the_token_of_a_file_opens_nothing(self):
        file = self.email.attachment_ids
        token = file._get_raw_access_token()
        self.log_in(self.ana_row)
        for url in (f"/web/content/{file.id}", f"/web/content/{file.id}?access_token={token}"):
            self.assertNotEqual(self.get(url).content, b"secret plan")

    def test_clients_have_no_access_but_by_the_pages(self):
        user = self.log_in(self.ana_row)
        conversation = self.env["escala.portal.conversation"]._reply_to_email(
            self.vineyard, user, self.email, "Yes", []
        )
        for record in (self.email, self.thread, conversation):
            with self.assertRaises(AccessError):
                record.with_user(user).read(["display_name"])
            with self.assertRaises(AccessError):
                record.with_user(user).search([])
        for message in (self.email.mail_message_id, conversation._get_shown_messages()):
            with self.assertRaises(AccessError):
                message.with_user(self.otto_row.login_id.user_id).read(["body"])
        with self.assertRaises(AccessError):
            conversation.with_user(user).message_post(body="x")


@tagged("post_install", "-at_install")
class TestPortalReply(PortalPagesCase):
    def conversation(self):
        return self.env["escala.portal.conversation"].search([("account_id", "=", self.vineyard.id)])

    def test_reply_reaches_the_firm_and_nobody_else(self):
        user = self.log_in(self.ana_row)
        mails = self.env["escala.email.outgoing"].search_count([])
        answer = self.post(
            f"/my/emails/{self.thread.id}/reply", [("plan.pdf", b"%PDF-1")], text="Yes, <b>please</b>\nAna"
        )
        self.assertEqual(answer.status_code, 303)
        conversation = self.conversation()
        self.assertEqual(conversation.sudo().email_id, self.email)
        self.assertEqual(conversation.user_id, self.owner)
        self.assertEqual(conversation.waiting_for, "firm")
        self.assertEqual(conversation.activity_ids.user_id, self.owner)
        message = conversation._get_shown_messages()
        self.assertEqual(message.author_id, user.partner_id)
        self.assertIn("&lt;b&gt;please&lt;/b&gt;", message.body)
        self.assertEqual(message.attachment_ids.raw, b"%PDF-1")
        self.assertEqual(message.notified_partner_ids, self.owner.partner_id)
        self.assertEqual(conversation.message_partner_ids, self.owner.partner_id)
        self.assertEqual(self.env["escala.email.outgoing"].search_count([]), mails)
        page = self.get(f"/my/emails/{self.thread.id}").text
        self.assertIn("&lt;b&gt;please&lt;/b&gt;", page)
        file = f"/my/messages/{conversation.id}/files/{message.attachment_ids.id}"
        self.assertIn(file, page)
        self.assertEqual(self.get(file).content, b"%PDF-1")
        [told] = self.email.with_user(self.salesperson).read_conversation()["portal_replies"]
        self.assertEqual((told["author"], told["conversation_id"]), ("Ana", conversation.id))
        self.assertIn("please", told["text"])
        self.post(f"/my/emails/{self.thread.id}/reply", text="And one more thing")
        self.assertEqual(len(self.conversation()), 1)

    def test_reply_to_what_others_may_not_read_is_not_shown_to_them(self):
        private = self.store(self.shared, "Jo <jo@adviser.example>", TEAM)
        jo = self.jo_row.login_id.user_id
        conversations = self.env["escala.portal.conversation"].sudo()
        conversation = conversations._reply_to_email(self.vineyard, jo, private, "Secret", [])
        for row, shown in ((self.jo_row, True), (self.ana_row, False), (self.jo_garage_row, False)):
            found = conversations.search(
                conversations._get_client_domain(row.account_id, row.login_id.user_id)
            )
            self.assertEqual(conversation in found, shown)

    def test_whoever_opens_the_page_has_read_all_answers_on_it_and_others_have_not(self):
        second = self.store(self.shared, "Otto <otto@vinedo.example>", TEAM, thread=self.thread)
        conversations = self.env["escala.portal.conversation"].sudo()
        ana, otto = self.ana_row.login_id.user_id, self.otto_row.login_id.user_id
        replies = [
            conversations._reply_to_email(self.vineyard, user, email, "Hello?", [])
            for user, email in ((ana, self.email), (otto, second))
        ]
        for conversation in replies:
            conversation.with_user(self.owner).message_post(
                body="Here", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        replies[0].read_by_ids = self.otto
        self.log_in(self.ana_row)
        self.get(f"/my/emails/{self.thread.id}")
        self.assertEqual([reply.read_by_ids for reply in replies], [self.otto | self.ana, self.ana])
        self.assertFalse(self.env["res.partner"].with_user(ana)._get_client_todos(self.vineyard))

    def test_what_is_refused_says_why_and_keeps_the_text(self):
        self.log_in(self.ana_row)
        url = f"/my/emails/{self.thread.id}/reply"
        page = self.post(url, [("run.exe", b"MZ")], text="My words").text
        self.assertIn("run.exe cannot be attached", page)
        self.assertIn("My words", page)
        self.assertIn("Write a message", self.post(url, text="  ").text)
        many = [(f"{number}.txt", b"x") for number in range(11)]
        self.assertIn("10 files at most", self.post(url, many, text="x").text)
        with patch.object(portal_message_form, "MAX_TOTAL_MEGABYTES", 1):
            two = [(f"{number}.txt", b"x" * 600_000) for number in range(2)]
            self.assertIn("too large together", self.post(url, two, text="x").text)
        self.assertFalse(self.conversation())

    def test_no_more_messages_are_taken_than_a_person_writes(self):
        self.log_in(self.ana_row)
        url = f"/my/emails/{self.thread.id}/reply"
        page = [self.post(url, text=f"Number {number}") for number in range(11)][-1].text
        self.assertIn("many messages in a minute", page)
        self.assertIn("Number 10", page)
        self.assertEqual(len(self.conversation()._get_shown_messages()), 10)

    def test_a_stale_tab_does_nothing(self):
        self.log_in(self.ana_row)
        self.post(f"/my/emails/{self.thread.id}/reply", account=str(self.garage.id), text="To the garage")
        accounts = (self.vineyard | self.garage).ids
        self.assertFalse(self.env["escala.portal.conversation"].search([("account_id", "in", accounts)]))


@tagged("post_install", "-at_install")
class TestPortalMessages(PortalPagesCase):
    def conversation(self):
        return self.env["escala.portal.conversation"].search([("account_id", "=", self.vineyard.id)])

    def test_client_writes_firm_answers_client_reads(self):
        self.log_in(self.ana_row)
        self.post("/my/messages/new", subject="Our  order", text="Where is it?")
        conversation = self.conversation()
        self.assertEqual((conversation.subject, conversation.waiting_for), ("Our order", "firm"))
        mails = self.env["mail.mail"].sudo().search([])
        conversation.with_user(self.owner).message_post(
            body="On its way", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        conversation.with_user(self.owner).message_post(body="Between us", subtype_xmlid="mail.mt_note")
        self.assertEqual(conversation.waiting_for, "client")
        self.assertFalse(conversation.activity_ids)
        sent = self.env["mail.mail"].sudo().search([]) - mails
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
        mails = self.env["mail.mail"].sudo().search([])
        conversation.message_post(
            body="Hello",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.otto.ids,
            author_id=self.owner.partner_id.id,
        )
        sent = self.env["mail.mail"].sudo().search([]) - mails
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
        sent = self.env["mail.mail"].sudo().search([("email_to", "ilike", self.jo_row.email)], limit=1)
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
        self.assertEqual(conversation.sudo()._get_shown_messages().author_id, self.ana)

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
