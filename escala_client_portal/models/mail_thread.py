"""Whom of an account Odoo's notifications on its documents go to."""

from odoo import models
from odoo.tools import email_normalize_all

from ..notifying.addressing import Recipient, assign


class MailThread(models.AbstractModel):
    """The recipients that are on the customer's account are written to at the addresses that want the category of
    the message, and others of the account join them where the message's rule says so. All other recipients stay.
    """

    _inherit = "mail.thread"

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Override: see the class. A recipient of an account has `client_row_ids`, its rows."""
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        rule = self._get_notification_rule(message, msg_vals or {})
        # sudo: whose document it is, whoever posts on it
        customers = self.sudo()._mail_get_partners(introspect_fields=False)[self.id] if rule else None
        if not customers:
            return recipients
        by_customer = self.env["escala.account.contact"]._get_of_customers(customers)
        rows = self.env["escala.account.contact"].sudo().union(*by_customer.values())
        if not rule._is_shown(self):
            recipients = self._leave_out_unnamed(message, msg_vals or {}, recipients, rows)
        elif rule.notifies_all and self._is_for_customers(message, msg_vals or {}, kwargs):
            accounts = customers | customers.commercial_partner_id
            joining = rows.filtered(lambda row: row.account_id in accounts)
            recipients += self._get_other_recipients(message, msg_vals or {}, kwargs, recipients, joining)
        return self._address_to_clients(message, recipients, rows, rule.category_id)

    def _get_notification_rule(self, message, msg_vals):
        rules = self.env["escala.notification.rule"]
        if not self or not rules._get_of_model(self._name):
            return rules
        subtype_id = msg_vals["subtype_id"] if "subtype_id" in msg_vals else message.sudo().subtype_id.id
        return rules._find(self, subtype_id)

    def _is_for_customers(self, message, msg_vals, options):
        """Tell whether the message is of a kind that customers who follow the document are sent."""
        message = message.sudo()  # sudo: only asked what kind of message it is
        if options.get("notify_skip_followers") or message.message_type == "user_notification":
            return False
        subtypes = message.subtype_id
        if "subtype_id" in msg_vals:
            subtypes = subtypes.browse(msg_vals["subtype_id"])
        return bool(subtypes) and not subtypes.internal and not message.is_internal

    def _leave_out_unnamed(self, message, msg_vals, recipients, rows):
        """Return the recipients without those of these rows who only follow the document."""
        # sudo: whom a message names does not depend on who may see them
        named = msg_vals["partner_ids"] if "partner_ids" in msg_vals else message.sudo().partner_ids.ids
        contact_ids, emails = set(rows.contact_id.ids), set(rows.mapped("email_normalized"))
        return [
            recipient
            for recipient in recipients
            if not recipient["share"]
            or not recipient["is_follower"]
            or recipient["id"] in named
            or not (recipient["id"] in contact_ids or recipient["email_normalized"] in emails)
        ]

    def _get_other_recipients(self, message, msg_vals, options, recipients, rows):
        """Return the contacts of these rows that are no recipients yet, as Odoo describes recipients.

        As always, nobody is sent what he has written.
        """
        author_id = msg_vals.get("author_id") or message.author_id.id
        contacts = rows.contact_id - rows.contact_id.browse(
            [*(recipient["id"] for recipient in recipients), self._message_compute_real_author(author_id).id]
        )
        if options.get("skip_existing"):
            contacts -= (
                message.sudo().notified_partner_ids
            )  # sudo: who was notified already, at an earlier try
        data = self.env["mail.followers"]._get_recipient_data(self, "user_notification", False, contacts.ids)
        return [person for person in data[self.id].values() if person["active"] and person["share"]]

    def _address_to_clients(self, message, recipients, rows, category):
        message = message.sudo()  # sudo: whom the e-mail that the message was made of had gone to
        emailed = email_normalize_all(f"{message.incoming_email_to or ''}, {message.incoming_email_cc or ''}")
        external = [
            Recipient(index, recipient["id"], recipient["email_normalized"])
            for index, recipient in enumerate(recipients)
            if recipient["share"] and recipient["notif"] == "email"
        ]
        chosen = assign(rows._as_addresses(category), external, emailed)
        return [
            {**recipient, "client_row_ids": chosen[index], "client_category_id": category.id}
            if index in chosen
            else recipient
            for index, recipient in enumerate(recipients)
            if chosen.get(index) != []
        ]

    def _notify_by_email_get_base_mail_values(self, message, recipients_data, additional_values=None):
        """Override: e-mails know at which addresses clients want them; no client's main one is shown to others."""
        clients = [recipient for recipient in recipients_data if recipient.get("client_row_ids")]
        others = [recipient for recipient in recipients_data if not recipient.get("client_row_ids")]
        values = super()._notify_by_email_get_base_mail_values(message, others, additional_values)
        if clients:
            values["client_recipients"] = {
                str(client["id"] or client["email_normalized"]): client["client_row_ids"]
                for client in clients
            }
            values["notification_category_id"] = clients[0]["client_category_id"]
        return values
