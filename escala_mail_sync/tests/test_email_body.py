from odoo.tests import tagged

from .common import MailboxCase


@tagged("post_install", "-at_install")
class TestEmailBody(MailboxCase):
    def assert_body(self, given, shown):
        email = self.make_email(self.personal)
        email.mail_message_id.body = given
        self.assertEqual(email.body, shown)
        self.assertEqual(email.has_remote_images, given != shown)

    def test_own_images_are_shown(self):
        self.assert_body(*['<p>Hola <img src="/web/image/42"></p>'] * 2)

    def test_nothing_is_fetched_from_elsewhere(self):
        for url in (
            "https://tracker.example/p.gif",
            "HTTP://tracker.example/p.gif",
            "//tracker.example/p.gif",
            "/\\tracker.example/p.gif",
            "\\\\tracker.example/p.gif",
            " https://tracker.example/p.gif",
            "/web/session/logout",
        ):
            with self.subTest(url):
                email = self.make_email(self.personal)
                email.mail_message_id.body = f'<p>Hola <img src="{url}" alt="x"></p>'
                self.assertNotIn("tracker", email.body)
                self.assertNotIn("logout", email.body)
                self.assertIn('alt="x"', email.body)
                self.assertTrue(email.has_remote_images)
                self.assertEqual(email.body_with_remote_images, email.mail_message_id.body)
