"""What is brought in goes on the accounts of the addresses in it, with its files where that is wanted."""

from odoo import models


class EscalaEmailImporter(models.AbstractModel):
    _inherit = "escala.email.importer"

    def _create_emails(self, mailbox, items, leads):
        """Put what this mailbox brings in on the accounts; a mailbox without *Link to CRM* puts nothing anywhere."""
        rows = super()._create_emails(mailbox, items, leads)
        if mailbox.link_to_crm:
            self.env["escala.email"].browse(email_id for _item, email_id in rows)._link_accounts()
        return rows

    def _write_ledger(self, folder, uidvalidity, stored, failed, moved):
        """Save the files of what is here from another mailbox already: this one may be the first that shares it."""
        result = super()._write_ledger(folder, uidvalidity, stored, failed, moved)
        copies = self.env["escala.email"].browse(email_id for item, email_id in stored if not item.is_new)
        copies._attempt(copies._save_attachments)
        return result
