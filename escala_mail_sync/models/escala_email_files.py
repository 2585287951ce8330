"""Files of e-mails that are kept where everybody finds them who works with the contact."""

from odoo import models
from odoo.exceptions import AccessError


class EscalaEmail(models.Model):
    _inherit = "escala.email"

    def save_file_to_contact(self, attachment_id: int, partner_id: int) -> dict:
        """Copy a file of the e-mail to the files of a contact, once.

        Raises AccessError if the user may not read the e-mail or not change the contact.

        :returns: `id` of the copy, and `is_new`: whether it was not there yet
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: whoever may read the e-mail may read its files
        file = self.sudo().attachment_ids.filtered(lambda each: each.id == attachment_id)
        if not file:
            raise AccessError(self.env._("This file is not one of the e-mail."))
        partner = self.env["res.partner"].browse(partner_id)
        partner.check_access("write")
        known = self.env["ir.attachment"].search(
            [
                ("res_model", "=", partner._name),
                ("res_id", "=", partner.id),
                ("checksum", "=", file.checksum),
                ("name", "=", file.name),
            ],
            limit=1,
        )
        # sudo: the contact is one that the user may write, and so may the files on it be
        copied = known or file.copy(
            {"res_model": partner._name, "res_id": partner.id, "name": file.name, "access_token": False}
        )
        return {"id": copied.id, "is_new": not known}
