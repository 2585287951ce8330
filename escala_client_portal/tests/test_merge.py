"""Merging contacts or accounts loses no access and gives none."""

from .common import ClientPortalCase


class TestMerge(ClientPortalCase):
    def merge(self, source, destination):
        self.env["base.partner.merge.automatic.wizard"]._merge((source | destination).ids, destination)
        self.env.flush_all()
        self.env.invalidate_all()

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
