"""A client chooses what it is notified of, for the address and the account that it is in."""

from odoo.http import root
from odoo.tests.common import HttpCase, tagged

from odoo.addons.escala_client_portal.models.res_users import SESSION_KEY

from .common import ClientPortalCase

URL = "/my/notifications"


@tagged("post_install", "-at_install")
class TestNotificationPage(HttpCase, ClientPortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.row = cls.give_access(cls.vineyard, cls.ana, login=True)
        cls.elsewhere = cls.give_access(cls.garage, cls.ana)
        cls.other_address = cls.give_access(cls.vineyard, cls.ana, "ana@correo.example")
        cls.user = cls.row.login_id.user_id
        cls.user.password = "contraseña segura"
        cls.user.lang = "en_US"

    def setUp(self):
        super().setUp()
        self.authenticate(self.user.login, "contraseña segura")

    def save(self, account=None, **values):
        page = self.url_open(URL).text
        token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
        form = {"csrf_token": token, "account_id": (account or self.vineyard).id, **values}
        return self.url_open(URL, data=form, allow_redirects=False)

    def test_it_shows_and_keeps_the_choice(self):
        page = self.url_open(URL).text
        self.assertIn("ana@vinedo.example", page)
        self.assertIn("Vineyard", page)
        self.assertEqual(self.save(notify="1", category=["documents", "invoices"]).status_code, 303)
        self.env.invalidate_all()
        self.assertEqual(set(self.row.notified_category_ids.mapped("key")), {"documents", "invoices"})
        self.assertFalse((self.elsewhere | self.other_address).muted_category_ids)

    def test_all_of_it_can_be_switched_off(self):
        self.save(category=["documents"])
        self.env.invalidate_all()
        self.assertFalse(self.row.notify)
        self.assertTrue(self.other_address.notify)

    def test_a_form_of_another_account_changes_nothing(self):
        self.elsewhere.login = True
        self.choose(self.vineyard)
        self.assertIn("Vineyard", self.url_open(URL).text)
        self.save(account=self.garage)
        self.env.invalidate_all()
        self.assertTrue(self.row.notify and self.elsewhere.notify)

    def test_a_page_without_account_leads_to_the_choice(self):
        self.elsewhere.login = True
        page = self.url_open(URL, allow_redirects=False)
        self.assertIn("/my/choose-account", page.headers["Location"])
        self.choose(self.garage)
        self.assertIn("Garage", self.url_open(URL).text)

    def choose(self, account):
        self.session[SESSION_KEY] = account.id
        root.session_store.save(self.session)
