from odoo import fields, models


class IrUiView(models.Model):
    _inherit = "ir.ui.view"

    type = fields.Selection(selection_add=[("email_workspace", "E-mails")])

    def _get_view_info(self):
        return {"email_workspace": {"icon": "fa fa-columns"}} | super()._get_view_info()

    def _validate_tag_email_workspace(self, node, _name_manager, node_info):
        """Refuse what the view would not show: it has no fields and no buttons of its own."""
        if node_info["validate"] and len(node):
            self._raise_view_error(self.env._("A view of e-mails can hold nothing."), node)
