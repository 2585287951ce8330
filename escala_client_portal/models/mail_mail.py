"""E-mails leave for the addresses of a contact that want them, each on its own, and for no others."""

from odoo import api, fields, models
from odoo.exceptions import MissingError
from odoo.tools import email_normalize, formataddr, html2plaintext
from odoo.tools.mail import email_normalize_all

from ..notifying.addressing import Recipient, assign

# The key of the context under which a batch that is sent keeps the rows of all its recipients.
ROWS = "escala_client_rows"


class MailMail(models.Model):
    """What was chosen when the e-mail was made is asked once more when it leaves: a reminder that waited in the queue
    does not go to an address whose switch was turned off meanwhile.
    """

    _inherit = "mail.mail"

    client_recipients = fields.Json(
        "Addresses of Clients",
        readonly=True,
        help="By the id of a recipient, or an address: the rows of the account that it is written to at.",
    )
    notification_category_id = fields.Many2one("escala.notification.category", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        """Override: what is sent on a document without a message, by a template for instance, is sorted here."""
        mails = super().create(vals_list)
        rules = self.env["escala.notification.rule"]
        direct = self.browse(
            [
                mail.id
                for mail, vals in zip(mails, vals_list, strict=True)
                if vals.get("model")
                and vals.get("res_id")
                and not vals.get("mail_message_id")
                and rules._sorts_direct_mail(vals["model"])
            ]
        )
        for model, of_model in direct.grouped("model").items():
            of_model._address_to_clients_of(self.env[model].browse(of_model.mapped("res_id")))
        return mails

    def _address_to_clients_of(self, records):
        """Address e-mails to those addresses of the accounts of documents that want them.

        :param records: as many as e-mails, of one model
        """
        rules = self.env["escala.notification.rule"]
        # sudo: whose document it is, whoever writes about it
        customers = records.sudo()._mail_get_partners(introspect_fields=False)
        everybody = self.env["res.partner"].union(*customers.values())
        by_customer = self.env["escala.account.contact"]._get_of_customers(everybody)
        for mail, record in zip(self, records, strict=True):
            rule = rules._find(record)
            rows = self.env["escala.account.contact"].union(
                *(by_customer[one] for one in customers[record.id])
            )
            if rule and rows:
                mail._address_to_clients(rows, rule.category_id)

    def _address_to_clients(self, rows, category):
        """Address one e-mail to those of these rows that want its category, and leave other recipients alone."""
        recipients = [
            Recipient(str(partner.id), partner.id, partner.email_normalized)
            for partner in self.recipient_ids
            if partner.partner_share
        ]
        typed = email_normalize_all(f"{self.email_to or ''}, {self.email_cc or ''}")
        recipients += [Recipient(email, None, email) for email in typed]
        if chosen := assign(rows._as_addresses(category), recipients):
            self.write({"client_recipients": chosen, "notification_category_id": category.id})

    def _send(self, *args, **options):
        """Override: e-mails that nobody wants any more are cancelled.

        What the addresses want is read once for all of them; Odoo sends by the batch.
        """
        ids = {id_ for mail in self for each in (mail.client_recipients or {}).values() for id_ in each}
        mails = self.with_context(**{ROWS: self._find_client_rows(ids)})
        unwanted = mails.filtered(lambda mail: mail.state == "outgoing" and mail._is_unwanted())
        if unwanted:
            unwanted.cancel()
            # sudo: whoever sends may not otherwise write what became of the message
            notifications = self.env["mail.notification"].sudo()
            notifications.search([("mail_mail_id", "in", unwanted.ids)]).notification_status = "canceled"
        return super(MailMail, mails - unwanted)._send(*args, **options)

    def _is_unwanted(self):
        if not self.client_recipients:
            return False
        recipients = [str(partner_id) for partner_id in self.recipient_ids.ids]
        recipients += email_normalize_all(f"{self.email_to or ''}, {self.email_cc or ''}")
        of_clients = [key for key in recipients if key in self.client_recipients]
        return len(of_clients) == len(recipients) and not self._get_client_rows(of_clients)

    def _get_client_rows(self, keys):
        """Return the rows at which these recipients are to be written to, and still want it.

        :param keys: as in `client_recipients`
        """
        ids = [row_id for key in keys for row_id in self.client_recipients[key]]
        rows = self.env.context.get(ROWS)
        if not isinstance(rows, models.BaseModel):  # no browser can send records
            rows = self._find_client_rows(ids)
        wanted = (rows.browse(ids) & rows).with_prefetch(rows.ids)
        try:
            return wanted._filter_notified(self.notification_category_id)
        except MissingError:  # deleted since the batch began, whose e-mails leave one by one
            return wanted.exists()._filter_notified(self.notification_category_id)

    @api.model
    def _find_client_rows(self, ids):
        # sudo: e-mails are sent by whoever may not see the account
        return self.env["escala.account.contact"].sudo().search([("id", "in", list(ids))])

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Override: one e-mail for each address of a client."""
        emails = super()._prepare_outgoing_list(mail_server=mail_server, doc_to_followers=doc_to_followers)
        if not self.client_recipients:
            return emails
        addressed = []
        for email in emails:
            if email["partner_id"]:
                key = str(email["partner_id"].id)
                of_clients = [key] if key in self.client_recipients else []
                others = [] if of_clients else [email]
            else:
                of_clients = [key for key in email["email_to_normalized"] if key in self.client_recipients]
                others = self._leave_out_clients(email)
            addressed += others
            addressed += [self._address_to_row(email, row) for row in self._get_client_rows(of_clients)]
        return addressed

    def _leave_out_clients(self, email):
        """Return an e-mail to typed addresses without those of clients, in a list; an empty one if none is left."""
        left = {
            name: [
                address for address in email[name] if email_normalize(address) not in self.client_recipients
            ]
            for name in ("email_to", "email_cc", "email_to_normalized")
        }
        return [{**email, **left}] if left["email_to"] or left["email_cc"] else []

    @api.model
    def _address_to_row(self, email, row):
        body = row._add_activation_banner(email["body"])
        return {
            **email,
            "body": body,
            "body_alternative": html2plaintext(body),
            "email_cc": [],
            "email_to": [formataddr((row.contact_id.name or "", row.email))],
            "email_to_normalized": [row.email_normalized],
            "email_to_raw": row.email,
        }

    def _note_client_notifications(self):
        """Let the messages of e-mails to single addresses of clients know what becomes of them."""
        # sudo: as the e-mails themselves
        self.env["mail.notification"].sudo().create(
            [
                {
                    "author_id": mail.author_id.id,
                    "is_read": True,
                    "mail_email_address": next(iter(mail.client_recipients)),
                    "mail_mail_id": mail.id,
                    "mail_message_id": mail.mail_message_id.id,
                    "notification_status": "ready",
                    "notification_type": "email",
                }
                for mail in self
            ]
        )
