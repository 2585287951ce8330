"""Links without login: only what they allow, until they expire, are revoked, or the setting is turned off."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests.common import new_test_user, tagged

from .document_common import PIXEL, DocumentMixin, make_pdf
from .test_portal_account import PortalCase

SETTING = "escala_client_portal.links_without_login"


@tagged("post_install", "-at_install")
class TestDocumentLinks(DocumentMixin, PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param(SETTING, "True")
        cls.contract = cls.document()
        cls.other = cls.document("Other.pdf")
        cls.taxes = cls.folder("Taxes")
        cls.vat = cls.document("VAT.pdf", folder_id=cls.taxes.id)

    def link(self, target, **allowed):
        name = "folder_id" if target._name == "escala.document.folder" else "document_id"
        return self.env["escala.document.link"].create(
            {name: target.id, "contact_id": self.ana.id, **allowed}
        )

    def path(self, link, end=""):
        return f"/documents/link/{link._get_token()}{end}"

    def send(self, link, end, **values):
        token = self.token(self.url_open("/web/login"))
        files = values.pop("files", None)
        return self.url_open(self.path(link, end), data={"csrf_token": token, **values}, files=files)

    def test_a_link_shows_its_document_and_no_other(self):
        link = self.link(self.contract)
        page = self.url_open(self.path(link))
        self.assertIn("Contract.pdf", self.text(page, "//body"))
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertIn("noindex", page.headers["X-Robots-Tag"])
        self.assertEqual(self.url_open(self.path(link, f"/{self.contract.id}/download")).status_code, 200)
        for end in (f"/{self.other.id}", f"/{self.other.id}/content", f"/{self.vat.id}/download"):
            self.assertEqual(self.url_open(self.path(link, end)).status_code, 404)
        event = self.contract.event_ids.sorted("id")[-1]
        self.assertEqual((event.action, event.link_id, event.contact_id), ("downloaded", link, self.ana))
        self.assertTrue(event.ip_address)
        self.assertTrue(link.last_used_on)

    def test_what_a_link_does_not_allow_is_refused(self):
        self.contract._ask("to_approve")
        link = self.link(self.contract)
        self.assertNotIn("Your approval is asked for", self.text(self.url_open(self.path(link)), "//body"))
        self.send(link, f"/{self.contract.id}/approve", checksum=self.contract.checksum)
        self.assertEqual(self.contract.state, "to_approve")
        answer = self.send(link, "/upload", files={"ufile": ("a.txt", b"x")})
        self.assertEqual(answer.status_code, 400)
        self.contract._ask("to_sign")
        link.allow_approve = True
        url = self.path(link, f"/{self.contract.id}/sign/{self.contract.checksum}")
        self.assertTrue(self.make_jsonrpc_request(url, {"name": "Ana", "signature": PIXEL})["error"])
        self.assertEqual(self.contract.state, "to_sign")

    def test_approve_and_sign_by_link(self):
        self.contract._ask("to_approve")
        link = self.link(self.contract, allow_approve=True, allow_sign=True)
        page = self.send(link, f"/{self.contract.id}/approve", checksum=self.contract.checksum)
        self.assertIn("Approved", self.text(page, "//body"))
        self.assertEqual((self.contract.state, self.contract.decided_by), ("approved", "Ana"))
        self.contract.action_withdraw()
        self.contract._ask("to_sign")
        url = self.path(link, f"/{self.contract.id}/sign/{self.contract.checksum}")
        self.make_jsonrpc_request(url, {"name": "Ana Vinedo", "signature": PIXEL})
        self.assertEqual(self.contract.state, "signed")
        event = self.contract.event_ids.filtered(lambda event: event.action == "signed")
        self.assertEqual((event.link_id, event.contact_id), (link, self.ana))

    def test_upload_by_link_and_view_what_is_in_the_folder(self):
        link = self.link(self.taxes, allow_upload=True)
        self.assertIn("VAT.pdf", self.text(self.url_open(self.path(link)), "//body"))
        answer = self.send(link, "/upload", files={"ufile": ("Bill.pdf", make_pdf())})
        self.assertEqual(answer.json(), {"name": "Bill.pdf"})
        document = self.env["escala.document"].search([("name", "=", "Bill.pdf")])
        self.assertEqual((document.folder_id, document.from_client), (self.taxes, True))
        self.assertEqual(document.uploaded_by, "Ana")
        link.allow_view = False
        self.assertNotIn("VAT.pdf", self.text(self.url_open(self.path(link)), "//body"))
        self.assertEqual(self.url_open(self.path(link, f"/{self.vat.id}/content")).status_code, 404)

    def test_a_link_ends(self):
        for end, message in (
            (
                lambda link: link.write({"expires_on": fields.Datetime.now() - timedelta(minutes=1)}),
                "expired",
            ),
            (lambda link: link.action_revoke(), "does not work any more"),
            (
                lambda link: self.env["ir.config_parameter"].set_param(SETTING, False),
                "does not work any more",
            ),
        ):
            link = self.link(self.contract, allow_approve=True)
            self.assertEqual(self.url_open(self.path(link)).status_code, 200)
            end(link)
            page = self.url_open(self.path(link))
            self.assertEqual(page.status_code, 410)
            self.assertIn(message, self.text(page, "//body"))
            self.assertNotIn("Contract.pdf", page.text)
            for what in ("content", "download"):
                self.assertEqual(
                    self.url_open(self.path(link, f"/{self.contract.id}/{what}")).status_code, 410
                )

    def test_the_link_of_an_archived_or_deleted_person_ends_and_so_do_those_to_an_archived_account(self):
        pia, bea = self.contact("Pia", "pia@vinedo.example"), self.contact("Bea", "bea@vinedo.example")
        for person, leave in (
            (pia, pia.action_archive),
            (bea, bea._move_to_bin),
            (self.ana, self.vineyard.action_archive),
        ):
            link = self.link(self.contract, contact_id=person.id, allow_approve=True)
            leave()
            for end in ("", f"/{self.contract.id}/content", f"/{self.contract.id}/download"):
                page = self.url_open(self.path(link, end))
                self.assertEqual(page.status_code, 410)
                self.assertNotIn("Contract.pdf", page.text)

    def test_a_token_cannot_be_guessed_or_used_for_another_link(self):
        first, second = self.link(self.contract), self.link(self.other)
        signature = first._get_token().split("-")[1]
        for token in (
            f"{second.id}-{signature}",
            f"{first.id}-",
            f"{first.id}-{'0' * 64}",
            "x",
            "9" * 30,
            "-1-x",
        ):
            with self.subTest(token):
                self.assertEqual(self.url_open(f"/documents/link/{token}").status_code, 410)

    def test_hidden_documents_are_not_shown_by_links(self):
        link = self.link(self.contract)
        self.contract.client_visible = False
        self.assertEqual(self.url_open(self.path(link)).status_code, 404)

    def test_who_makes_links_to_what(self):
        salesperson = new_test_user(
            self.env, "l_sales", groups="sales_team.group_sale_salesman", lang="en_US"
        )
        colleague = new_test_user(self.env, "l_colleague", groups="base.group_user", lang="en_US")
        links = self.env["escala.document.link"]
        values = {"document_id": self.contract.id, "contact_id": self.ana.id}
        links.with_user(salesperson).create(values).action_revoke()
        with self.assertRaises(AccessError):
            links.with_user(colleague).create(values)
        with self.assertRaises(ValidationError):
            links.create({**values, "allow_upload": True})
        with self.assertRaises(ValidationError):
            links.create({**values, "allow_view": False})
        self.env["ir.config_parameter"].set_param(SETTING, False)
        with self.assertRaises(UserError):
            links.create(values)
        self.assertEqual(self.actions(self.contract), ["uploaded", "link_created", "link_revoked"])
