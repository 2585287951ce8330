"""The pages behind the link, and what becomes of open sessions, as a browser without any session meets them."""

import re
from datetime import timedelta
from unittest.mock import patch

from lxml import html
from requests.adapters import HTTPAdapter

from odoo import fields
from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests.common import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.escala_client_portal.models import res_users_access

from .test_invitation import InvitationCase
from .test_login import PASSWORD


class From(HTTPAdapter):
    """Connects from another of the machine's own addresses, as another computer would."""

    def __init__(self, address):
        self.address = address
        super().__init__()

    def init_poolmanager(self, *args, **kwargs):
        return super().init_poolmanager(*args, source_address=(self.address, 0), **kwargs)


@tagged("post_install", "-at_install")
class PageCase(InvitationCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.row = cls.give_access(cls.vineyard, cls.ana, "ana@correo.example", login=True)

    def invite(self):
        """Send an invitation; return the path of its link."""
        self.row.login_id._send_invitation()
        return f"/my/activate/{self.token_in(self.row)}"

    def setUp(self):
        super().setUp()
        self.visit()

    def visit(self):
        """Begin as a browser that has no session yet."""
        self.authenticate(None, None)

    def post(self, path, **values):
        values["csrf_token"] = Request.csrf_token(self)
        return self.url_open(path, data=values)

    def choose(self, path, password=PASSWORD, confirmation=None):
        return self.post(path, password=password, confirm_password=confirmation or password)

    def title(self, response):
        return " ".join(html.fromstring(response.text).xpath("string(//h1)").split())


@tagged("post_install", "-at_install")
class TestActivationPages(PageCase):
    def test_the_page_names_the_accounts_and_logs_in_with_the_chosen_password(self):
        self.give_access(self.garage, self.ana, "ana@correo.example", login=True)
        path = self.invite()
        page = self.url_open(path)
        self.assertEqual(self.title(page), "Activate your account")
        self.assertIn("Vineyard", page.text)
        self.assertIn("Garage", page.text)
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        answer = self.choose(path)
        self.assertRegex(answer.url, r"/my(/|$)")
        self.assertNotIn("/my/activate", answer.url)
        self.assertEqual(self.row.access_state, "active")
        self.assertIn("Ana", answer.text)

    def test_looking_at_the_page_uses_nothing_up(self):
        path = self.invite()
        for _time in range(3):
            self.assertEqual(self.title(self.url_open(path)), "Activate your account")

    def test_passwords_that_differ_are_said_and_the_link_stays(self):
        path = self.invite()
        page = self.choose(path, PASSWORD, "another one 3")
        self.assertIn("The two passwords are not the same", page.text)
        self.assertEqual(self.row.access_state, "pending")

    def test_a_password_that_the_policy_refuses_leaves_the_link_as_it_is(self):
        def _set_password(users):
            # As that of auth_password_policy, which need not be there.
            raise UserError(users.env._("At least 30 characters."))

        path = self.invite()
        with patch.object(self.env.registry["res.users"], "_set_password", _set_password):
            self.assertIn("At least 30 characters.", self.choose(path).text)
        self.assertEqual(self.row.access_state, "pending")
        self.assertEqual(self.title(self.url_open(path)), "Activate your account")

    def test_a_used_link_cannot_be_replayed(self):
        path = self.invite()
        self.choose(path)
        self.visit()
        for answer in (self.url_open(path), self.choose(path, "of a thief 1")):
            self.assertEqual(self.title(answer), "This link has been used")
            self.assertEqual(answer.status_code, 410)
        self.authenticate("ana@correo.example", PASSWORD)

    def test_who_has_failed_too_often_has_the_new_password_and_logs_in_later(self):
        path = self.invite()
        users = self.env.registry["res.users"]
        with patch.object(users, "_on_login_cooldown", lambda *_args: True), mute_logger("odoo.http"):
            answer = self.choose(path)
        self.assertEqual(self.title(answer), "Your password is saved")
        self.assertIn('href="/web/login"', answer.text)
        self.assertEqual(self.row.access_state, "active")
        self.authenticate("ana@correo.example", PASSWORD)

    def test_an_expired_link_asks_for_a_new_one_which_goes_to_the_address(self):
        path = self.invite()
        first = self.mail_of(self.row)
        self.link(self.token_in(self.row)).expires_on = fields.Datetime.now() - timedelta(days=1)
        self.assertEqual(self.title(self.choose(path)), "This link has expired")
        answer = self.post("/my/activate", token=path.rsplit("/", 1)[1])
        self.assertEqual(self.title(answer), "Look in your mailbox")
        self.assertNotEqual(self.mail_of(self.row), first)
        self.assertEqual(self.mail_of(self.row).email_to, "ana@correo.example")

    def test_a_link_whose_access_has_ended_is_like_one_that_never_was(self):
        path = self.invite()
        self.row.login = False
        ended, unknown = self.url_open(path), self.url_open("/my/activate/nonsense")
        self.assertEqual(self.title(ended), "This link is not valid")
        without_token = re.compile(r'csrf_token[^>]*value="[^"]*"|csrf_token: "[^"]*"')
        self.assertEqual(without_token.sub("", ended.text), without_token.sub("", unknown.text))

    def test_the_answer_is_the_same_whether_the_address_has_access(self):
        answers = [
            self.post("/my/activate", email=address)
            for address in ("ana@correo.example", "ana@vinedo.example", "nobody@nowhere.example")
        ]
        self.assertEqual(len({self.title(answer) for answer in answers}), 1)
        self.assertEqual(len({answer.status_code for answer in answers}), 1)
        self.assertEqual(self.mail_of(self.row).email_to, "ana@correo.example")
        self.assertFalse(self.env["mail.mail"].search([("email_to", "=", "ana@vinedo.example")]))

    def test_new_links_are_not_sent_as_often_as_one_likes(self):
        for _time in range(3):
            self.assertEqual(self.post("/my/activate", email="ana@correo.example").status_code, 200)
        answer = self.post("/my/activate", email="ana@correo.example")
        self.assertEqual((answer.status_code, self.title(answer)), (429, "Too many attempts"))

    def test_links_cannot_be_guessed_at_leisure(self):
        path = self.invite()
        for number in range(20):
            self.assertEqual(self.url_open(f"/my/activate/guess{number}").status_code, 410)
        self.assertEqual(self.url_open(path).status_code, 429)

    def test_a_new_password_that_is_asked_for_on_the_login_page_goes_to_the_address(self):
        self.activate(self.row)
        self.post("/web/reset_password", login="ana@correo.example")
        self.assertEqual(self.mail_of(self.row).email_to, "ana@correo.example")
        path = f"/my/activate/{self.token_in(self.row)}"
        self.assertEqual(self.title(self.url_open(path)), "Choose a new password")
        self.choose(path, "another one 3")
        self.visit()
        self.authenticate("ana@correo.example", "another one 3")

    @mute_logger("odoo.addons.base.models.res_users")
    def test_a_password_cannot_be_guessed_at_leisure_and_other_computers_are_not_shut_out(self):
        self.activate(self.row)
        # Odoo's own limit, by computer, is not what is tried here.
        self.env["ir.config_parameter"].set_param("base.login_cooldown_after", "0")
        self.guess(20)
        self.assertIn("Too many login failures", self.try_to_log_in().text)
        self.opener.mount("http://", From("127.0.0.2"))
        self.assertNotIn("/web/login", self.try_to_log_in().url)
        self.visit()
        self.opener.mount("http://", From("127.0.0.1"))
        later = fields.Datetime.now() + timedelta(minutes=16)
        with patch.object(fields.Datetime, "now", lambda: later):
            self.assertNotIn("/web/login", self.try_to_log_in().url)

    @mute_logger("odoo.addons.base.models.res_users")
    def test_a_password_cannot_be_guessed_at_leisure_from_many_computers(self):
        self.activate(self.row)
        self.env["ir.config_parameter"].set_param("base.login_cooldown_after", "0")
        self.patch(res_users_access, "LOGIN_FAILURES_EVERYWHERE", 6)
        for number in range(3):
            self.opener.mount("http://", From(f"127.0.0.{number + 2}"))
            self.guess(2)
        self.opener.mount("http://", From("127.0.0.1"))
        self.assertIn("Too many login failures", self.try_to_log_in().text)

    @mute_logger("odoo.addons.base.models.res_users")
    def test_guesses_elsewhere_do_not_shut_out_the_computer_that_the_address_logs_in_from(self):
        self.activate(self.row)
        self.env["ir.config_parameter"].set_param("base.login_cooldown_after", "0")
        self.patch(res_users_access, "LOGIN_FAILURES_EVERYWHERE", 6)
        # Odoo's tests do not note the devices that sessions are on
        self.authenticate(None, None, session_extra={"_trace_disable": False})
        self.assertNotIn("/web/login", self.try_to_log_in().url)
        for number in range(3):
            self.visit()
            self.opener.mount("http://", From(f"127.0.0.{number + 2}"))
            self.guess(2)
        self.assertIn("Too many login failures", self.try_to_log_in().text)
        self.visit()
        self.opener.mount("http://", From("127.0.0.1"))
        self.assertNotIn("/web/login", self.try_to_log_in().url)
        self.visit()
        self.guess(20)
        self.assertIn("Too many login failures", self.try_to_log_in().text)

    def guess(self, times):
        for number in range(times):
            self.try_to_log_in(f"guess {number}")
        # Odoo's own count by computer, which is in memory and would shut out the tests that come next
        self.addCleanup(self.env.registry._login_failures.clear)

    def try_to_log_in(self, password=PASSWORD):
        return self.post("/web/login", login="ana@correo.example", password=password)


@tagged("post_install", "-at_install")
class TestOpenSessions(PageCase):
    """What the session of somebody who is logged in sees after access was taken away."""

    def setUp(self):
        super().setUp()
        self.activate(self.row)
        self.authenticate("ana@correo.example", PASSWORD)

    def accounts_seen(self):
        """Return which of the accounts this session can read, as the web client does it."""
        ids = (self.vineyard | self.garage).ids
        domain = [("id", "in", ids)]
        answer = self.make_jsonrpc_request(
            "/web/dataset/call_kw/res.partner/search_read",
            {"model": "res.partner", "method": "search_read", "args": [domain, ["name"]], "kwargs": {}},
        )
        return {partner["name"] for partner in answer}

    def test_with_another_account_left_the_session_stays_and_sees_that_one_only(self):
        other = self.give_access(self.garage, self.ana, "ana@correo.example", login=True)
        self.assertEqual(self.accounts_seen(), set())  # none is chosen yet
        self.row.login = False
        self.assertEqual(self.accounts_seen(), {"Garage"})
        self.row.login = True
        other.login = False
        self.assertEqual(self.accounts_seen(), {"Vineyard"})

    def test_with_none_left_the_session_is_over(self):
        self.assertEqual(self.accounts_seen(), {"Vineyard"})
        self.row.login = False
        self.assertIn("/web/login", self.url_open("/my").url)

    def test_unlinking_archiving_and_deleting_end_it_as_well(self):
        for end in (
            self.row.unlink,
            lambda: setattr(self.vineyard, "active", False),
            self.ana._move_to_bin,
        ):
            with self.env.cr.savepoint() as savepoint:
                end()
                self.env.flush_all()
                self.assertIn("/web/login", self.url_open("/my").url)
                savepoint.rollback()
            self.env.invalidate_all()
            self.env.registry.clear_all_caches()
            self.authenticate("ana@correo.example", PASSWORD)
            self.assertNotIn("/web/login", self.url_open("/my").url)
