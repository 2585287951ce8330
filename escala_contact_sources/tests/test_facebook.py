"""Lead ads, from the webhook to the contact, against a stand-in of the Graph API."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Datetime
from odoo.tests.common import HttpCase, new_test_user, tagged
from odoo.tools import config

from setup import graph_server

from ..models.contact_source_facebook import BATCH, GRAPH_URL_OPTION
from .common import SourceMixin

ANA = {"full_name": ["Ana Ruiz"], "email": ["ana@vinedo.example"], "¿qué_necesita?": ["Un tejado"]}


@tagged("post_install", "-at_install")
class TestFacebook(SourceMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.graph = cls.enterClassContext(graph_server.running())
        cls.enterClassContext(patch.dict(config.options, {GRAPH_URL_OPTION: cls.graph.url}))
        cls.source.write(
            {
                "kind": "lead_ad",
                "app_secret": graph_server.APP_SECRET,
                "access_token": graph_server.ACCESS_TOKEN,
            }
        )

    def setUp(self):
        super().setUp()
        self.graph.leads = {"1001": dict(ANA)}
        self.graph.token, self.graph.is_down, self.graph.expires_at = graph_server.ACCESS_TOKEN, False, 0
        self.graph.error = None
        self.graph.asked.clear()

    def announce(self, *leadgen_ids, headers=None):
        body, signed = self.graph.announce(*leadgen_ids)
        answer = self.url_open(
            f"/escala/facebook/{self.source.token}", body, headers={**signed, **(headers or {})}
        )
        self.env.invalidate_all()
        return answer.status_code

    @property
    def submissions(self):
        return self.source.submission_ids.sorted("id")

    def test_the_webhook_is_verified(self):
        def ask(verify_token):
            parameters = {
                "hub.mode": "subscribe",
                "hub.challenge": "1158201444",
                "hub.verify_token": verify_token,
            }
            return self.url_open(f"/escala/facebook/{self.source.token}", params=parameters)

        answer = ask(self.source.verify_token)
        self.assertEqual((answer.status_code, answer.text), (200, "1158201444"))
        self.assertIn("text/plain", answer.headers["Content-Type"])
        self.assertEqual(ask("guessed").status_code, 403)

    def test_a_lead_becomes_a_contact_and_a_lead(self):
        self.assertEqual(self.announce("1001"), 200)
        self.assertEqual(self.submissions.state, "fetch")
        self.run_job()
        submission = self.submissions
        self.assertEqual((submission.state, submission.partner_id.name), ("done", "Ana Ruiz"))
        self.assertEqual(submission.registration_id.source, "lead_ad")
        self.assertIn("Un tejado", submission.lead_id.description)

    def test_announced_twice_it_is_one(self):
        self.announce("1001", "1001")
        self.run_job()
        self.announce("1001")
        self.assertEqual(self.submissions.mapped("state"), ["done"])

    def test_unsigned_forged_and_unreadable_messages_are_refused(self):
        self.assertEqual(self.announce("1001", headers={"X-Hub-Signature-256": "sha256=00"}), 403)
        self.assertEqual(
            self.announce("1001", headers={"X-Hub-Signature-256": "sha1=é".encode("latin-1")}), 403
        )
        self.assertEqual(self.announce("12/../me"), 200)  # what is no lead is left out
        body = b"[]"
        headers = {"X-Hub-Signature-256": self.graph.sign(body)}
        answer = self.url_open(f"/escala/facebook/{self.source.token}", body, headers=headers)
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.submissions)

    def test_while_facebook_is_down_it_is_asked_less_and_less_often(self):
        self.graph.is_down = True
        self.announce("1001")
        self.run_job()
        self.assertEqual(self.submissions.attempts, 1)
        self.assertIn("temporarily", self.submissions.error)
        self.run_job()
        self.assertEqual(self.submissions.attempts, 1)  # it is not time yet
        self.graph.is_down = False
        self.submissions.next_attempt_on = Datetime.now() - timedelta(seconds=1)
        self.run_job()
        self.assertEqual(self.submissions.state, "done")

    def test_a_lead_that_is_gone_has_failed_with_the_reason(self):
        self.announce("404")
        self.run_job()
        self.assertEqual(
            (self.submissions.state, self.submissions.error), ("failed", "Object does not exist")
        )
        self.graph.leads["404"] = dict(ANA)
        self.submissions.action_retry()
        self.run_job()
        self.assertEqual(self.submissions.state, "done")

    def test_with_an_expired_token_leads_wait_for_a_new_one(self):
        self.graph.token = "another"
        self.announce("1001")
        self.run_job()
        self.assertEqual((self.submissions.state, self.submissions.attempts), ("fetch", 0))
        self.assertIn("Session has expired", self.source.token_state)
        self.assertIn("until a new one is entered", self.source.message_ids[0].body)
        asked = len(self.graph.asked)
        self.run_job()
        self.assertEqual(len(self.graph.asked), asked)  # nobody asks with it any more
        self.source.access_token = "another"
        self.run_job()
        self.assertEqual(self.submissions.state, "done")

    def test_while_paused_leads_wait(self):
        self.source.paused = True
        self.assertEqual(self.announce("1001"), 200)
        self.run_job()
        self.assertEqual((self.submissions.state, self.graph.asked), ("fetch", []))
        job = self.env.ref("escala_contact_sources.ir_cron_fetch")
        triggers = [("cron_id", "=", job.id)]
        self.env["ir.cron.trigger"].search(triggers).unlink()
        self.source.action_pause()
        self.assertEqual(self.env["ir.cron.trigger"].search_count(triggers), 1)
        self.run_job()
        self.assertEqual(self.submissions.state, "done")

    def test_leads_that_wait_for_a_token_keep_no_others_waiting(self):
        without = self.source.copy({"kind": "lead_ad", "app_secret": graph_server.APP_SECRET})
        without._take_in_leads([str(number) for number in range(1, BATCH + 1)])
        self.announce("1001")
        self.run_job()
        self.assertEqual(self.submissions.state, "done")
        self.assertEqual(set(without.submission_ids.mapped("state")), {"fetch"})

    def test_an_answer_that_cannot_be_read_keeps_no_others_waiting(self):
        self.graph.leads = {"1": None, "1001": dict(ANA)}
        self.announce("1", "1001")
        self.run_job()
        self.assertEqual(self.submissions.mapped("state"), ["fetch", "done"])
        self.assertEqual(self.submissions[0].error, "Facebook's answer cannot be read")

    def test_an_error_in_another_shape_is_one_without_words(self):
        self.announce("1001")
        for number, error in enumerate(
            ({"message": ["?"], "code": 2}, {"message": {"?": 1}, "code": 2}, {"code": [190]}, {"code": {}}),
            1,
        ):
            self.graph.error = error
            self.submissions.next_attempt_on = False
            self.run_job()
            self.assertEqual(
                (self.submissions.attempts, self.submissions.error),
                (number, "Facebook refuses it without saying why"),
                error,
            )

    def test_followers_are_told_in_the_language_of_the_salesperson(self):
        self.seller.lang = "es_ES"
        self.graph.token = "another"
        self.announce("1001")
        self.run_job()
        self.assertIn("Facebook ya no acepta", self.source.message_ids[0].body)

    def test_the_end_of_the_token_is_told_in_words(self):
        self.graph.expires_at = int((Datetime.now() + timedelta(days=12, hours=1)).timestamp())
        self.env["contact.source"]._cron_check_tokens()
        self.assertEqual(self.source.token_state, "Expires in 12 days")

    def test_a_test_lead(self):
        with self.assertRaises(UserError):
            self.source.action_make_test_lead()
        self.source.form_id = "77"
        self.source.action_make_test_lead()
        self.announce("977")
        self.run_job()
        self.assertEqual(self.submissions.partner_id.email, "test.lead@example.com")

    def test_secrets_cannot_be_read(self):
        self.assertFalse(self.source.app_secret or self.source.access_token)
        manager = new_test_user(self.env, "mara-leads", groups="sales_team.group_sale_manager", lang="en_US")
        for name in ("app_secret_encrypted", "access_token_encrypted", "verify_token"):
            with self.assertRaises(AccessError):
                self.source.with_user(manager).read([name])
        with self.assertRaises(AccessError):
            self.source.with_user(self.env.ref("base.user_admin")).read(["access_token_encrypted"])

    def test_it_is_no_door_for_forms(self):
        self.assertEqual(
            self.url_open(f"/escala/register/{self.source.token}", {"email": "a@x.example"}).status_code, 404
        )
        self.assertEqual(self.url_open(f"/escala/form/{self.source.token}").status_code, 404)
