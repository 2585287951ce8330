from lxml import html

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
        email = self.make_email(self.personal)
        image = self.env["ir.attachment"].create(
            {"name": "foto.png", "res_model": "mail.message", "res_id": email.mail_message_id.id}
        )
        email.mail_message_id.attachment_ids = image
        body = f'<p style="background: url(/web/image/{image.id})">Hola <img src="/web/image/{image.id}"></p>'
        email.mail_message_id.body = body
        self.assertEqual(email.body, email.mail_message_id.body)
        self.assertIn(f'src="/web/image/{image.id}"', email.body)
        self.assertFalse(email.has_remote_images)

    def test_images_of_this_odoo_that_are_not_of_the_email_are_not(self):
        image = self.env["ir.attachment"].create({"name": "nomina.png"})
        for url in (f"/web/image/{image.id}", f"/web/image/{image.id}?a=1", f"/web/image/{image.id}-abc"):
            with self.subTest(url):
                email = self.make_email(self.personal)
                email.mail_message_id.body = f'<p>Hola <img src="{url}" alt="x"></p>'
                self.assertEqual(email.body, '<p>Hola <img alt="x"></p>')

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

    def test_a_number_that_is_too_long_makes_no_email_unreadable(self):
        for number in ("1" * 5000, "9" * 10):
            with self.subTest(digits=len(number)):
                email = self.make_email(self.personal)
                email.mail_message_id.body = f'<p>Hola <img src="/web/image/{number}" alt="x"></p>'
                self.assertEqual(email.body, '<p>Hola <img alt="x"></p>')

    def test_what_is_left_out_tears_no_tag_open(self):
        """What a stranger has written between quotes, here and there, must not become an attribute."""
        email = self.make_email(self.personal)
        email.mail_message_id.body = (
            """<p>a <img alt=" src='"> ' "onerror="alert(1)" src="/web/image/1" x="</p><p>" b</p>"""
        )
        [image] = html.fragment_fromstring(email.body, create_parent=True).iter("img")
        self.assertEqual(dict(image.attrib), {"alt": " src='"})
