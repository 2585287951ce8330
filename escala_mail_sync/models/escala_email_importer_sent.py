"""What is sent from Odoo: brought in at once, and recognised in the folder of sent mail."""

from dataclasses import replace

from odoo import api, fields, models
from odoo.fields import Domain

from ..imap.folder_sync import FetchedHeader
from ..mime import parse_headers
from .escala_email_item import Item

DOCUMENTS = {"res.partner": "partner_ids", "crm.lead": "lead_ids"}


class EscalaEmailImporter(models.AbstractModel):
    _inherit = "escala.email.importer"

    @api.model
    def _store_sent(self, outgoing):
        """Store what was sent like what is found in the folder of sent mail, and return the e-mail.

        Whatever the mailbox brings in by itself: somebody has sent this from the CRM. It belongs to the document
        that it was written on, too.
        """
        mailbox = outgoing.mailbox_id
        raw = outgoing._get_own_copy()
        fetched = FetchedHeader(0, ("\\Seen",), fields.Datetime.now(), len(raw), raw)
        item = self._parse(Item(fetched, parse_headers(raw)), raw)
        classifier = self.env["escala.email.classifier"]
        [item.decision] = classifier._classify(mailbox, [item.parsed.headers], "sent")
        document = outgoing._get_document()
        if document and mailbox.link_to_crm and document._name in DOCUMENTS:
            getattr(item.decision, DOCUMENTS[document._name]).add(document.id)
        [(_item, email_id)] = self._create_emails(mailbox, [item], {})
        email = self.env["escala.email"].browse(email_id)
        email.write({"sent_mailbox_id": mailbox.id, "sent_by_id": outgoing.user_id.id})
        email._handle_received(mailbox)
        return email

    def _recognise_sent_here(self, mailbox, items: list[Item]) -> None:
        """Take the copies of what was sent from Odoo for the same e-mail, although the server may have changed them.

        Even their Message-ID, as Microsoft's does. Only in the folder of sent mail, where nobody else puts anything:
        Message-IDs can be forged.
        """
        copies = {
            message_id: item
            for item in items
            if item.parsed
            for message_id in item.parsed.headers.own_message_ids
        }
        tombstones = self.env["escala.mailbox.message"]._find_tombstones(mailbox, [*copies])
        for message_id, content_key in tombstones.items():
            copies[message_id].parsed = replace(copies[message_id].parsed, content_key=content_key)
        is_one_of_them = Domain("message_id", "in", [*copies]) | Domain("server_message_id", "in", [*copies])
        emails = self.env["escala.email"].search_fetch(
            is_one_of_them & Domain("sent_mailbox_id", "=", mailbox.id),
            ["message_id", "server_message_id", "content_key"],
        )
        for email in emails:
            item = copies.get(email.message_id) or copies[email.server_message_id]
            item.parsed = replace(item.parsed, content_key=email.content_key)
            message_id = item.parsed.headers.message_id
            if message_id not in (email.message_id, email.server_message_id, ""):
                email._note_server_message_id(message_id)
