"""The fields of a request, flat: name -> texts."""

import enum
from collections.abc import Iterable

MAX_FIELDS, MAX_LENGTH, MAX_DEPTH = 100, 10_000, 4


class Fault(enum.Enum):
    """Why a payload cannot be taken in."""

    TOO_MANY = enum.auto()
    TOO_LONG = enum.auto()
    TOO_DEEP = enum.auto()
    NO_OBJECT = enum.auto()
    FILES = enum.auto()


class PayloadError(ValueError):
    """A payload that cannot be taken in.

    :param fault: why; the words for it are where they can be translated
    """

    def __init__(self, fault: Fault):
        super().__init__(fault)
        self.fault = fault


def flatten(pairs: Iterable[tuple[str, object]]) -> dict[str, list[str]]:
    """Return the fields of a form or of a JSON object as texts; a nested name is joined with dots.

    Empty values are left out, and so is what Postgres does not store.

    >>> flatten({"name": "Ana", "emails": ["a@x.example", "b@x.example"], "address": {"city": "Burgos"}}.items())
    {'name': ['Ana'], 'emails': ['a@x.example', 'b@x.example'], 'address.city': ['Burgos']}

    :raises PayloadError: too many fields, too long or nested too deep
    """
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        for path, text in _leaves(_clean(str(name)), value, MAX_DEPTH):
            if text:
                fields.setdefault(path, []).append(text)
    if sum(map(len, fields.values())) > MAX_FIELDS:
        raise PayloadError(Fault.TOO_MANY)
    if any(len(text) > MAX_LENGTH for texts in fields.values() for text in texts):
        raise PayloadError(Fault.TOO_LONG)
    return fields


def _leaves(path: str, value, depth: int):
    if value is None or value is False:
        return
    if not depth:
        raise PayloadError(Fault.TOO_DEEP)
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(f"{path}.{_clean(str(name))}", inner, depth - 1)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _leaves(path, inner, depth - 1)
    else:
        yield path, _clean(str(value))


def _clean(text: str) -> str:
    return text.replace("\0", "").encode(errors="ignore").decode().strip()
