"""What the portal's own pages notify clients of."""

from markupsafe import Markup

from odoo.fields import Command
from odoo.tests import Form
from odoo.tests.common import new_test_user, tagged

from .test_notifications import NotificationCase


@tagged("post_install", "-at_install")
class TestNotifyClient(NotificationCase):
    def notify(self, category="documents", subject="A new document", **values):
        with self.mock_mail_gateway():
            self.mails = self.vineyard._notify_client(category, subject, **values)
        return self.sent()

    def test_it_goes_to_each_address_that_wants_it(self):
        self.give_access(self.vineyard, self.ana)
        self.give_access(self.vineyard, self.ana, "ana@correo.example")
        self.give_access(self.vineyard, self.otto, notify=False)
        self.give_access(self.garage, self.otto)
        got = self.notify(body=Markup("<p>The <b>plan</b></p>"))
        self.assertEqual(got, ["ana@correo.example", "ana@vinedo.example"])
        self.assertIn("The <b>plan</b>", self._mails[0]["body"])
        self.assertEqual(self._mails[0]["subject"], "A new document")

    def test_categories_are_chosen_one_by_one(self):
        row = self.give_access(self.vineyard, self.ana)
        row.muted_category_ids = self.env.ref("escala_client_portal.notification_category_documents")
        self.assertEqual(self.notify("documents", body="x"), [])
        self.assertEqual(self.notify("signatures", body="x"), ["ana@vinedo.example"])

    def test_a_new_category_is_on(self):
        self.give_access(self.vineyard, self.ana)
        self.env["escala.notification.category"].create({"key": "tastings", "name": "Tastings"})
        self.assertEqual(self.notify("tastings", body="x"), ["ana@vinedo.example"])

    def test_an_unknown_category_is_an_error(self):
        with self.assertRaises(ValueError):
            self.vineyard._get_notified_addresses("nonsense")

    def test_an_address_that_two_share_is_written_to_once(self):
        self.otto.alternative_email_ids = [Command.create({"email": "office@vinedo.example"})]
        self.give_access(self.vineyard, self.otto, "office@vinedo.example")
        twin = self.contact("Uwe", "uwe@vinedo.example")
        row = self.give_access(self.vineyard, twin)
        # another contact's address is refused by hand; a merge or an import may leave one
        self.env.cr.execute(
            "UPDATE escala_account_contact SET email_normalized = 'office@vinedo.example' WHERE id = %s",
            [row.id],
        )
        row.invalidate_recordset()
        self.assertEqual(len(self.vineyard._get_notified_addresses("documents")), 1)

    def test_while_activation_is_pending_it_asks_for_that(self):
        self.give_access(self.vineyard, self.ana, login=True)
        self.notify(body="x")
        self.assertIn("Activate your account", self._mails[0]["body"])
        self.assertNotIn("Activate your account", self.mails.body_html)

    def test_text_is_no_html(self):
        self.give_access(self.vineyard, self.ana)
        self.notify(body="<script>1</script>\nWe call you")
        self.assertNotIn("<script>", self._mails[0]["body"])
        self.assertIn("<br>We call you", self._mails[0]["body"])

    def test_who_did_it_is_not_notified(self):
        self.give_access(self.vineyard, self.otto)
        row = self.give_access(self.vineyard, self.ana, login=True)
        vineyard = self.vineyard.with_user(row.login_id.user_id)
        with self.mock_mail_gateway():
            vineyard._notify_client("messages", "A message", "Hello")
        self.assertEqual(self.sent(), ["otto@vinedo.example"])
        self.assertIn(self.env.company.partner_id.email_normalized, self._mails[0]["email_from"])

    def test_colleagues_sign_with_their_name(self):
        self.give_access(self.vineyard, self.ana)
        seller = new_test_user(
            self.env, "n_signer", email="signer@nordica.example", groups="base.group_user", lang="en_US"
        )
        with self.mock_mail_gateway():
            self.vineyard.with_user(seller)._notify_client("messages", "A message", "Hello")
        self.assertIn("signer@nordica.example", self._mails[0]["email_from"])

    def test_a_template_is_written_in_the_language_of_each(self):
        self.env["res.lang"]._activate_lang("en_US")
        self.otto.lang = "es_ES"
        self.ana.lang = "en_US"
        template = self.env["mail.template"].create(
            {
                "name": "Ready",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "subject": "Ready: {{ object.name }}",
                "body_html": "<p>See <t t-out='object.name'/></p>",
            }
        )
        template.with_context(lang="es_ES").subject = "Listo: {{ object.name }}"
        self.env["ir.model.data"].create(
            {"module": "test", "name": "ready", "model": "mail.template", "res_id": template.id}
        )
        self.give_access(self.vineyard, self.ana)
        self.give_access(self.vineyard, self.otto)
        self.notify("proposals", "test.ready", record=self.lead)
        subjects = {email["email_to"][0].split('"')[1]: email["subject"] for email in self._mails}
        self.assertEqual(subjects, {"Ana": "Ready: A roof", "Otto": "Listo: A roof"})
        self.assertIn("See A roof", self._mails[0]["body"])

    def test_switched_off_before_it_leaves(self):
        row = self.give_access(self.vineyard, self.ana)
        mail = self.vineyard._notify_client("documents", "A new document", "x")
        mail.state = "outgoing"
        row.notify = False
        with self.mock_mail_gateway():
            mail.send()
        self.assertEqual((self._mails, mail.state), ([], "cancel"))
        notification = self.env["mail.notification"].search([("mail_mail_id", "=", mail.id)])
        self.assertEqual(notification.notification_status, "canceled")

    def test_the_dialog_shows_what_is_on(self):
        row = self.give_access(self.vineyard, self.ana)
        everything = self.env["escala.notification.category"].search([])
        self.assertEqual(row.notified_category_ids, everything)
        row.notified_category_ids -= self.proposals
        self.assertEqual(row.muted_category_ids, self.proposals)
        action = row.action_notification_preferences()
        form = Form(row.with_user(self.seller), view=action["views"][0][0])
        form.notified_category_ids.remove(everything[0].id)
        form.save()
        self.assertEqual(row.muted_category_ids, self.proposals | everything[0])

    def test_an_account_of_another_company_hears_from_that(self):
        """Also from a scheduled action, which is none of that company's."""
        company = self.env["res.company"].create({"name": "Sur", "email": "hola@sur.example"})
        self.vineyard.company_id = company
        self.give_access(self.vineyard, self.ana)
        record = self.env["escala.client.request"].create(
            {"name": "Bank statements", "account_id": self.vineyard.id}
        )
        for about in ({"body": "x"}, {"body": "x", "record": record}):
            with self.subTest(about=about):
                self.assertEqual(self.env.company, self.env.ref("base.main_company"))
                self.notify(**about)
                self.assertIn("Sur", self._mails[0]["body"])
                self.assertNotIn(self.env.company.name, self._mails[0]["body"])
                self.assertIn("hola@sur.example", self._mails[0]["email_from"])
