from collections import defaultdict

from odoo import models
from odoo.tools import email_normalize_all

# What came in, and what somebody sends: of the latter, messages of Odoo's tell its author what became of it.
PRIVATE_MODELS = ("escala.email", "escala.email.outgoing")


class MailMessage(models.Model):
    _inherit = "mail.message"

    def export_data(self, fields_to_export):
        """Ask for access to the e-mails: core lets administrators export any message, whatever its document."""
        # sudo: only to see which messages are those of e-mails
        of_emails = self.sudo().filtered(lambda message: message.model in PRIVATE_MODELS).sudo(False)
        of_emails.check_access("read")
        return super().export_data(fields_to_export)

    def _get_addressees(self) -> dict[int, set[str]]:
        """Map the ids of these messages to the addresses that they went to, and those of the document's customers.

        Of contacts all addresses count, as people answer from any of theirs. For messages on documents that exist.
        """
        customers = self._get_customers()
        mails = self.env["mail.mail"].search([("mail_message_id", "in", self.ids)])
        mails_by_message = mails.grouped("mail_message_id")
        addressees = {}
        for message in self:
            partners, texts = customers[message.model, message.res_id]
            of_message = mails_by_message.get(message, mails.browse())
            partners |= message.partner_ids | message.notified_partner_ids | of_message.recipient_ids
            texts = [
                *texts,
                message.outgoing_email_to,
                *message.notification_ids.mapped("mail_email_address"),
                *of_message.mapped("email_to"),
            ]
            addressees[message.id] = {
                *(address for text in filter(None, texts) for address in email_normalize_all(text)),
                *partners.mapped("email_normalized"),
                *partners.alternative_email_ids.mapped("email_normalized"),
            } - {False}
        return addressees

    def _get_customers(self) -> dict[tuple[str, int], tuple]:
        """Map documents, as (model, id), to their contacts and to a list of addresses written on them."""
        customers = {}
        ids_by_model = defaultdict(set)
        for message in self:
            ids_by_model[message.model].add(message.res_id)
        for model, ids in ids_by_model.items():
            documents = self.env[model].browse(ids)
            partners, emails = documents._mail_get_partners(), documents._mail_get_primary_email()
            for id_ in ids:
                customers[model, id_] = partners[id_], [emails[id_]]
        return customers
