"""Invitations to fill in a form are addressed to who wants forms."""

from odoo.tests.common import tagged

from odoo.addons.escala_client_portal.tests.common import ClientPortalCase


@tagged("post_install", "-at_install")
class TestFormCategory(ClientPortalCase):
    def test_an_invitation_is_addressed_to_who_wants_it(self):
        forms = self.env.ref("escala_client_portal.notification_category_organizers")
        unwanted = self.give_access(self.vineyard, self.ana)
        unwanted.muted_category_ids = forms
        wanted = self.give_access(self.vineyard, self.ana, "ana@correo.example")
        question = {"title": "Which roof?", "question_type": "char_box"}
        survey = self.env["survey.survey"].create(
            {"title": "Data", "access_mode": "token", "question_and_page_ids": [(0, 0, question)]}
        )
        action = survey.action_send_survey()
        invite = self.env["survey.invite"].with_context(**action["context"])
        invite.create({"partner_ids": self.ana.ids}).action_invite()
        mail = self.env["mail.mail"].search([("recipient_ids", "in", self.ana.ids)])
        self.assertEqual(mail.client_recipients, {str(self.ana.id): wanted.ids})
