"""The errors of a change as a file: for who may see it, and harmless in a spreadsheet program."""

import csv
import io

import openpyxl

from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.escala_contact_rules.tests.english import EnglishMixin

NASTY = '=HYPERLINK("http://attacker.example", "open")'


@tagged("post_install", "-at_install")
class TestBulkDownload(EnglishMixin, HttpCase):
    def setUp(self):
        super().setUp()
        groups = "sales_team.group_sale_salesman,base.group_partner_manager"
        self.starter = new_test_user(self.env, "p_download", groups=groups, lang="en_US")
        self.other = new_test_user(self.env, "p_download_other", groups=groups, lang="en_US")
        self.portal = new_test_user(self.env, "p_download_portal", groups="base.group_portal", lang="en_US")
        self.change = self.env["escala.account.change"].create(
            {"user_id": self.starter.id, "account_ids": [1], "account_count": 1}
        )
        self.env["escala.account.change.error"].create(
            {
                "change_id": self.change.id,
                "account_name": NASTY,
                "contact_name": "Ana",
                "email": "ana@vinedo.example",
                "reason": "Wrong",
            }
        )

    def download(self, user, extension="csv"):
        self.authenticate(user.login, user.login)
        return self.url_open(f"/escala_client_portal/account_change/{self.change.id}/errors.{extension}")

    def test_csv(self):
        response = self.download(self.starter)
        self.assertIn("attachment", response.headers["Content-Disposition"])
        rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
        self.assertEqual(rows[0], ["Client Account", "Contact", "E-mail", "Why"])
        self.assertEqual(rows[1], [f"'{NASTY}", "Ana", "ana@vinedo.example", "Wrong"])

    def test_xlsx(self):
        sheet = openpyxl.load_workbook(io.BytesIO(self.download(self.starter, "xlsx").content)).active
        self.assertEqual((sheet["A2"].value, sheet["A2"].data_type), (NASTY, "s"))

    def test_there_is_no_such_page_for_others(self):
        for user in (self.other, self.portal):
            with self.subTest(user.login):
                self.assertEqual(self.download(user).status_code, 404)

    def test_the_public_is_sent_to_the_login_page(self):
        response = self.url_open(
            f"/escala_client_portal/account_change/{self.change.id}/errors.csv", allow_redirects=False
        )
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])
