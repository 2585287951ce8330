"""Column types that Odoo lacks."""

from odoo import fields


class BigInteger(fields.Integer):
    """An integer of 64 bits: IMAP's UID and UIDVALIDITY are unsigned 32-bit numbers (RFC 9051, section
    2.3.1.1), its mod-sequences 63-bit ones (RFC 7162, section 3.1), and Odoo's Integer is a signed 32-bit one.
    """

    _column_type = ("int8", "int8")


class TsVector(fields.Text):
    """Words to be searched (PostgreSQL manual, "Text Search Types"), written as the text of a tsvector.

    Read by nobody: it is there for an index.
    """

    _column_type = ("tsvector", "tsvector")
    prefetch = False
