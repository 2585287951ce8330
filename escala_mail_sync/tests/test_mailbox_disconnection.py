"""Disconnecting asks: keep what came in, or remove it; and what neither the one nor the other touches."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models import escala_mailbox_disconnection
from .common import MailboxCase

MUTED = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.models")


@tagged("post_install", "-at_install")
class TestDisconnection(MailboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.personal | cls.shared).write({"state": "connected", "next_check": "2026-01-01"})

    def disconnect(self, mailbox, user, emails=None):
        """By the dialog that the button opens; left as it is unless `emails` is given."""
        action = mailbox.with_user(user).action_ask_disconnect()
        with Form(self.env[action["res_model"]].with_user(user).with_context(**action["context"])) as form:
            if emails:
                form.emails = emails
        form.record.action_disconnect()
        return form.record

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("escala_mail_sync.ir_cron_remove").method_direct_trigger()

    def make_lead(self, email, **values):
        """Make a lead as the synchronisation does."""
        lead = self.env["crm.lead"].create({"name": "Oferta", **values})
        email.lead_ids = lead
        self.env.flush_all()
        self.env["escala.lead.origin"]._record([(lead.id, email.id)])
        return lead

    def test_unless_told_otherwise_what_came_in_stays(self):
        email = self.make_email(self.personal)
        wizard = self.disconnect(self.personal, self.owner)
        self.assertEqual(wizard.email_count, 1)
        self.assertEqual((self.personal.state, self.personal.next_check), ("draft", False))
        self.assertTrue(email.with_user(self.owner).read(["subject"]))

    def test_what_came_in_can_be_removed(self):
        email = self.make_email(self.personal)
        message, files, copy = email.mail_message_id, email.attachment_ids, email.mailbox_message_ids
        self.disconnect(self.personal, self.owner, "remove")
        self.assertFalse(email.exists() or message.exists() or files.exists())
        self.assertEqual(copy.state, "discarded")
        self.assertEqual((self.personal.state, self.personal.removal_requested), ("draft", True))
        self.run_cron()
        self.assertFalse(self.personal.removal_requested)

    def test_what_came_in_can_be_removed_later(self):
        email = self.make_email(self.personal)
        self.disconnect(self.personal, self.owner, "keep")
        self.assertTrue(email.exists())
        self.disconnect(self.personal, self.owner)
        self.assertFalse(email.exists())
        self.assertTrue(self.personal.removal_requested)

    def test_another_user_does_not_remove_what_came_in(self):
        email = self.make_email(self.personal)
        self.disconnect(self.personal, self.owner, "keep")
        with mute_logger(*MUTED), self.assertRaises(AccessError):
            self.disconnect(self.personal, self.colleague)
        self.assertTrue(email.exists())

    def test_what_another_mailbox_has_too_stays_there(self):
        email = self.make_email(self.personal)
        kept = self.add_copy(email, self.shared)
        self.disconnect(self.personal, self.owner, "remove")
        self.assertEqual(email.mailbox_message_ids.filtered("email_id"), kept)

    def test_what_is_in_quarantine_goes_with_its_bytes(self):
        copy = self.add_copy(
            self.make_email(self.shared), self.personal, email_id=False, state="quarantined", raw=b"c2VjcmV0"
        )
        self.disconnect(self.personal, self.owner, "remove")
        self.assertEqual((copy.state, copy.raw), ("discarded", False))

    def test_leads_that_nobody_has_touched_go_and_others_stay(self):
        untouched, touched, elsewhere = (self.make_email(self.personal) for _each in range(3))
        lead = self.make_lead(untouched)
        worked_on = self.make_lead(touched, user_id=self.owner.id)
        worked_on.with_user(self.owner).description = "Called back"
        talked_of = self.make_lead(elsewhere)
        self.make_email(self.shared, lead_ids=talked_of.ids)
        self.disconnect(self.personal, self.owner, "remove")
        self.assertFalse(lead.exists())
        self.assertEqual((worked_on | talked_of).exists(), worked_on | talked_of)

    def test_much_goes_in_the_background(self):
        emails = self.env["escala.email"].union(*(self.make_email(self.personal) for _each in range(5)))
        cron = self.env.ref("escala_mail_sync.ir_cron_remove")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        with patch.object(escala_mailbox_disconnection, "REMOVED_AT_ONCE", 2):
            self.disconnect(self.personal, self.owner, "remove")
            self.assertEqual(len(emails.exists()), 3)
            self.assertTrue(self.personal.removal_requested)
            self.assertEqual(
                self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), before + 1
            )
            with self.assertRaisesRegex(UserError, "still being removed"):
                self.personal.with_user(self.owner).action_connect()
            self.run_cron()
        self.assertFalse(emails.exists())
        self.assertFalse(self.personal.removal_requested)

    def test_managers_disconnect_any_and_it_is_logged(self):
        email = self.make_email(self.personal)
        self.disconnect(self.personal, self.manager)
        self.assertTrue(email.exists())
        self.personal.state = "connected"
        self.disconnect(self.personal, self.manager, "remove")
        self.assertFalse(email.exists())
        lines = self.env["escala.mailbox.log"].with_user(self.manager).search([])
        self.assertEqual(lines.mapped("action"), ["removal", "disconnected"])
        self.assertEqual(lines.user_id, self.manager)
        self.assertEqual(lines.from_user_id, self.owner)
        self.assertEqual(lines[0].email_count, 1)

    @mute_logger(*MUTED)
    def test_nobody_else_does(self):
        email = self.make_email(self.shared)
        for mailbox, user in (
            (self.personal, self.colleague),
            (self.shared, self.colleague),
            (self.shared, self.owner),
        ):
            for method in ("action_disconnect", "action_disconnect_and_remove"):
                with self.assertRaises(AccessError):
                    getattr(mailbox.with_user(user), method)()
            with self.assertRaises(AccessError):
                self.disconnect(mailbox, user, "remove")
        self.assertTrue(email.exists())
        self.assertEqual(self.shared.state, "connected")

    @mute_logger(*MUTED)
    def test_nobody_writes_that_e_mails_be_removed(self):
        with self.assertRaises(AccessError):
            self.personal.with_user(self.owner).removal_requested = True

    def test_another_address_keeps_the_old_mail(self):
        email = self.make_email(self.personal)
        self.personal.with_user(self.owner).write(
            {"email": "new@nordica.example", "imap_host": "imap2.nordica.example", "imap_password": "x"}
        )
        self.assertTrue(email.with_user(self.owner).read(["subject"]))
        self.assertEqual(self.personal.state, "draft")
