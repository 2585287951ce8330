"""Merging contacts or accounts loses no access and gives none."""

from datetime import datetime

from odoo import Command

from .account_emails_case import AccountEmailsCase
from .common import ClientPortalCase
from .document_common import DocumentMixin


class MergeMixin:
    def merge(self, source, destination):
        self.env["base.partner.merge.automatic.wizard"]._merge((source | destination).ids, destination)
        self.env.flush_all()
        self.env.invalidate_all()


class TestMerge(MergeMixin, ClientPortalCase):
    def test_two_contacts_on_one_account_become_one_and_others_are_untouched(self):
        twin = self.contact("Ana bis", "ana@vinedo.example", "bis@correo.example")
        kept = self.give_access(self.vineyard, self.ana, notify=False)
        same = self.give_access(self.vineyard, twin, login=True, notify=False, email_sync=False)
        moved = self.give_access(self.vineyard, twin, "bis@correo.example", email_sync=False)
        elsewhere = self.give_access(self.garage, twin)
        unrelated = self.give_access(self.vineyard, self.otto) | self.give_access(self.garage, self.otto)
        self.merge(twin, self.ana)
        self.assertFalse(same.exists())
        self.assertEqual(self.ana.client_account_ids, kept | moved | elsewhere)
        self.assertEqual((kept.login, kept.notify, kept.email_sync), (True, False, True))
        self.assertEqual((moved.email, moved.email_sync), ("bis@correo.example", False))
        self.assertEqual(unrelated.exists(), unrelated)
        self.assertEqual(unrelated.contact_id, self.otto)

    def test_two_accounts_with_the_same_contact_become_one(self):
        kept = self.give_access(self.vineyard, self.ana)
        same = self.give_access(self.garage, self.ana, login=True)
        moved = self.give_access(self.garage, self.otto)
        self.merge(self.garage, self.vineyard)
        self.assertFalse(same.exists())
        self.assertEqual(self.vineyard.account_contact_ids, kept | moved)
        self.assertTrue(kept.login)

    def test_contacts_with_different_addresses_keep_both(self):
        rows = self.give_access(self.vineyard, self.ana) | self.give_access(self.vineyard, self.otto)
        self.merge(self.otto, self.ana)
        self.assertEqual(self.ana.client_account_ids, rows)
        self.assertEqual(sorted(rows.mapped("email")), ["ana@vinedo.example", "otto@vinedo.example"])


class TestMergeOfAccounts(MergeMixin, DocumentMixin, AccountEmailsCase):
    """The garage, with its people and all that it has, becomes part of the vineyard; Jo was on both."""

    def test_the_address_that_was_on_both_has_what_it_had_on_either(self):
        bills = self.env.ref("escala_client_portal.notification_category_invoices")
        others = self.env["escala.notification.category"].search([]) - bills
        early, late = datetime(2026, 1, 1), datetime(2026, 2, 1)
        self.jo_row.write(
            {"save_attachments_since": late, "muted_category_ids": [Command.set((bills | others[0]).ids)]}
        )
        self.jo_garage_row.write(
            {"save_attachments_since": early, "muted_category_ids": [Command.set(others.ids)]}
        )
        self.merge(self.garage, self.vineyard)
        self.assertFalse(self.jo_garage_row.exists())
        self.assertEqual(self.jo_row.save_attachments_since, early)
        self.assertEqual(self.jo_row.muted_category_ids, others[0])
        self.assertTrue(self.jo_row.login_id.user_id.active)
        self.assertEqual(self.jo_row.login_id.user_id._get_client_accounts(), self.vineyard)

    def test_what_notify_off_had_muted_counts_for_nothing(self):
        self.jo_row.notify = False
        self.jo_row.muted_category_ids = self.env.ref("escala_client_portal.notification_category_invoices")
        self.merge(self.garage, self.vineyard)
        self.assertTrue(self.jo_row.notify)
        self.assertFalse(self.jo_row.muted_category_ids)

    def test_the_list_of_accounts_counts_them_together(self):
        pia_row = self.give_access(self.garage, self.contact("Pia", "pia@garage.example"), email_sync=False)
        self.merge(self.garage, self.vineyard)
        self.assertEqual(
            self.vineyard.account_contact_ids, self.ana_row | self.otto_row | self.jo_row | pia_row
        )
        self.assertEqual(self.vineyard.client_contact_count, 4)
        self.assertEqual(self.vineyard.client_email_sync, "some")

    def test_emails_of_both_are_there_once(self):
        email = self.store(self.shared, "Jo <jo@adviser.example>", "team@nordica.example")
        self.assertEqual(email.account_ids, self.vineyard | self.garage)
        self.merge(self.garage, self.vineyard)
        self.assertEqual(email.account_ids, self.vineyard)
        self.env.cr.execute("SELECT account_id FROM escala_email_account_rel WHERE email_id = %s", [email.id])
        self.assertEqual(self.env.cr.fetchall(), [(self.vineyard.id,)])

    def test_conversations_come_with_their_messages_and_readers(self):
        conversation = self.env["escala.portal.conversation"].create(
            {"subject": "Brakes", "account_id": self.garage.id}
        )
        conversation._post_from_client(self.jo_garage_row.login_id.user_id, "Are they in?", [])
        self.merge(self.garage, self.vineyard)
        self.assertEqual(conversation.account_id, self.vineyard)
        self.assertEqual(conversation._get_shown_messages().author_id, self.jo)
        self.assertEqual(conversation.read_by_ids, self.jo)
        readable = conversation._get_client_domain(self.vineyard, self.ana_row.login_id.user_id)
        self.assertIn(conversation, conversation.search(readable))

    def test_documents_come_with_folders_links_and_log(self):
        self.env["ir.config_parameter"].set_param("escala_client_portal.links_without_login", "True")
        folder = self.folder("Cars", self.garage)
        document = self.document("Brakes.pdf", account=self.garage, folder_id=folder.id)
        own = self.document("Brakes.pdf")
        link = self.env["escala.document.link"].create({"document_id": document.id, "contact_id": self.jo.id})
        self.merge(self.garage, self.vineyard)
        for record in (document, folder, link, *document.event_ids):
            self.assertEqual(record.account_id, self.vineyard)
        self.assertEqual(document.folder_id, folder)
        self.assertEqual(link.state, "valid")
        self.assertTrue(own.exists())

    def test_what_both_had_from_an_email_is_there_once(self):
        email = self.store(self.shared, "Jo <jo@adviser.example>", "team@nordica.example")
        files = self.env["ir.attachment"].create(
            [{"name": f"{name}.txt", "raw": name.encode()} for name in ("one", "two", "three")]
        )
        kept = self.vineyard._file_attachments(files[:2], email)
        same = self.garage._file_attachments(files, email)
        asked = same.filtered(lambda document: document.name == "two.txt")
        asked._ask("to_approve", "?")
        self.merge(self.garage, self.vineyard)
        left = self.env["escala.document"].search([("account_id", "=", self.vineyard.id)])
        self.assertEqual(sorted(left.mapped("name")), ["one.txt", "three.txt", "two.txt"])
        self.assertIn(asked, left)
        self.assertIn(left.filtered(lambda document: document.name == "one.txt"), kept)

    def file_on_both(self, *names):
        """File attachments of one e-mail on both accounts; return the documents of vineyard and garage."""
        email = self.store(self.shared, "Jo <jo@adviser.example>", "team@nordica.example")
        files = self.env["ir.attachment"].create(
            [{"name": f"{name}.txt", "raw": name.encode()} for name in names]
        )
        return self.vineyard._file_attachments(files, email), self.garage._file_attachments(files, email)

    def test_a_copy_of_what_came_with_an_email_stays(self):
        own, _same = self.file_on_both("one")
        copy = own.copy()
        self.assertFalse(copy.source_id)
        # what was copied by earlier versions
        older = own.copy({"source_model": own.source_model, "source_id": own.source_id})
        renamed = own.copy({"source_model": own.source_model, "source_id": own.source_id, "name": "1.txt"})
        self.merge(self.garage, self.vineyard)
        left = self.env["escala.document"].search([("account_id", "=", self.vineyard.id)])
        self.assertEqual(left, own | copy | older | renamed)
        self.merge(self.account("Unrelated"), self.vineyard)
        self.assertEqual(left.exists(), left)

    def test_a_merge_removes_nothing_that_was_worked_with(self):
        self.env["ir.config_parameter"].set_param("escala_client_portal.links_without_login", "True")
        own, same = self.file_on_both("linked", "written", "renamed", "sent", "spare")
        linked, written, renamed, sent, spare = same
        self.env["escala.document.link"].create({"document_id": linked.id, "contact_id": self.jo.id})
        written.message_post(body="Look at page 2", message_type="comment")
        renamed.with_context(tracking_disable=False).name = "Renamed.txt"
        request = self.env["escala.client.request"].create({"name": "It", "account_id": self.garage.id})
        sent.client_request_id = request
        own[0]._ask("to_approve")
        self.merge(self.garage, self.vineyard)
        self.assertEqual((own | same).exists(), own[0] | own[2] | own[4] | (same - spare))
        self.assertEqual(linked.link_ids.account_id, self.vineyard)

    def test_what_clients_saw_on_one_account_they_see_after_the_merge(self):
        own, same = self.file_on_both("hidden", "shown")
        own[0].client_visible = False
        own[1].folder_id = self.folder("Ours", client_visible=False)
        own[1]._ask("to_sign")
        self.merge(self.garage, self.vineyard)
        self.assertFalse(same.exists())
        self.assertEqual([document._is_shown() for document in own], [True, True])
