"""A file with accounts, contacts and switches, imported on Odoo's own screen."""

from odoo.tests.common import new_test_user
from odoo.tools import file_open

from .common import ClientPortalCase

OPTIONS = {"has_headers": True, "quoting": '"', "separator": ",", "encoding": "utf-8", "limit": 2000}


class TestAccessImport(ClientPortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        cls.seller = new_test_user(
            cls.env,
            "a_import",
            groups="sales_team.group_sale_salesman,base.group_partner_manager,base.group_allow_export",
            lang="en_US",
        )

    def import_file(self, model, content, columns=None):
        """Import as the screen does: what it proposes for the columns is what counts, unless columns are named."""
        wizard = self.env["base_import.import"].with_user(self.seller)
        wizard = wizard.create({"res_model": model, "file": content.encode(), "file_type": "text/csv"})
        preview = wizard.parse_preview(OPTIONS)
        self.assertNotIn("error", preview)
        if not columns:
            matches = preview["matches"]
            columns = ["/".join(matches[index]) for index in range(len(preview["headers"]))]
        return wizard.execute_import(columns, preview["headers"], OPTIONS)

    def switches(self):
        rows = self.vineyard.account_contact_ids.sorted("email")
        return [(row.email, row.login, row.notify, row.email_sync) for row in rows]

    def test_the_template_that_is_offered_can_be_imported(self):
        [template] = self.env["escala.account.contact"].get_import_templates()
        self.ana.email, self.otto.email = "ana@vineyard.example", "otto@vineyard.example"
        with file_open(template["template"].lstrip("/")) as file:
            result = self.import_file("escala.account.contact", file.read())
        self.assertEqual(result["messages"], [])
        self.assertEqual(
            self.switches(),
            [("ana@vineyard.example", True, True, True), ("otto@vineyard.example", False, True, False)],
        )
        self.assertEqual(self.vineyard.account_contact_ids.sorted("email")[0].access_state, "pending")

    def test_a_row_that_is_wrong_is_named_and_the_others_are_not_lost(self):
        result = self.import_file(
            "escala.account.contact",
            "Account,Contact,E-mail Address,Login\n"
            "Vineyard,Ana,ana@vinedo.example,1\n"
            "Vineyard,Otto,ana@correo.example,1\n"
            "Nowhere,Otto,otto@vinedo.example,1\n",
        )
        messages = [(message["record"], message["message"]) for message in result["messages"]]
        self.assertEqual({record for record, _message in messages}, {1, 2})
        for record, reason in ((1, "ana@correo.example is not an e-mail address of Otto"), (2, "Nowhere")):
            self.assertTrue(any(number == record and reason in message for number, message in messages))

    def test_an_address_that_is_there_gets_the_switches_of_the_file(self):
        self.give_access(self.vineyard, self.ana, login=True)
        result = self.import_file(
            "escala.account.contact",
            "Account,Contact,Login,Notify\nVineyard,Ana,0,0\nVineyard,Otto,0,1\n",
        )
        self.assertEqual(result["messages"], [])
        self.assertEqual(
            self.switches(),
            [("ana@vinedo.example", False, False, True), ("otto@vinedo.example", False, True, True)],
        )

    def test_contacts_are_imported_with_their_accounts_and_switches(self):
        result = self.import_file(
            "res.partner",
            "Name,Email,Account,Login,Notify\nEva,eva@vinedo.example,Vineyard,1,0\n",
            [
                "name",
                "email",
                "client_account_ids/account_id",
                "client_account_ids/login",
                "client_account_ids/notify",
            ],
        )
        self.assertEqual(result["messages"], [])
        self.assertEqual(self.switches(), [("eva@vinedo.example", True, False, True)])
