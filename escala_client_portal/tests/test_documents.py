"""The firm's documents: what is taken, what is asked of clients, what they decide, what the log keeps."""

import base64
import hashlib
import io
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from pypdf import PdfReader

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests.common import new_test_user

from .common import ClientPortalCase
from .document_common import PIXEL, DocumentMixin, make_pdf


class TestDocuments(DocumentMixin, ClientPortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.ana | cls.otto).lang = "en_US"
        cls.row = cls.give_access(cls.vineyard, cls.ana, login=True)
        cls.client = cls.row.login_id.user_id
        cls.salesperson = new_test_user(cls.env, "d_sales", "sales_team.group_sale_salesman", lang="en_US")

    def as_client(self, document):
        return document.with_user(self.client).sudo()

    def mails(self, document):
        return (
            self.env["mail.mail"]
            .sudo()
            .search([("model", "=", document._name), ("res_id", "=", document.id)])
        )

    def remind(self):
        """Run the scheduled action; what it commits is undone with the test."""
        self.env.flush_all()
        with patch.object(self.env.cr, "commit", self.env.flush_all):
            self.env["escala.document"]._cron_remind()

    # What is taken

    def test_the_content_is_known_by_its_own_bytes(self):
        content = make_pdf()
        document = self.document("Contract.txt", content)
        self.assertEqual(document.mimetype, "application/pdf")
        self.assertEqual(document.file_size, len(content))
        self.assertEqual(document.checksum, hashlib.sha256(content).hexdigest())
        self.assertEqual(document.preview, "pdf")

    def test_a_page_or_drawing_with_scripts_is_taken_and_not_shown(self):
        for name, content in (
            ("a.html", b"<html><script>alert(1)</script></html>"),
            ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
            ("a.png", b"<html><script>alert(1)</script></html>"),
        ):
            with self.subTest(name):
                self.assertFalse(self.document(name, content).preview)

    def test_programs_empty_and_large_files_are_refused(self):
        self.env["ir.config_parameter"].set_param("escala_client_portal.document_max_megabytes", "1")
        for name, content, message in (
            ("setup.exe", b"anything", "program"),
            ("photo.jpg", b"MZ\x90\x00", "program"),
            ("photo.jpg", b"", "empty"),
            ("photo.jpg", bytes(1024 * 1024 + 1), "larger than 1 MB"),
        ):
            with self.subTest(name), self.assertRaisesRegex(UserError, message):
                self.document(name, content)

    def test_a_folder_of_another_account_is_refused(self):
        with self.assertRaises(ValidationError):
            self.document(folder_id=self.folder("Taxes", self.garage).id)
        inner = self.folder("2026", parent_id=self.folder("Taxes").id)
        with self.assertRaises(ValidationError):
            inner.account_id = self.garage

    def test_what_is_in_a_hidden_folder_is_hidden(self):
        outer = self.folder("Internal")
        inner = self.folder("2026", parent_id=outer.id)
        document = self.document(folder_id=inner.id)
        shown = document._client_domain(self.vineyard)
        self.assertIn(document, document.search(shown))
        outer.client_visible = False
        self.assertNotIn(document, document.search(shown))
        self.assertFalse(document._is_shown())

    # What is asked and decided

    def test_approval(self):
        document = self.document()
        document.with_user(self.salesperson)._ask("to_approve", "Please read page 2")
        self.as_client(document)._approve(document.checksum)
        self.assertEqual(document.state, "approved")
        self.assertEqual(self.actions(document), ["uploaded", "asked_approval", "approved"])
        event = document.event_ids.sorted("id")[-1]
        self.assertEqual(event.user_id, self.client)
        self.assertEqual(event.contact_id, self.ana)
        self.assertEqual(event.email, "ana@vinedo.example")
        self.assertEqual(event.checksum, document.checksum)
        self.assertIn("approved", document.activity_ids.summary)
        self.assertEqual(document.activity_ids.user_id, self.salesperson)

    def test_rejection_has_a_reason_and_can_be_asked_again(self):
        document = self.document()
        document._ask("to_approve")
        with self.assertRaisesRegex(UserError, "why"):
            self.as_client(document)._reject(document.checksum, "  ")
        self.as_client(document)._reject(document.checksum, "The amount is wrong")
        self.assertEqual(document.state, "rejected")
        self.assertEqual(document.rejection_reason, "The amount is wrong")
        document.content = base64.b64encode(make_pdf("Contract, mended"))
        document._ask("to_approve")
        self.assertFalse(document.rejection_reason)
        self.as_client(document)._approve(document.checksum)
        self.assertEqual(
            self.actions(document),
            ["uploaded", "asked_approval", "rejected", "replaced", "asked_approval", "approved"],
        )
        self.assertEqual(document.event_ids.sorted("id")[2].note, "The amount is wrong")

    def test_a_signature_is_on_a_page_of_its_own_and_the_original_stays(self):
        content = make_pdf()
        document = self.document(content=content)
        document._ask("to_sign")
        self.as_client(document)._sign(document.checksum, "Ana Vinedo", PIXEL)
        self.assertEqual(document.state, "signed")
        self.assertEqual(base64.b64decode(document.content), content)
        pages = PdfReader(io.BytesIO(base64.b64decode(document.signed_content))).pages
        self.assertEqual(len(pages), 2)
        text = pages[1].extract_text()
        for part in ("Ana Vinedo", "ana@vinedo.example", "Contract.pdf"):
            self.assertIn(part, text)
        self.assertIn(document.checksum, text.replace("\n", ""))

    def test_the_page_of_the_signature_has_the_letters_of_other_alphabets(self):
        document = self.document("Umowa Łódź.pdf")
        document._ask("to_sign")
        self.as_client(document)._sign(document.checksum, "Łucja Żółć Παπαδοπούλου Иван", PIXEL)
        page = PdfReader(io.BytesIO(base64.b64decode(document.signed_content))).pages[1]
        for part in ("Łucja Żółć Παπαδοπούλου Иван", "Umowa Łódź.pdf"):
            self.assertIn(part, page.extract_text())

    def test_what_is_no_readable_pdf_is_signed_without_a_copy(self):
        for content in (b"Just text", b"%PDF-1.7 broken"):
            document = self.document("a.txt", content)
            document._ask("to_sign")
            self.as_client(document)._sign(document.checksum, "Ana", PIXEL)
            self.assertEqual(document.state, "signed")
            self.assertFalse(document.signed_content)

    def test_a_signature_needs_name_and_image(self):
        document = self.document()
        document._ask("to_sign")
        for name, signature in (
            ("", PIXEL),
            ("Ana", ""),
            ("Ana", base64.b64encode(b"<x>")),
            ("Ana", "no base64"),
            ("A" * 201, PIXEL),
        ):
            with self.assertRaises(UserError):
                self.as_client(document)._sign(document.checksum, name, signature)
        self.assertEqual(document.state, "to_sign")

    def test_nothing_is_decided_twice_or_unasked(self):
        document = self.document()
        with self.assertRaises(UserError):
            self.as_client(document)._approve(document.checksum)
        document._ask("to_approve")
        with self.assertRaises(UserError):
            self.as_client(document)._sign(document.checksum, "Ana", PIXEL)
        self.as_client(document)._approve(document.checksum)
        with self.assertRaisesRegex(UserError, "Ana was here before"):
            self.as_client(document)._approve(document.checksum)
        with self.assertRaises(UserError):
            self.as_client(document)._reject(document.checksum, "No")

    def test_what_was_replaced_meanwhile_is_not_approved(self):
        document = self.document()
        document._ask("to_approve")
        seen = document.checksum
        document.content = base64.b64encode(make_pdf("Other terms"))
        with self.assertRaisesRegex(UserError, "replaced"):
            self.as_client(document)._approve(seen)
        self.assertEqual(document.state, "to_approve")

    def test_what_was_decided_on_is_neither_replaced_nor_deleted_nor_asked_again(self):
        document = self.document()
        document._ask("to_approve")
        self.as_client(document)._approve(document.checksum)
        with self.assertRaises(UserError):
            document.content = base64.b64encode(make_pdf("Other terms"))
        with self.assertRaises(UserError):
            document.unlink()
        with self.assertRaises(UserError):
            document._ask("to_sign")
        document.action_withdraw()
        self.assertEqual(document.state, "none")
        self.assertEqual(self.actions(document)[-2:], ["approved", "withdrawn"])
        document._ask("to_sign")

    def test_nobody_writes_the_state_or_the_log(self):
        document = self.document()
        document._ask("to_approve")
        with self.assertRaises(UserError):
            document.with_user(self.salesperson).state = "approved"
        for user in (self.salesperson, self.env.user):
            event = document.event_ids[0].with_user(user)
            with self.assertRaises(UserError):
                event.sudo().write({"name": "Somebody else"})
            with self.assertRaises(UserError):
                event.sudo().unlink()

    # Who hears of it

    def test_clients_are_told_once_of_what_the_firm_adds_together(self):
        documents = self.env["escala.document"].create(
            [
                {"name": f"{number}.txt", "content": base64.b64encode(b"x"), "account_id": self.vineyard.id}
                for number in range(3)
            ]
        )
        mail = self.mails(documents[0])
        self.assertEqual(len(mail), 1)
        self.assertIn("ana@vinedo.example", mail.email_to)
        self.assertFalse(self.mails(documents[1]) | self.mails(documents[2]))
        for document in documents:
            self.assertIn(f"/my/documents/{document.id}", mail.body_html)

    def test_nobody_is_told_of_what_is_hidden_or_from_a_client_or_when_the_switch_is_off(self):
        self.assertFalse(self.mails(self.document(client_visible=False)))
        uploaded = self.as_client(self.env["escala.document"])._upload(
            self.vineyard, self.env["escala.document.folder"], "a.txt", b"x"
        )
        self.assertFalse(self.mails(uploaded))
        self.row.notify = False
        self.assertFalse(self.mails(self.document()))

    def test_showing_a_document_later_tells_clients(self):
        document = self.document(client_visible=False)
        document.client_visible = True
        self.assertEqual(len(self.mails(document)), 1)
        self.assertEqual(self.actions(document), ["uploaded", "shown"])

    def test_reminders_before_and_on_the_deadline_and_none_after_the_answer(self):
        today = fields.Date.today()
        document = self.document()
        self.mails(document).unlink()
        document._ask("to_sign", deadline=today + timedelta(10))
        sent = []
        for day in range(15):
            with freeze_time(today + timedelta(day)):
                self.remind()
                self.remind()
            sent.append(len(self.mails(document)) - 1)
        self.assertEqual(sent, [0] * 7 + [1] * 3 + [2] * 5)
        self.assertIn("Reminder", self.mails(document)[0].subject)
        other = self.document()
        other._ask("to_approve", deadline=today + timedelta(1))
        self.as_client(other)._approve(other.checksum)
        before = len(self.mails(other))
        with freeze_time(today + timedelta(1)):
            self.remind()
        self.assertEqual(len(self.mails(other)), before)

    def test_uploads_leave_one_activity_to_the_responsible(self):
        self.vineyard.user_id = self.salesperson
        documents = self.as_client(self.env["escala.document"])
        for number in range(3):
            documents._upload(self.vineyard, self.env["escala.document.folder"], f"{number}.txt", b"x")
        activities = self.env["mail.activity"].search(
            [("user_id", "=", self.salesperson.id), ("res_model", "=", "escala.document")]
        )
        self.assertEqual(len(activities), 1)
        self.assertIn("Vineyard", activities.summary)

    def test_without_a_salesperson_whoever_gave_the_client_access_is_asked(self):
        self.env["escala.account.contact"].with_user(self.salesperson).create(
            {"account_id": self.vineyard.id, "contact_id": self.otto.id}
        )
        documents = self.as_client(self.env["escala.document"])
        document = documents._upload(self.vineyard, self.env["escala.document.folder"], "a.txt", b"x")
        self.assertEqual(document.activity_ids.user_id, self.salesperson)

    def test_what_waits_is_on_the_clients_list(self):
        document = self.document("Lease.pdf")
        self.document("Other.pdf")
        todos = self.env["res.partner"]._get_client_todos
        self.assertFalse(todos(self.vineyard))
        document._ask("to_sign")
        self.assertEqual([todo["title"] for todo in todos(self.vineyard)], ["Sign Lease.pdf"])
        self.assertEqual(todos(self.vineyard)[0]["url"], f"/my/documents/{document.id}")
        self.assertFalse(todos(self.garage))
        self.as_client(document)._sign(document.checksum, "Ana", PIXEL)
        self.assertFalse(todos(self.vineyard))

    def test_nobody_rewrites_or_erases_what_was_signed(self):
        document = self.document()
        document._ask("to_sign")
        self.as_client(document)._sign(document.checksum, "Ana", PIXEL)
        salesperson = document.with_user(self.salesperson)
        for values in ({"signed_content": PIXEL}, {"decided_by": "Eva"}, {"account_id": self.garage.id}):
            with self.assertRaises(UserError):
                salesperson.write(values)
        salesperson.action_withdraw()
        with self.assertRaises(UserError):
            salesperson.unlink()

    # Attachments of e-mails

    def test_attachments_are_filed_once(self):
        attachments = self.env["ir.attachment"].create(
            [
                {"name": "Bill.pdf", "raw": make_pdf()},
                {"name": "Bill again.pdf", "raw": make_pdf()},
                {"name": "virus.exe", "raw": b"MZ"},
                {"name": "Photo.txt", "raw": b"text"},
            ]
        )
        attachments[1].raw = attachments[0].raw
        first = self.vineyard._file_attachments(attachments, self.otto)
        self.assertEqual(sorted(first.mapped("name")), ["Bill.pdf", "Photo.txt"])
        self.assertEqual(first.folder_id.name, "E-mail attachments")
        self.assertFalse(self.mails(first[0]))
        again = self.vineyard._file_attachments(attachments, self.otto)
        self.assertEqual(again, first)
        self.assertEqual(len(self.vineyard._file_attachments(attachments[0], self.ana) - first), 1)
        self.assertFalse(self.garage._file_attachments(attachments, self.otto) & first)
