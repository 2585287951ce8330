"""What the tests of activities that ask for an answer share."""

from odoo.tests import new_test_user

from .common import MailboxCase


class AnswerCase(MailboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.partner"].create({"name": "Cliente", "is_company": True})
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ana", "email": "ana@cliente.example", "parent_id": cls.company.id}
        )
        cls.seller = new_test_user(cls.env, "seller", "sales_team.group_sale_salesman", lang="en_US")
        cls.personal.visibility = "shared"

    def receive(self, mailbox, copy=None, **values):
        """Have an e-mail come in, linked with the contact unless told otherwise; return it."""
        email = self.make_email(mailbox, **{"partner_ids": self.contact.ids, **values})
        email.mailbox_message_ids.write(copy or {})
        email._handle_received(mailbox)
        return email

    def answers(self, email, with_done=False):
        return (
            self.env["mail.activity"]
            .with_context(active_test=not with_done)
            .search([("escala_email_id", "in", email.ids)])
        )

    def make_lead(self, **values):
        return self.env["crm.lead"].create(
            {"name": "Obra", "partner_id": self.contact.id, "user_id": self.seller.id, **values}
        )
