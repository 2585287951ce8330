"""What a source says of a field of its form."""

from odoo import fields, models

TARGETS = [
    ("name", "Name"),
    ("first_name", "First name"),
    ("last_name", "Last name"),
    ("email", "E-mail"),
    ("phone", "Phone"),
    ("company_name", "Company name"),
    ("function", "Job position"),
    ("street", "Street"),
    ("zip", "ZIP"),
    ("city", "City"),
    ("country", "Country"),
    ("website", "Website"),
    ("lang", "Language"),
    ("subject", "Subject of the lead"),
    ("message", "Message"),
    ("consent", "Consent"),
    ("ignore", "Nothing"),
]


class ContactSourceMapping(models.Model):
    """Goes before what the field's name says (intake/mapping.py)."""

    _name = "contact.source.mapping"
    _description = "Field of a Registration Source"
    _order = "sequence, id"
    _rec_name = "field_name"

    source_id = fields.Many2one("contact.source", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    field_name = fields.Char("Field of the Form", required=True)
    target = fields.Selection(TARGETS, "Is", required=True)

    _one_per_field = models.UniqueIndex("(source_id, field_name)", "This field is in the list already.")
