"""What a caller may put into the context of Odoo."""

from collections.abc import Iterable, Mapping


def without_defaults(context: Mapping, names: Iterable[str]) -> dict:
    """Return a context without the default values of these fields: `create` takes them like values."""
    keys = {f"default_{name}" for name in names}
    return {key: value for key, value in context.items() if key not in keys}
