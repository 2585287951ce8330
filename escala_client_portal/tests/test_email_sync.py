from .common import ClientPortalCase


class TestEmailSync(ClientPortalCase):
    """Whose mail mailboxes bring in that are for chosen contacts."""

    def synced(self, *emails):
        return self.env["res.partner"]._get_synced_addresses(dict.fromkeys(emails, self.ana))

    def test_switch_of_an_account_decides_for_its_address(self):
        row = self.give_access(self.vineyard, self.ana, "ana@correo.example", email_sync=True)
        self.assertEqual(self.synced("ana@vinedo.example", "ana@correo.example"), {"ana@correo.example"})
        self.ana.email_sync = True
        row.email_sync = False
        self.assertEqual(self.synced("ana@vinedo.example", "ana@correo.example"), {"ana@vinedo.example"})

    def test_one_account_where_it_is_on_is_enough(self):
        self.give_access(self.vineyard, self.ana, email_sync=False)
        self.give_access(self.garage, self.ana, email_sync=True)
        self.assertEqual(self.synced("ana@vinedo.example"), {"ana@vinedo.example"})

    def test_switching_it_on_asks_for_the_history(self):
        self.env["escala.mailbox"].create(
            {"email": "team@nordica.example", "kind": "shared", "imap_host": "imap.nordica.example"}
        ).state = "connected"
        row = self.give_access(self.vineyard, self.ana, email_sync=False)
        requests = self.env["escala.history.request"]
        requests.search([]).unlink()
        row.notify = False
        self.assertFalse(requests.search([]))
        row.email_sync = True
        self.assertEqual(requests.search([]).mapped("email"), ["ana@vinedo.example"])
