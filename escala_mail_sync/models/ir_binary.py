from odoo import models


class IrBinary(models.AbstractModel):
    _inherit = "ir.binary"

    def _find_record(self, xmlid=None, res_model="ir.attachment", res_id=None, access_token=None, field=None):
        """Let no token open a file of an e-mail: one that was made while it was shared would do so for weeks after.

        Whoever may read the e-mail needs none (base/models/ir_binary.py; odoo/tools/misc.py,
        limited_field_access_token).
        """
        if access_token and res_model == "ir.attachment" and res_id:
            # sudo: only to see whether it is a file of an e-mail
            attachment = self.env["ir.attachment"].sudo().browse(res_id).exists()
            if attachment.res_model == "escala.email":
                access_token = None
        return super()._find_record(xmlid, res_model, res_id, access_token, field)
