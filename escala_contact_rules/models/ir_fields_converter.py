"""An import of contacts looks each name up once: the country, the title, the tag that thousands of rows share."""

from odoo import api, models


class IrFieldsConverter(models.AbstractModel):
    _inherit = "ir.fields.converter"

    @api.model
    def db_id_for(self, model, field, subfield, value, savepoint):
        """Override: within one import of contacts, remember what a name stands for.

        Odoo searches again for every row. What the import itself may create is not remembered: a contact in a
        later row may have the name too.
        """
        report = self.env.context.get("registration_report")
        if report is None or subfield is not None or field.comodel_name == "res.partner":
            return super().db_id_for(model, field, subfield, value, savepoint)
        path = (*self.env.context.get("parent_fields_hierarchy", ()), field.name)
        key = (model._name, path, value)
        if key not in report.names:
            report.names[key] = super().db_id_for(model, field, subfield, value, savepoint)
        return report.names[key]
