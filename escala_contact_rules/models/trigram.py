"""Indexes for searches of part of a text."""

from odoo.modules.db import FunctionStatus


def trigram_index(column: str):
    """Return the definition of an index that ILIKE '%…%' on this column can use, for `models.Index`.

    As of Odoo's own `index="trigram"` (odoo/orm/registry.py, `check_indexes`), which a column that has another
    index cannot have. None where Postgres lacks the extension pg_trgm: the search works there too, slowly.
    """

    def definition(registry) -> str:
        if not registry.has_trigram:
            return ""
        expression = f'"{column}"'
        if registry.has_unaccent == FunctionStatus.INDEXABLE:
            expression = registry.unaccent(expression)
        return f"USING gin ({expression} gin_trgm_ops)"

    return definition
