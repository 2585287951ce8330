"""Importing who has access to what: a file with accounts, contacts, addresses and switches."""

from odoo import api, models
from odoo.tools import email_normalize


class EscalaAccountContact(models.Model):
    _inherit = "escala.account.contact"

    @api.model
    def get_import_templates(self):
        """Offer a file to begin with on the import screen (as base/models/res_partner.py)."""
        return [
            {
                "label": self.env._("Template for access to client accounts"),
                "template": "/escala_client_portal/static/import/client_access.csv",
            }
        ]

    @api.model
    def _load_records(self, data_list, update=False):
        """Override: an address that is on the account already gets the switches of the file."""
        there = self._find_imported(data_list)
        new = [data for data, row in zip(data_list, there, strict=True) if not row]
        made = iter(super()._load_records(new, update=update))
        rows = self.browse()
        for data, row in zip(data_list, there, strict=True):
            if row:
                row.write(data["values"])
            rows += row or next(made)
        return rows

    @api.model
    def _find_imported(self, data_list):
        """Return for each row of the file the one that says the same account, contact and address, or none.

        Rows with an id of their own (`id` or `.id`) are Odoo's matter. Without an address, the contact's main one
        is meant.
        """
        values_list = [data["values"] if not data.get("xml_id") else {} for data in data_list]
        contacts = self.env["res.partner"].browse(
            {values["contact_id"] for values in values_list if values.get("contact_id")}
        )
        accounts = {values["account_id"] for values in values_list if values.get("account_id")}
        rows = self.search([("account_id", "in", list(accounts)), ("contact_id", "in", contacts.ids)])
        by_key = {(row.account_id.id, row.contact_id.id, row.email_normalized): row for row in rows}
        main = {contact.id: (contact._get_emails_normalized() or [False])[0] for contact in contacts}
        return [
            by_key.get(
                (
                    values.get("account_id"),
                    values.get("contact_id"),
                    email_normalize(values.get("email") or "") or main.get(values.get("contact_id")),
                ),
                self.browse(),
            )
            for values in values_list
        ]
