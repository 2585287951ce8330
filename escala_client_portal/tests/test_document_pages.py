"""A client's pages of documents: what is sent, how it is served, and which account's it is."""

from unittest.mock import patch

from odoo.tests.common import tagged

from odoo.addons.escala_client_portal.controllers.portal_documents import PortalDocuments
from odoo.addons.escala_client_portal.models import escala_document_upload

from .document_common import PIXEL, DocumentMixin, make_pdf
from .test_portal_account import PortalCase

PDF = "application/pdf"


@tagged("post_install", "-at_install")
class TestDocumentPages(DocumentMixin, PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.document()
        cls.folder_taxes = cls.folder("Taxes")
        cls.in_folder = cls.document("VAT.pdf", folder_id=cls.folder_taxes.id)
        cls.hidden = cls.document("Hidden.pdf", client_visible=False)
        cls.other = cls.document("Garage.pdf", account=cls.garage)
        cls.foreign = cls.document("Bakery.pdf", account=cls.bakery)

    def setUp(self):
        super().setUp()
        self.log_in()
        self.enter(self.vineyard)

    def upload(self, name="Bill.pdf", content=None, account=None, folder=None):
        page = self.url_open("/my/choose-account")
        return self.url_open(
            "/my/documents/upload",
            data={
                "csrf_token": self.token(page),
                "account_id": (account or self.vineyard).id,
                "folder_id": folder.id if folder else "",
            },
            files={"ufile": (name, make_pdf() if content is None else content)},
            allow_redirects=False,
        )

    def decide(self, document, decision, account=None, **values):
        return self.post(
            f"/my/documents/{document.id}/{decision}",
            **{"account_id": (account or self.vineyard).id, "checksum": document.checksum, **values},
        )

    def sign(self, document, account=None):
        url = f"/my/documents/{document.id}/sign/{(account or self.vineyard).id}/{document.checksum}"
        return self.make_jsonrpc_request(url, {"name": "Otto", "signature": PIXEL})

    # What is seen

    def test_lists_show_what_is_visible_of_the_active_account(self):
        page = self.url_open("/my/documents")
        text = self.text(page)
        self.assertIn("Contract.pdf", text)
        self.assertIn("Taxes", text)
        for name in ("VAT.pdf", "Hidden.pdf", "Garage.pdf", "Bakery.pdf"):
            self.assertNotIn(name, text)
        self.assertIn("VAT.pdf", self.text(self.url_open(f"/my/documents/folder/{self.folder_taxes.id}")))
        found = self.text(self.url_open("/my/documents?search=.pdf"))
        self.assertIn("VAT.pdf", found)
        for name in ("Hidden.pdf", "Garage.pdf", "Bakery.pdf"):
            self.assertNotIn(name, found)
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["client_document_count"]})
        self.assertEqual(counters["client_document_count"], 2)

    def test_a_long_list_has_pages(self):
        for number in range(25):
            self.document(f"Page {number:02}.txt", b"x")
        first = self.text(self.url_open("/my/documents?sortby=name"))
        self.assertIn("Page 05", first)
        self.assertNotIn("Page 24", first)
        self.assertIn("Page 24", self.text(self.url_open("/my/documents/page/2?sortby=name")))

    def test_what_is_not_the_clients_is_not_found_under_any_address(self):
        folder = self.folder("Theirs", self.bakery)
        urls = [f"/my/documents/folder/{folder.id}"]
        for document in (self.hidden, self.foreign):
            urls += [f"/my/documents/{document.id}{end}" for end in ("", "/content", "/download", "/signed")]
            urls += [f"/web/content/escala.document/{document.id}/content"]
        urls += [
            f"/my/documents/{self.other.id}/content",
            f"/web/content/escala.document/{self.other.id}/content",
        ]
        for url in urls:
            with self.subTest(url):
                self.assertEqual(self.url_open(url).status_code, 404)
        self.at_vineyard.login = False
        answer = self.url_open(f"/my/documents/{self.contract.id}", allow_redirects=False)
        self.assertNotIn(b"Contract.pdf", answer.content)

    def test_what_is_in_another_of_their_accounts_offers_to_switch(self):
        folder = self.folder("Cars", self.garage)
        for url in (f"/my/documents/{self.other.id}", f"/my/documents/folder/{folder.id}"):
            answer = self.url_open(url)
            self.assertEqual(answer.status_code, 409)
            self.assertIn("This page belongs to Garage", self.text(answer))
            self.assertNotIn("Garage.pdf", answer.text)

    def test_only_the_account_that_a_page_belongs_to_is_asked_whether_it_has_it(self):
        for number in range(3):
            self.give_access(self.account(f"Branch {number}"), self.otto, login=True)
        asked = []
        find = PortalDocuments._find_document

        def note(pages, account, document_id):
            asked.append(account)
            return find(pages, account, document_id)

        with patch.object(PortalDocuments, "_find_document", note):
            for document, accounts in (
                (self.other, [self.vineyard, self.garage]),
                (self.foreign, [self.vineyard]),
                (self.hidden, [self.vineyard]),
            ):
                self.url_open(f"/my/documents/{document.id}")
                self.assertEqual([account.id for account in asked], [account.id for account in accounts])
                asked.clear()

    def test_files_are_served_so_that_nothing_in_them_runs(self):
        page = self.document("Page.html", b"<html><script>alert(1)</script></html>")
        for document, what, shown in (
            (self.contract, "content", True),
            (self.contract, "download", False),
            (page, "content", False),
            (page, "download", False),
        ):
            with self.subTest(f"{document.name} {what}"):
                headers = self.url_open(f"/my/documents/{document.id}/{what}").headers
                self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
                self.assertIn("sandbox", headers["Content-Security-Policy"])
                self.assertIn("no-store", headers["Cache-Control"])
                self.assertTrue(
                    headers["Content-Disposition"].startswith("inline" if shown else "attachment")
                )
                if document == page:
                    self.assertEqual(headers["Content-Type"], "application/octet-stream")

    # Uploads

    def test_an_upload_is_kept_in_its_folder_under_a_safe_name(self):
        answer = self.upload("../../Bill\u202efdp.pdf", folder=self.folder_taxes)
        self.assertEqual(answer.json(), {"name": "Billfdp.pdf"})
        document = self.env["escala.document"].search([("name", "=", "Billfdp.pdf")])
        self.assertEqual(document.account_id, self.vineyard)
        self.assertEqual(document.folder_id, self.folder_taxes)
        self.assertTrue(document.from_client)
        self.assertEqual(document.event_ids.user_id, self.user)
        self.assertTrue(document.event_ids.ip_address)

    def test_a_refused_file_has_a_clear_message(self):
        self.env["ir.config_parameter"].set_param("escala_client_portal.document_max_megabytes", "1")
        self.folder_taxes.client_upload = False
        for answer, status, message in (
            (self.upload("a.exe", b"x"), 400, "program"),
            (self.upload(content=b""), 400, "empty"),
            (self.upload(content=bytes(1024 * 1024 + 1)), 400, "larger than 1 MB"),
            (self.upload(folder=self.folder_taxes), 400, "Nothing can be uploaded"),
            (self.upload(folder=self.folder("Theirs", self.garage)), 400, "not there any more"),
        ):
            self.assertEqual(answer.status_code, status)
            self.assertIn(message, answer.json()["error"])
        self.assertEqual(self.upload(content=bytes(2 * 1024 * 1024)).status_code, 413)

    def test_too_many_uploads_have_to_wait(self):
        with patch.object(escala_document_upload, "UPLOADS_PER_MINUTE", 2):
            self.assertEqual([self.upload().status_code for _ in range(3)], [200, 200, 429])

    def test_an_upload_from_a_page_of_another_account_is_refused(self):
        before = self.env["escala.document"].search_count([])
        self.assertEqual(self.upload(account=self.garage).status_code, 409)
        self.assertEqual(self.upload(account=self.bakery).status_code, 409)
        self.assertEqual(self.env["escala.document"].search_count([]), before)

    # Decisions

    def test_approve_reject_and_sign(self):
        self.contract._ask("to_approve", "Is this right?")
        self.assertIn("Is this right?", self.text(self.url_open(f"/my/documents/{self.contract.id}")))
        self.decide(self.contract, "approve")
        self.assertEqual(self.contract.state, "approved")
        event = self.contract.event_ids.filtered(lambda event: event.action == "approved")
        self.assertEqual(event.user_id, self.user)
        self.assertTrue(event.ip_address and event.user_agent)

        self.in_folder._ask("to_sign")
        page = self.decide(self.in_folder, "reject", reason="Not mine")
        self.assertEqual(self.in_folder.state, "rejected")
        self.assertIn("Not mine", self.text(page))

        self.in_folder._ask("to_sign")
        self.assertTrue(self.sign(self.in_folder)["force_refresh"])
        self.assertEqual(self.in_folder.state, "signed")
        signed = self.url_open(f"/my/documents/{self.in_folder.id}/signed")
        self.assertEqual(signed.headers["Content-Type"], PDF)
        self.assertTrue(signed.headers["Content-Disposition"].startswith("attachment"))

    def test_a_decision_on_what_was_replaced_or_decided_shows_why_nothing_was_done(self):
        self.contract._ask("to_approve")
        page = self.decide(self.contract, "approve", checksum="0" * 64)
        self.assertIn("was replaced", self.text(page))
        self.assertEqual(self.contract.state, "to_approve")
        self.decide(self.contract, "approve")
        self.assertIn("was here before", self.text(self.decide(self.contract, "approve")))

    def test_a_decision_from_a_page_of_another_account_does_nothing(self):
        for document, account in (
            (self.contract, self.garage),
            (self.other, self.garage),
            (self.other, self.vineyard),
        ):
            document._ask("to_sign")
            for decision in ("approve", "reject"):
                self.assertIn(self.decide(document, decision, account, reason="x").status_code, (404, 409))
            self.assertTrue(self.sign(document, account)["error"])
            self.assertEqual(document.state, "to_sign")
            document.action_withdraw()
