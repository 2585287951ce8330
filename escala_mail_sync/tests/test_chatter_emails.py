"""New e-mails among the messages of a contact's or lead's chatter, and what is to be answered in private."""

from odoo.tests import tagged

from odoo.addons.mail.tools.discuss import Store

from ..searching import make_tsvector
from .answer_case import AnswerCase


@tagged("post_install", "-at_install")
class TestChatterEmails(AnswerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.personal.visibility = "private"

    def make_email(self, mailbox, role="inbox", **values):
        return super().make_email(mailbox, role, **{"partner_ids": self.contact.ids, **values})

    def fetch(self, user=None, record=None, **options):
        """Return what the chatter asks for (mail/controllers/thread.py)."""
        self.env.invalidate_all()
        record = (record or self.contact).with_user(user or self.owner)
        return record.env["mail.message"]._message_fetch(None, thread=record, **options)

    def emails(self, user=None, record=None, **options):
        messages = self.fetch(user, record, **options)["messages"].sudo()
        return self.env["escala.email"].browse(m.res_id for m in messages if m.model == "escala.email")

    def shown(self, email, user=None):
        messages = email.with_user(user or self.owner).mail_message_id
        data = Store().add(messages).get_result()
        (values,) = [each for each in data["mail.message"] if each["id"] == messages.id]
        return values, data

    # ------------------------------------------------------------
    # MESSAGES
    # ------------------------------------------------------------

    def test_whoever_may_read_an_email_has_it_in_the_chatter(self):
        private, shared = self.make_email(self.personal), self.make_email(self.shared)
        self.assertEqual(self.emails(), shared + private)
        self.assertEqual(self.emails(self.colleague), shared)
        self.contact.hide_emails = True
        self.assertFalse(self.emails(self.colleague))
        self.assertEqual(self.emails(), shared + private)

    def test_without_the_right_to_the_tab_there_are_none(self):
        self.make_email(self.shared)
        self.env["res.config.settings"].create({"group_emails_tab": False}).execute()
        self.assertFalse(self.emails())

    def test_each_chatter_has_its_own(self):
        lead = self.make_lead(user_id=self.owner.id)
        of_lead = self.make_email(self.shared, partner_ids=[], lead_ids=lead.ids)
        of_contact = self.make_email(self.shared)
        self.assertEqual(self.emails(record=lead), of_lead)
        self.assertEqual(self.emails(), of_contact)
        self.assertFalse(self.emails(record=self.company))

    def test_history_and_what_was_posted_there_are_left_out(self):
        self.make_email(self.shared, is_history=True)
        self.make_email(self.shared, message_id="<posted@cliente.example>")
        posted = self.contact.message_post(body="Sí", message_id="<posted@cliente.example>")
        self.assertFalse(self.emails())
        self.assertIn(posted, self.fetch()["messages"])

    def test_pages_in_the_order_of_the_ids(self):
        messages = self.fetch()["messages"]
        for number in range(7):
            messages |= self.contact.message_post(body=f"<p>{number}</p>")
            messages |= self.make_email(self.shared).mail_message_id
        ids = sorted(messages.ids, reverse=True)
        self.assertEqual(self.fetch(limit=4)["messages"].ids, ids[:4])
        self.assertEqual(self.fetch(before=ids[3], limit=4)["messages"].ids, ids[4:8])
        self.assertEqual(self.fetch(after=ids[7], limit=4)["messages"].ids, ids[3:7])
        self.assertEqual(self.fetch(around=ids[5], limit=6)["messages"].ids, ids[2:8])

    def test_search_finds_what_the_user_may_read(self):
        words = make_tsvector({"subject": "Presupuesto zafiro"})
        private = self.make_email(self.personal, words=words)
        self.make_email(self.shared)
        found = self.fetch(search_term="zafiro")
        hidden = self.fetch(self.colleague, search_term="zafiro")
        self.assertEqual(found["count"], len(found["messages"]))
        self.assertEqual(hidden["count"], len(hidden["messages"]))
        self.assertIn(private.mail_message_id, found["messages"])
        self.assertFalse(hidden["messages"])

    def test_it_says_who_wrote_and_how_it_begins(self):
        email = self.make_email(self.shared, snippet="<b>Hola</b>", subject="Oferta")
        email.mail_message_id.body = '<p>Hola <img src="https://tracker.example/1.png"/></p>'
        values, data = self.shown(email)
        self.assertEqual(values["email_from"], "Ana")
        self.assertEqual(values["body"], ["markup", "&lt;b&gt;Hola&lt;/b&gt;"])
        self.assertEqual(
            values["synced_email"],
            {"id": email.id, "direction": "in", "subject": "Oferta", "mailboxes": ["team@nordica.example"]},
        )
        self.assertNotIn("tracker", str(data))

    def test_whose_mailbox_it_is_is_said_to_its_people_alone(self):
        email = self.make_email(self.shared)
        self.assertEqual(self.shown(email, self.colleague)[0]["synced_email"]["mailboxes"], [])

    def test_nothing_is_posted(self):
        before = self.contact.message_ids
        self.receive(self.shared)
        self.env.invalidate_all()
        self.assertEqual(self.contact.message_ids, before)

    # ------------------------------------------------------------
    # TO ANSWER
    # ------------------------------------------------------------

    def to_answer(self, user=None, record=None):
        self.env.invalidate_all()
        record = (record or self.contact).with_user(user or self.owner)
        store = Store()
        record._thread_to_store(store, [], request_list=["activities"])
        threads = store.get_result()["mail.thread"]
        return [email["id"] for thread in threads for email in thread.get("emailsToAnswer", [])]

    def test_the_owner_alone_is_told_what_is_to_be_answered_in_private(self):
        email = self.receive(self.personal)
        self.assertEqual(self.to_answer(), [email.id])
        for user in (self.colleague, self.manager, self.seller):
            self.assertEqual(self.to_answer(user), [])
        self.answers(email).with_user(self.owner).action_feedback()
        self.assertEqual(self.to_answer(), [])
        self.assertTrue(email.mailbox_message_ids.pending_seen)

    def test_what_is_asked_on_the_document_is_not_asked_twice(self):
        self.contact.user_id = self.owner
        self.receive(self.shared)
        self.assertTrue(self.contact.activity_ids)
        self.assertEqual(self.to_answer(), [])
