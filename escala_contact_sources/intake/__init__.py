"""What a request brings, without Odoo: its fields as texts, and which of a contact's they are."""

from .mapping import Intake, map_fields
from .origin import get_origin
from .payload import PayloadError, flatten

__all__ = ["Intake", "PayloadError", "flatten", "get_origin", "map_fields"]
