from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ..imap.errors import MailboxError
from ..models.escala_mailbox_schedule import CHECK_REGARDLESS, JITTER, LONGEST_RETRY, RED_AFTER
from .common import MailboxCase

NOON = datetime(2026, 10, 5, 12)


@tagged("post_install", "-at_install")
class TestMailboxSchedule(MailboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.device.log"].search([]).unlink()
        cls.env["mail.presence"].search([]).unlink()
        (cls.personal | cls.shared).write({"state": "connected", "next_check": NOON})
        cls.startClassPatcher(freeze_time(NOON))

    def due(self):
        mailboxes = self.personal | self.shared
        return mailboxes & self.env["escala.mailbox"].search(self.env["escala.mailbox"]._due_domain())

    def be_there(self, user, ago=timedelta(0)):
        self.env["mail.presence"].create({"user_id": user.id, "last_poll": NOON - ago})

    def work(self, user, ago=timedelta(0)):
        self.env["res.device.log"].create(
            {"session_identifier": "x" * 42, "user_id": user.id, "last_activity": NOON - ago}
        )

    def test_shared_mailbox_is_checked_at_its_interval_whoever_is_there(self):
        self.assertEqual(self.due(), self.shared)
        for interval in ("2", "5", "10", "60", "180", "720"):
            self.shared.check_interval = interval
            self.assertEqual(self.shared._get_interval(), timedelta(minutes=int(interval)))

    def test_personal_mailbox_is_checked_while_its_owner_is_there(self):
        self.be_there(self.owner)
        self.assertEqual(self.due(), self.personal | self.shared)
        self.assertEqual(self.personal._get_interval(), timedelta(minutes=10))

    def test_request_of_the_owner_counts_as_being_there(self):
        self.work(self.owner, timedelta(minutes=50))
        self.assertIn(self.personal, self.due())

    def test_personal_mailbox_is_checked_once_a_day_while_others_are_there(self):
        self.be_there(self.colleague)
        self.assertNotIn(self.personal, self.due())
        self.personal.next_check = NOON - timedelta(hours=23)
        self.assertNotIn(self.personal, self.due())
        self.personal.next_check = NOON - timedelta(hours=24)
        self.assertIn(self.personal, self.due())

    def test_personal_mailbox_is_not_checked_while_nobody_uses_the_database(self):
        self.work(self.owner, timedelta(days=4))
        self.personal.next_check = NOON - timedelta(days=2)
        self.assertNotIn(self.personal, self.due())

    def test_portal_user_does_not_count(self):
        portal = self.env["res.users"].create(
            {"name": "P", "login": "p", "group_ids": self.env.ref("base.group_portal").ids}
        )
        self.be_there(portal)
        self.personal.next_check = NOON - timedelta(days=2)
        self.assertNotIn(self.personal, self.due())

    def test_setting_to_check_regardless(self):
        self.env["res.config.settings"].create({"mailbox_check_regardless": True}).execute()
        self.assertTrue(self.env["ir.config_parameter"].get_param(CHECK_REGARDLESS))
        self.assertIn(self.personal, self.due())

    def test_sync_now_is_not_put_off(self):
        self.personal.next_check = NOON + timedelta(hours=1)
        self.personal.with_user(self.owner).action_sync_now()
        self.assertIn(self.personal, self.due())

    def test_clock_that_was_ahead_stops_nothing(self):
        self.shared.next_check = NOON + timedelta(days=400)
        self.assertIn(self.shared, self.due())

    def test_claimed_mailbox_is_due_one_interval_later(self):
        self.env["escala.mailbox"].search([("id", "!=", self.shared.id)]).next_check = False
        with patch.object(type(self.shared), "_commit", lambda *_arguments: 60.0):
            self.assertEqual(self.env["escala.mailbox"]._claim_due(), self.shared)
            self.assertEqual(self.shared.next_check, NOON + timedelta(minutes=10))
            self.assertFalse(self.env["escala.mailbox"]._claim_due())

    def test_network_failures_are_retried_later_and_later_with_jitter(self):
        delays = []
        for failures in range(12):
            self.shared._set_error(MailboxError("timeout"))
            delays.append(self.shared.next_check - NOON)
            self.assertEqual(self.shared.failures, failures + 1)
        self.assertLessEqual(delays[0], timedelta(minutes=2) * (1 + JITTER))
        self.assertGreater(delays[3], delays[0] * 2)
        self.assertLessEqual(max(delays), LONGEST_RETRY * (1 + JITTER))
        self.assertGreater(len(set(delays[6:])), 1)
        self.assertEqual(self.shared.state, "connected")
        self.assertTrue(self.shared.last_error)

    def test_network_failure_of_a_day_turns_red_tells_the_owner_and_goes_on(self):
        self.personal._set_error(MailboxError("timeout"))
        for hours in (23, 25, 26):
            with freeze_time(NOON + timedelta(hours=hours)):
                self.personal._set_error(MailboxError("timeout"))
                self.assertEqual(self.personal.state, "error" if hours > 24 else "connected")
                self.assertGreater(self.personal.next_check, fields.Datetime.now())
        self.assertEqual(RED_AFTER, timedelta(days=1))
        self.assertEqual(len(self.find_notices()), 1)

    def test_refused_password_turns_red_at_once_stops_and_tells_the_owner(self):
        self.personal._set_error(MailboxError("wrong_password", "AUTHENTICATIONFAILED"))
        self.assertEqual(self.personal.state, "error")
        self.assertFalse(self.personal.next_check)
        [notice] = self.find_notices()
        self.assertEqual(notice.notified_partner_ids, self.owner.partner_id)
        self.assertIn(f'href="/odoo/mailboxes/{self.personal.id}"', notice.body)
        self.personal._set_error(MailboxError("wrong_password", "AUTHENTICATIONFAILED"))
        self.assertEqual(len(self.find_notices()), 1)

    def test_success_forgets_the_failures(self):
        self.shared._set_error(MailboxError("timeout"))
        self.shared.write(self.shared._prepare_success_values())
        self.assertEqual((self.shared.failures, self.shared.failing_since), (0, False))
        self.assertFalse(self.shared.last_error)

    def find_notices(self):
        return self.env["mail.message"].search(
            [("model", "=", "escala.mailbox"), ("res_id", "=", self.personal.id)]
        )
