"""Replies to what Odoo sent are posted where it was sent from, by people whom it was sent to, once."""

from email.message import EmailMessage

from odoo import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .answer_case import AnswerCase


@tagged("post_install", "-at_install")
class TestReplies(AnswerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.make_lead(cls)
        cls.sent = cls.post(cls, cls.lead, partner_ids=cls.contact.ids)

    def post(self, record, **values):
        """Write to somebody from a document, as the composer does."""
        return record.message_post(
            body="¿Le va bien el jueves?", message_type="comment", subtype_xmlid="mail.mt_comment", **values
        )

    def reply(self, sent, mailbox=None, **values):
        return self.receive(
            mailbox or self.personal,
            **{
                "message_id": "<r@cliente.example>",
                "in_reply_to": sent.message_id,
                "references": sent.message_id,
                **values,
            },
        )

    def posted(self, record=None):
        """Return what came by e-mail on a document."""
        return (record or self.lead).message_ids.filtered(lambda message: message.message_type == "email")

    def as_received(self, email, sender="Ana <ana@cliente.example>"):
        """Return the message as the mail gateway gets it."""
        raw = EmailMessage()
        raw["From"], raw["To"], raw["Subject"] = sender, "catchall@nordica.example", "Re: Obra"
        raw["Message-ID"], raw["In-Reply-To"] = email.message_id, email.in_reply_to
        raw.set_content("Sí")
        return raw.as_bytes()

    def test_posted_on_the_document_as_the_gateway_would(self):
        email = self.reply(self.sent)
        message = self.posted()
        self.assertEqual(message.author_id, self.contact)
        self.assertEqual(message.email_from, "ana@cliente.example")
        self.assertEqual(message.message_id, "<r@cliente.example>")
        self.assertEqual(message.parent_id, self.sent)
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertEqual(message.subject, "Oferta")
        self.assertIn("confidential", message.body)
        self.assertEqual(email.partner_ids, self.contact)
        self.assertTrue(self.answers(email))

    def test_document_gets_files_of_its_own(self):
        email = self.make_email(self.personal, partner_ids=self.contact.ids)
        original = email.attachment_ids
        email.write({"in_reply_to": self.sent.message_id, "references": self.sent.message_id})
        email.mail_message_id.body = f'<p>Ver <img src="/web/image/{original.id}"></p>'
        email._handle_received(self.personal)
        copy = self.posted().attachment_ids
        self.assertEqual((copy.res_model, copy.res_id), ("crm.lead", self.lead.id))
        self.assertEqual(copy.raw, b"secret plan")
        self.assertNotEqual(copy, original)
        self.assertIn(f"/web/image/{copy.id}?access_token={copy.access_token}", self.posted().body)
        self.assertEqual((original.res_model, original.res_id), ("escala.email", email.id))

    def test_a_number_that_is_too_long_keeps_no_reply_back(self):
        email = self.make_email(self.personal, partner_ids=self.contact.ids)
        email.write({"in_reply_to": self.sent.message_id, "references": self.sent.message_id})
        email.mail_message_id.body = '<p>Ver <img src="/web/image/' + "1" * 5000 + '"></p>'
        email._handle_received(self.personal)
        self.assertIn("Ver", self.posted().body)

    def test_who_sees_the_document_sees_the_reply_and_not_the_email(self):
        self.personal.visibility = "private"
        email = self.reply(self.sent)
        message = self.posted().with_user(self.seller)
        self.assertIn("confidential", message.read(["body"])[0]["body"])
        self.assertEqual(message.attachment_ids.read(["raw"])[0]["raw"], b"secret plan")
        self.assertFalse(email.with_user(self.seller).search([("id", "=", email.id)]))

    def test_gateway_comes_second(self):
        email = self.reply(self.sent)
        self.env["mail.thread"].message_process("crm.lead", self.as_received(email))
        self.assertEqual(len(self.posted()), 1)

    def test_gateway_comes_first(self):
        email = self.make_email(self.personal, message_id="<r@cliente.example>")
        email.write({"in_reply_to": self.sent.message_id, "references": self.sent.message_id})
        self.env["mail.thread"].message_process("crm.lead", self.as_received(email))
        self.assertEqual(len(self.posted()), 1)
        email._handle_received(self.personal)
        self.assertEqual(len(self.posted()), 1)

    def test_two_with_one_message_id_are_posted_once(self):
        self.reply(self.sent)
        self.reply(self.sent, self.shared)
        self.assertEqual(len(self.posted()), 1)

    def test_those_without_a_message_id_are_all_posted(self):
        emails = self.env["escala.email"]
        for _number in range(2):
            emails |= self.make_email(
                self.personal,
                message_id="",
                in_reply_to=self.sent.message_id,
                references=self.sent.message_id,
            )
        emails._handle_received(self.personal)
        self.assertEqual(len(set(self.posted().mapped("message_id"))), 2)

    def test_named_anywhere_in_references(self):
        self.reply(
            self.sent,
            in_reply_to="<other@cliente.example>",
            references=f"{self.sent.message_id} <other@cliente.example>",
        )
        self.assertEqual(self.posted().parent_id, self.sent)

    def test_latest_of_several_documents(self):
        other = self.make_lead()
        later = self.post(other, partner_ids=self.contact.ids)
        self.reply(later, references=f"{self.sent.message_id} {later.message_id}")
        self.assertTrue(self.posted(other))
        self.assertFalse(self.posted())

    def test_whoever_odoo_wrote_to_may_answer(self):
        self.contact.alternative_email_ids = [Command.create({"email": "ana@casa.example"})]
        by_address = self.post(self.company, outgoing_email_to="Obras <obras@cliente.example>")
        of_document = self.post(self.make_lead(partner_id=False, email_from="vera@nueva.example"))
        followed = self.make_lead(partner_id=False)
        follower = self.env["res.partner"].create({"name": "Otto", "email": "otto@cliente.example"})
        followed.message_subscribe(follower.ids)
        for why, sent, sender in (
            ("from another address of the contact", self.sent, "ana@casa.example"),
            ("written to by address", by_address, "obras@cliente.example"),
            ("customer of the document", of_document, "vera@nueva.example"),
            ("follower", self.post(followed), "otto@cliente.example"),
        ):
            with self.subTest(why):
                self.reply(sent, sender_email=sender, message_id=f"<{sender}>")
                message = self.posted(self.env[sent.model].browse(sent.res_id))
                self.assertEqual(message.message_id, f"<{sender}>")

    def test_stranger_who_names_odoos_message_reaches_nothing(self):
        before = self.lead.message_ids
        email = self.reply(self.sent, sender_email="thief@evil.example")
        self.assertEqual(self.lead.message_ids, before)
        self.assertFalse(email.lead_ids)

    def test_what_is_not_posted(self):
        foreign = self.lead.message_post(body="x", message_type="email", message_id="<x@cliente.example>")
        apart = self.post(self.lead, partner_ids=self.contact.ids, reply_to_force_new=True)
        loop = "<1-loop-detection-bounce-email@host>"
        for why, sent, values in (
            ("automatic", self.sent, {"is_automatic": True}),
            ("history", self.sent, {"is_history": True}),
            ("sent", self.sent, {"direction": "out"}),
            ("answer to Odoo's complaint", self.sent, {"references": f"{self.sent.message_id} {loop}"}),
            ("names what Odoo received", foreign, {}),
            ("answers are to start something new", apart, {}),
        ):
            before = self.posted()
            with self.subTest(why):
                self.reply(sent, **values)
                self.assertEqual(self.posted(), before)
        self.personal.link_to_crm = False
        self.reply(self.sent)
        self.assertEqual(self.posted(), foreign)

    def test_document_is_gone(self):
        lead_id = self.lead.id
        self.env.cr.execute("DELETE FROM crm_lead WHERE id = %s", [lead_id])
        self.env.invalidate_all()
        with self.assertNoLogs("odoo.addons.escala_mail_sync", "ERROR"):
            self.assertTrue(self.reply(self.sent).exists())

    def test_flood_of_one_sender_is_held_back(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 3)
        for number in range(5):
            self.reply(self.sent, message_id=f"<{number}@cliente.example>")
        self.assertEqual(len(self.posted()), 3)

    def test_document_that_refuses_keeps_no_other_from_its_reply(self):
        other = self.make_lead()
        other_sent = self.post(other, partner_ids=self.contact.ids)
        refused = self.lead

        def update(lead, msg_dict, update_vals=None):
            if lead == refused:
                raise ValueError("closed")
            return original(lead, msg_dict, update_vals)

        original = self.registry["crm.lead"].message_update
        self.patch(self.registry["crm.lead"], "message_update", update)
        emails = self.env["escala.email"]
        for sent in (self.sent, other_sent):
            emails |= self.make_email(
                self.personal,
                partner_ids=self.contact.ids,
                message_id=f"<{sent.id}@cliente.example>",
                in_reply_to=sent.message_id,
                references=sent.message_id,
            )
        with mute_logger("odoo.addons.escala_mail_sync.models.escala_email_reply"):
            emails._handle_received(self.personal)
        self.assertFalse(self.posted())
        self.assertTrue(self.posted(other))
        self.assertEqual(len(self.answers(emails)), 2)

    def test_followers_are_told_by_the_queue(self):
        """No mailbox waits for a mail server."""
        user = new_test_user(
            self.env, "follower", "sales_team.group_sale_salesman_all_leads", email="f@nordica.example"
        )
        self.lead.message_subscribe(user.partner_id.ids)
        cron = self.env.ref("mail.ir_cron_mail_scheduler_action")
        self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()
        self.reply(self.sent)
        mail = self.env["mail.mail"].search([("mail_message_id", "=", self.posted().id)])
        self.assertIn(user.partner_id, mail.recipient_ids)
        self.assertEqual(mail.state, "outgoing")
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))

    def test_finding_them_costs_the_same_for_many(self):
        def count(number):
            emails = self.env["escala.email"]
            for index in range(number):
                lead = self.make_lead()
                sent = self.post(lead, partner_ids=self.contact.ids)
                emails |= self.make_email(
                    self.personal,
                    message_id=f"<{number}.{index}@cliente.example>",
                    in_reply_to=sent.message_id,
                    references=sent.message_id,
                )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(emails._find_replies()), number)
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertEqual(count(3), count(30))
