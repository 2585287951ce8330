"""Read e-mail: bytes in, plain Python values out. Imports nothing from Odoo and touches no network."""

from .addresses import Address
from .headers import HEADER_FIELDS, Headers, is_read_by_nobody, parse_headers
from .parser import Attachment, ParsedEmail, ParseError, parse_email
from .vcard import CardReading, Problem, VCard, VCardError, is_vcard, parse_vcards, read_cards

__all__ = [
    "HEADER_FIELDS",
    "Address",
    "Attachment",
    "CardReading",
    "Headers",
    "ParseError",
    "ParsedEmail",
    "Problem",
    "VCard",
    "VCardError",
    "is_read_by_nobody",
    "is_vcard",
    "parse_email",
    "parse_headers",
    "parse_vcards",
    "read_cards",
]
