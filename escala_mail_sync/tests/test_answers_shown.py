"""What the activity to answer an e-mail tells, and whom."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .answer_case import AnswerCase


@tagged("post_install", "-at_install")
class TestWhatAnswersShow(AnswerCase):
    words = {"subject": "Oferta <b>secreta</b>", "snippet": "precio <script>alert(1)</script>"}

    def seen_by(self, user, activity):
        """Return all that a user can get out of an activity, and of the chatter once it is done."""
        activity = activity.with_user(user)
        names = [
            name for name in activity._fields if activity._has_field_access(activity._fields[name], "read")
        ]
        shown = str(activity.read(names))
        shown += str(activity.activity_format())
        shown += str(self.contact.with_user(user).read(["activity_summary"]))
        activity.sudo().escala_email_id._handle_seen()
        return shown + str(self.contact.with_user(user).message_ids.mapped("body"))

    def test_subject_sender_and_beginning_of_an_email_in_a_shared_mailbox(self):
        self.contact.user_id = self.seller
        activity = self.answers(self.receive(self.shared, **self.words)).with_user(self.seller)
        self.assertEqual(activity.summary, "Oferta <b>secreta</b>")
        self.assertIn("ana@cliente.example", activity.note)
        self.assertIn("precio", activity.note)

    def test_words_of_strangers_are_text(self):
        self.contact.user_id = self.seller
        activity = self.answers(self.receive(self.shared, **self.words))
        self.assertNotIn("<script", activity.note)
        self.assertIn("&lt;script", activity.note)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.models")
    def test_private_email_is_asked_for_in_private(self):
        self.personal.visibility = "private"
        self.contact.user_id = self.seller
        activity = self.answers(self.receive(self.personal, **self.words))
        self.assertEqual((activity.user_id, activity.res_model, activity.res_id), (self.owner, False, 0))
        self.assertIn("secreta", activity.with_user(self.owner).summary)
        for user in (self.seller, self.colleague, self.manager):
            self.assertFalse(self.env["mail.activity"].with_user(user).search([("id", "=", activity.id)]))
            with self.assertRaises(AccessError):
                activity.with_user(user).read(["summary"])
        self.assertFalse(self.contact.activity_ids)
        activity.with_user(self.owner).user_id = self.seller
        self.assertEqual(activity.with_user(self.seller).summary, "Answer an e-mail")
        self.assertNotIn("precio", activity.with_user(self.seller).note)

    def test_private_email_is_done_in_private(self):
        self.personal.visibility = "private"
        email = self.receive(self.personal, **self.words)
        before = len(self.contact.message_ids)
        email._handle_seen()
        self.assertEqual(self.answers(email, with_done=True).state, "done")
        self.assertEqual(len(self.contact.message_ids), before)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.models")
    def test_which_email_it_is_is_told_to_who_may_read_it(self):
        activity = self.answers(self.receive(self.personal))
        activity.escala_email_id.partner_ids = False
        action = activity.with_user(self.owner).action_open_email()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("escala.email", activity.escala_email_id.id)
        )
        with self.assertRaises(AccessError):
            activity.with_user(self.colleague).action_open_email()
        with self.assertRaises(AccessError):
            activity.with_user(self.colleague).read(["escala_email_id"])
        with self.assertRaises(AccessError):
            self.env["mail.activity"].with_user(self.colleague).search(
                [("escala_email_id.subject", "like", "O")]
            )

    def test_note_leads_to_the_email(self):
        email = self.receive(self.personal)
        self.assertIn(f'href="/odoo/emails/{email.id}"', self.answers(email).note)

    def test_who_sees_the_contact_but_not_the_mailboxs_company_learns_nothing(self):
        self.env["res.company"].create({"name": "Other"})
        self.contact.user_id = self.seller
        activity = self.answers(self.receive(self.shared, **self.words))
        self.assertEqual(activity.summary, "Answer an e-mail")
        self.contact.company_id = self.shared.company_id
        activity = self.answers(self.receive(self.shared, **self.words))
        self.assertEqual(activity.summary, "Oferta <b>secreta</b>")

    def test_mailbox_that_becomes_private_takes_the_words_back(self):
        self.contact.user_id = self.seller
        email = self.receive(self.shared, **self.words)
        self.assertIn("secreta", self.answers(email).summary)
        self.shared.visibility = "private"
        activity = self.answers(email)
        self.assertEqual((activity.res_model, activity.user_id), (False, self.shared.member_ids[:1]))
        self.assertFalse(self.contact.activity_ids)
