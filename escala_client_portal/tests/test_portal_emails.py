"""The page *E-mails* as clients open it, and what they get in other ways: nothing."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .portal_pages_case import PNG, TEAM, PortalPagesCase

BODY = (
    '<p onclick="x()">Hello</p><img src="https://elsewhere.example/pixel.png"><script>alert(1)</script>'
    '<img src="/web/image/%s">'
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
