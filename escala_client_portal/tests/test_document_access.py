"""Clients read the documents of the account that they are in, over RPC, too; the firm's rights follow the account."""

from odoo.exceptions import AccessError
from odoo.tests.common import JsonRpcException, new_test_user, tagged

from .document_common import DocumentMixin
from .test_portal_account import PortalCase


@tagged("post_install", "-at_install")
class TestDocumentAccess(DocumentMixin, PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.document("Own")
        cls.hidden = cls.document("Hidden", client_visible=False)
        cls.in_hidden = cls.document("In hidden", folder_id=cls.folder("Internal", client_visible=False).id)
        cls.archived = cls.document("Archived", active=False)
        cls.other = cls.document("Other account", account=cls.garage)
        cls.foreign = cls.document("Foreign", account=cls.bakery)
        cls.all = cls.own | cls.hidden | cls.in_hidden | cls.archived | cls.other | cls.foreign

    def read_by_rpc(self):
        """Return the ids that the client gets, by searching and by reading each of them."""
        found = self.call("escala.document", "search", [], context={"active_test": False})
        read = []
        for document in self.all:
            try:
                self.call("escala.document", "read", [document.id], ["name", "content"])
            except JsonRpcException:
                continue
            read.append(document.id)
        self.assertEqual(sorted(found), sorted(read))
        return self.env["escala.document"].browse(read)

    def test_a_client_reads_the_visible_documents_of_the_account_it_is_in(self):
        self.log_in()
        self.assertFalse(self.read_by_rpc())
        self.enter(self.vineyard)
        self.assertEqual(self.read_by_rpc(), self.own)
        self.enter(self.garage)
        self.assertEqual(self.read_by_rpc(), self.other)
        self.at_garage.login = False
        self.assertNotIn(self.other, self.read_by_rpc())

    def test_a_client_changes_nothing_by_rpc(self):
        self.log_in()
        self.enter(self.vineyard)
        self.own._ask("to_approve")
        for method, *args in (
            ("write", [self.own.id], {"name": "x"}),
            ("unlink", [self.own.id]),
            ("create", {"name": "x", "account_id": self.vineyard.id, "content": "eA=="}),
            ("action_withdraw", [self.own.id]),
        ):
            with self.subTest(method), self.assertRaises(JsonRpcException):
                self.call("escala.document", method, *args)
        self.assertEqual(self.own.state, "to_approve")
        for model in ("escala.document.event", "escala.document.link"):
            with self.subTest(model), self.assertRaises(JsonRpcException):
                self.call(model, "search_read", [])

    def test_other_portal_users_read_nothing(self):
        stranger = new_test_user(self.env, "d_stranger", groups="base.group_portal")
        stranger.partner_id.parent_id = self.vineyard
        self.assertFalse(self.env["escala.document"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            self.own.with_user(stranger).read(["name"])

    def test_colleagues_read_and_salespeople_write(self):
        colleague = new_test_user(self.env, "d_colleague", groups="base.group_user")
        salesperson = new_test_user(self.env, "d_salesperson", groups="sales_team.group_sale_salesman")
        self.assertEqual(self.own.with_user(colleague).name, "Own")
        with self.assertRaises(AccessError):
            self.own.with_user(colleague).name = "x"
        with self.assertRaises(AccessError):
            self.own.with_user(colleague).action_withdraw()
        self.own.with_user(salesperson).name = "Renamed"
        self.env["ir.rule"].create(
            {
                "name": "Hidden",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.vineyard.id})]",
            }
        )
        for user in (colleague, salesperson):
            self.assertFalse(self.own.with_user(user).search([("id", "=", self.own.id)]))
            with self.assertRaises(AccessError):
                self.own.with_user(user).read(["name"])
            with self.assertRaises(AccessError):
                self.own.event_ids.with_user(user).read(["name"])
