"""Documents as they are compared: names in place of ids, and no creation times."""

from __future__ import annotations

from collections.abc import Mapping

from codegen.ir.types import JsonValue


def named(value: JsonValue, names: Mapping[str, str]) -> JsonValue:
    """A value of JSON, with the names of documents for their ids."""
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, list):
        return [named(item, names) for item in value]
    if isinstance(value, dict):
        return {
            names.get(name, name): named(item, names)
            for name, item in value.items()
            if name != "_creationTime"
        }
    return value
