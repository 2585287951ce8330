"""What a caller may put into the context of Odoo."""

from collections.abc import Iterable


def without_defaults(records, names: Iterable[str]):
    """Return the records without default values of these fields in their context: `create` takes them like values."""
    keys = {f"default_{name}" for name in names}
    context = {key: value for key, value in records.env.context.items() if key not in keys}
    return records.with_env(records.env(context=context))
