"""A client of several accounts chooses one, sees which it is in, switches, and never sees two at once."""

import re

from lxml import html

from odoo.tests.common import HttpCase, tagged

from odoo.addons.escala_client_portal.models.ir_rule import NOBODY
from odoo.addons.escala_client_portal.models.res_users import SESSION_KEY

from .common import ClientPortalCase

PASSWORD = "client-of-many"


class PortalCase(ClientPortalCase, HttpCase):
    """Otto is on the vineyard and on the garage; the bakery is somebody else's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bakery = cls.account("Bakery")
        (cls.otto | cls.ana).lang = "en_US"
        cls.at_vineyard = cls.give_access(cls.vineyard, cls.otto, login=True)
        cls.at_garage = cls.give_access(cls.garage, cls.otto, login=True)
        cls.user = cls.at_vineyard.login_id.user_id
        cls.user.password = PASSWORD

    def log_in(self, user=None):
        user = user or self.user
        page = self.url_open("/web/login")
        values = {"login": user.login, "password": PASSWORD, "csrf_token": self.token(page)}
        return self.url_open("/web/login", data=values)

    def token(self, page):
        return re.search(r'csrf_token"? value="([^"]+)"', page.text).group(1)

    def post(self, url, **values):
        page = self.url_open("/my/choose-account")
        return self.url_open(url, data={"csrf_token": self.token(page), **values})

    def enter(self, account, **values):
        return self.post("/my/account/switch", account_id=account.id, **values)

    def text(self, page, selector="//main"):
        return " ".join(" ".join(part.text_content().split()) for part in html.fromstring(page.text).xpath(selector))

    def call(self, model, method, *args, **kwargs):
        values = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.make_jsonrpc_request(f"/web/dataset/call_kw/{model}/{method}", values)


@tagged("post_install", "-at_install")
class TestPortalAccount(PortalCase):
    def test_after_the_login_a_window_asks_for_the_account(self):
        page = self.log_in()
        window = self.text(page, "//div[@role='dialog'][@aria-modal='true']")
        self.assertIn("Which account do you want to see?", window)
        self.assertIn("Vineyard", window)
        self.assertIn("Garage", window)
        self.assertNotIn("Bakery", window)

    def test_other_pages_wait_for_the_choice_and_come_after_it(self):
        self.log_in()
        page = self.url_open("/my/addresses")
        self.assertIn("/my/choose-account", page.url)
        self.assertIn("Which account do you want to see?", self.text(page))
        page = self.enter(self.garage, redirect="/my/addresses")
        self.assertTrue(page.url.endswith("/my/addresses"))

    def test_a_client_of_one_account_is_asked_nothing(self):
        self.at_garage.login = False
        page = self.log_in()
        self.assertNotIn("Which account", page.text)
        self.assertNotIn("Switch account", page.text)
        self.assertIn("Vineyard", self.text(page))

    def test_a_bar_names_the_account_until_it_is_closed_and_again_after_the_next_login(self):
        bar = "//div[contains(@class, 'o_client_account_bar')]"
        self.log_in()
        page = self.enter(self.garage)
        self.assertIn("You are in the account Garage", self.text(page, bar))
        self.assertIn("Switch account", self.text(page, bar))
        page = self.post("/my/account/hide-bar")
        self.assertFalse(self.text(page, bar))
        self.assertIn("Switch account", self.text(page))  # in the sidebar
        self.url_open("/web/session/logout")
        self.log_in()
        self.assertIn("Vineyard", self.text(self.enter(self.vineyard), bar))

    def test_the_next_login_on_the_same_browser_begins_without_a_choice(self):
        self.log_in()
        self.enter(self.garage)
        self.assertIn("Which account", self.log_in().text)

    def test_nobody_enters_an_account_that_is_not_theirs(self):
        self.log_in()
        self.enter(self.garage)
        for other in (self.bakery.id, "0", "", "x", self.otto.id):
            with self.subTest(other):
                page = self.post("/my/account/switch", account_id=other)
                self.assertNotIn("Bakery", page.text)
                self.assertIn("Garage", self.text(self.url_open("/my")))

    def test_switching_takes_a_token_and_leads_to_this_site_only(self):
        self.log_in()
        page = self.url_open("/my/account/switch", data={"account_id": self.garage.id})
        self.assertEqual(page.status_code, 400)
        self.assertIn("Which account", self.url_open("/my").text)
        page = self.enter(self.garage, redirect="//elsewhere.example/my")
        self.assertTrue(page.url.startswith(self.base_url()))

    def test_access_that_is_taken_away_ends_with_the_next_click(self):
        self.log_in()
        self.enter(self.garage)
        self.at_garage.login = False
        for url in ("/my", "/my/addresses"):
            with self.subTest(url):
                text = self.text(self.url_open(url))
                self.assertIn("You no longer have access to Garage", text)
                self.assertIn("Vineyard", text)
        self.assertFalse(self.call("res.partner", "search", [("id", "in", (self.garage | self.vineyard).ids)]))
        self.assertIn("Vineyard", self.text(self.enter(self.vineyard)))

    def test_when_the_last_account_is_lost_the_session_ends(self):
        self.log_in()
        self.enter(self.garage)
        (self.at_garage | self.at_vineyard).login = False
        self.assertIn("/web/login", self.url_open("/my").url)

    def test_an_account_in_the_bin_is_left_out(self):
        self.garage.deletion_date = "2026-01-01"
        self.assertEqual(self.user._get_client_accounts(), self.vineyard)

    def test_rpc_reads_the_active_account_and_oneself_only(self):
        partners = self.vineyard | self.garage | self.bakery | self.otto | self.ana
        domain = [("id", "in", partners.ids)]
        self.log_in()
        self.assertEqual(self.call("res.partner", "search", domain), self.otto.ids)
        for account, other in ((self.vineyard, self.garage), (self.garage, self.vineyard)):
            self.enter(account)
            found = self.call("res.partner", "search", domain)
            self.assertCountEqual(found, (account | self.otto).ids)
            forged = {"context": {SESSION_KEY: other.id, "escala_seen_from_account": other.id}}
            self.assertCountEqual(self.call("res.partner", "search", domain, **forged), found)

    def test_the_cards_of_home_are_those_of_the_account(self):
        self.log_in()
        self.enter(self.garage)
        session = self.session
        self.make_jsonrpc_request("/my/counters", {"counters": []})
        page = self.enter(self.vineyard)
        self.assertIn("Nothing is waiting for you.", self.text(page))
        self.assertFalse(session.get("portal_counters"))

    def test_messages_are_read_on_the_account_that_they_are_about(self):
        kind = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        got = self.garage.message_post(body="for Otto", partner_ids=self.otto.ids, **kind)
        written = self.garage.message_post(body="by Otto", author_id=self.otto.id, **kind)
        domain = [("id", "in", (got | written).ids)]
        self.log_in()
        self.enter(self.vineyard)
        self.assertFalse(self.call("mail.message", "search", domain))
        with self.assertRaises(Exception):
            self.call("mail.message", "read", got.ids, ["body"])
        self.enter(self.garage)
        self.assertCountEqual(self.call("mail.message", "search", domain), (got | written).ids)


@tagged("post_install", "-at_install")
class TestPortalAddresses(PortalCase):
    def test_own_details_are_changed_and_no_company(self):
        self.vineyard.write({"street": "Camino Real 1", "city": "Haro", "country_id": self.env.ref("base.es").id})
        self.otto.parent_id = self.vineyard
        self.log_in()
        self.enter(self.garage)
        values = {
            "name": "Otto Neu",
            "email": "otto@vinedo.example",
            "phone": "+34 941 123 123",
            "street": "Elsewhere 5",
            "city": "Madrid",
            "country_id": self.env.ref("base.fr").id,
            "company_name": "Owned",
            "vat": "ESB12345674",
            "address_type": "billing",
        }
        page = self.post("/my/address/submit", partner_id=self.otto.id, **values)
        self.assertIn("redirectUrl", page.json(), page.text)
        self.assertEqual(self.otto.name, "Otto Neu")
        self.assertEqual(
            self.vineyard.read(["name", "street", "city", "vat"]),
            [{"id": self.vineyard.id, "name": "Vineyard", "street": "Camino Real 1", "city": "Haro", "vat": False}],
        )
        self.assertEqual(self.otto.parent_id, self.vineyard)

    def test_addresses_of_the_account_are_shown_and_not_changed(self):
        store = self.env["res.partner"].create(
            {"name": "Garage store", "type": "delivery", "parent_id": self.garage.id, "street": "Calle Mayor 3"}
        )
        self.log_in()
        self.enter(self.garage)
        page = self.url_open("/my/addresses")
        self.assertIn("Garage store", page.text)
        self.assertNotIn("Add Address", page.text)
        for partner in (store, self.garage, self.vineyard, self.bakery):
            with self.subTest(partner.name):
                url = f"/my/address?partner_id={partner.id}"
                self.assertEqual(self.url_open(url).status_code, 403)
                page = self.post("/my/address/submit", partner_id=partner.id, name="Owned", email="o@x.example")
                self.assertEqual(page.status_code, 403)
                self.assertNotEqual(partner.name, "Owned")
        self.assertEqual(self.url_open("/my/address").status_code, 403)
        self.assertEqual(self.post("/my/address/submit", name="New", email="n@x.example").status_code, 403)


@tagged("post_install", "-at_install")
class TestRules(ClientPortalCase):
    """Without a session the choice is in the context."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = cls.give_access(cls.vineyard, cls.otto, login=True) | cls.give_access(
            cls.garage, cls.otto, login=True
        )
        cls.user = cls.rows.login_id.user_id

    def user_of_rules(self, **context):
        return self.env["ir.rule"].with_user(self.user).with_context(**context)._eval_context()["user"]

    def test_rules_see_the_account_as_company_of_user_and_contact(self):
        user = self.user_of_rules(**{SESSION_KEY: self.garage.id})
        self.assertEqual(user.commercial_partner_id, self.garage)
        self.assertEqual(user.partner_id.commercial_partner_id, self.garage)
        self.assertEqual(user.partner_id.id, self.otto.id)
        self.assertEqual(user.id, self.user.id)

    def test_in_no_account_rules_find_nothing_and_not_what_has_no_customer(self):
        user = self.user_of_rules()
        self.assertEqual(user.commercial_partner_id.id, NOBODY)
        partners = self.env["res.partner"]
        self.assertFalse(partners.search([("parent_id", "child_of", [user.commercial_partner_id.id])]))
        self.assertFalse(partners.search([("id", "child_of", user.commercial_partner_id.id)]))

    def test_others_are_as_in_odoo(self):
        for group in ("base.group_portal", "base.group_user"):
            user = self.env["res.users"].create(
                {
                    "name": group,
                    "login": group,
                    "lang": "en_US",
                    "group_ids": [(6, 0, self.env.ref(group).ids)],
                }
            )
            seen = self.env["ir.rule"].with_user(user)._eval_context()
            with self.subTest(group):
                self.assertEqual(seen["user"], user)
                self.assertFalse(seen["is_client"])
                self.assertFalse(user._get_active_account())

    def test_employees_cost_no_query(self):
        user = self.env.ref("base.user_admin")
        rules = self.env["ir.rule"].with_user(user)
        list(rules._compute_domain_context_values())
        with self.assertQueryCount(0):
            list(rules._compute_domain_context_values())
