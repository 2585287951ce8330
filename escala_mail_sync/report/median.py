"""The median as an aggregate: half of the values are below it, which one answer after a fortnight does not change."""

from odoo import models
from odoo.models import parse_read_group_spec
from odoo.tools import SQL


class EscalaMedianMixin(models.AbstractModel):
    """For models with fields that have `aggregator="median"`, which Odoo does not know by itself."""

    _name = "escala.median.mixin"
    _description = "Median of a Field"

    def _read_group_select(self, aggregate_spec, query):
        """Return the SQL of an aggregate, as in orm/models.py, with `field:median` in addition.

        Of an even number of values it is the mean of the two in the middle (PostgreSQL manual, percentile_cont).
        """
        if not aggregate_spec.endswith(":median"):
            return super()._read_group_select(aggregate_spec, query)
        name, _property, _median = parse_read_group_spec(aggregate_spec)
        # _field_to_sql checks whether the user may read the field
        return SQL(
            "percentile_cont(0.5) WITHIN GROUP (ORDER BY %s)", self._field_to_sql(self._table, name, query)
        )
