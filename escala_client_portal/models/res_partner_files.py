"""Files in the documents of an account."""

from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _file_attachments(self, attachments, source):
        """Copy files to the account's own, each once for a source."""
        files = self.env["ir.attachment"].sudo()
        for attachment in attachments.sudo():
            description = f"{source._name},{source.id}"
            values = {
                "res_model": self._name,
                "res_id": self.id,
                "name": attachment.name,
                "description": description,
            }
            known = files.search(
                [
                    *((name, "=", value) for name, value in values.items()),
                    ("checksum", "=", attachment.checksum),
                ]
            )
            files |= known or attachment.copy(values)
        return files
