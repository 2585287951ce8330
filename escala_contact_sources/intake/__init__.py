"""What a request brings, without Odoo: its fields as texts, and which of a contact's they are."""

from .mapping import Intake, map_fields
from .origin import find_origins, get_origin
from .payload import Fault, PayloadError, flatten

__all__ = ["Fault", "Intake", "PayloadError", "find_origins", "flatten", "get_origin", "map_fields"]
