"""What clients answer from the portal."""

from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.escala_client_portal.controllers import portal_message_form

from .portal_pages_case import TEAM, PortalPagesCase


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
        self.assertEqual(conversation.email_id, self.email)
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
        conversations = self.env["escala.portal.conversation"]
        conversation = conversations._reply_to_email(self.vineyard, jo, private, "Secret", [])
        for row, shown in ((self.jo_row, True), (self.ana_row, False), (self.jo_garage_row, False)):
            found = conversations.search(
                conversations._get_client_domain(row.account_id, row.login_id.user_id)
            )
            self.assertEqual(conversation in found, shown)

    def test_whoever_opens_the_page_has_read_all_answers_on_it_and_others_have_not(self):
        second = self.store(self.shared, "Otto <otto@vinedo.example>", TEAM, thread=self.thread)
        conversations = self.env["escala.portal.conversation"]
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
