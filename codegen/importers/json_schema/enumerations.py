"""`enum` and `const`: the values that are left when several of them hold together."""

from __future__ import annotations

import json
from collections.abc import Iterable

from codegen.ir.types import ANY, NULL, STRING, Array, Literal, Record, Type
from codegen.ir.values import INT64

from ..losses import KEYWORD, Losses
from ..places import Json, Place
from .conjunction import Part
from .patterns import python_pattern
from .unions import union_of


def listed(parts: Iterable[Part]) -> tuple[list[Json], Place, str] | None:
    """The values that all enumerations have, and where the first one stands."""
    found: tuple[list[Json], Place, str] | None = None
    for part in parts:
        for keyword in ("enum", "const"):
            if keyword not in part.schema:
                continue
            value = part.schema[keyword]
            if keyword == "const":
                values = [value]
            elif isinstance(value, list):
                values = value
            else:
                continue
            if keyword == "enum" and part.schema.get("nullable") is True:
                values = [*values, None]
            if found is None:
                found = values, part.place, keyword
            else:
                known = {_key(value) for value in values}
                found = [v for v in found[0] if _key(v) in known], found[1], found[2]
    if found is None:
        return None
    distinct = {_key(value): value for value in found[0]}
    return [*distinct.values()], found[1], found[2]


def literals(
    values: Iterable[Json], kinds: set[str], place: Place, keyword: str, losses: Losses
) -> Type:
    """The union of the values; `kinds` are the JSON types that they may have.

    An object or an array can't be a literal: it becomes any object, any array.
    """
    arms: list[Type] = []
    for value in values:
        if value is None:
            arms.append(NULL)
        elif isinstance(value, (dict, list)):
            what = "an object" if isinstance(value, dict) else "an array"
            message = (
                f"a value of `{keyword}` is {what}; here any other is allowed, too"
            )
            losses.lost(KEYWORD, place, message, keyword)
            arms.append(Record(STRING, ANY) if isinstance(value, dict) else Array(ANY))
        elif isinstance(value, int) and not isinstance(value, bool):
            if "integer" not in kinds or value not in INT64:
                arms.append(Literal("number", float(value)))
            else:
                arms.append(Literal.of(value))
        elif isinstance(value, float) and value.is_integer() and "number" not in kinds:
            arms.append(Literal.of(int(value)))
        else:
            arms.append(Literal.of(value))
    return union_of(arms)


def kind_of(value: Json) -> str:
    """The JSON type of a value; a whole number is an integer."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "integer" if float(value).is_integer() else "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def keeps(value: Json, part: Part) -> bool:
    """Whether a value keeps to the bounds that a schema has for its kind."""
    schema = part.schema
    if isinstance(value, str):
        return _within(len(value), schema, "Length") and _matches(value, schema)
    if isinstance(value, list):
        return _within(len(value), schema, "Items")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _compares(value, schema)
    return True


def _within(length: int, schema: dict[str, Json], what: str) -> bool:
    least, most = schema.get(f"min{what}"), schema.get(f"max{what}")
    if isinstance(least, (int, float)) and length < least:
        return False
    return not (isinstance(most, (int, float)) and length > most)


def _matches(value: str, schema: dict[str, Json]) -> bool:
    pattern = schema.get("pattern")
    if not isinstance(pattern, str):
        return True
    made = python_pattern(pattern)
    return isinstance(made, str) or made.matches(value)


def _compares(value: int | float, schema: dict[str, Json]) -> bool:
    least, most = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if isinstance(least, (int, float)) and (
        value < least or (above is True and value == least)
    ):
        return False
    if isinstance(most, (int, float)) and (
        value > most or (below is True and value == most)
    ):
        return False
    if _is_number(above) and value <= float(str(above)):
        return False
    return not (_is_number(below) and value >= float(str(below)))


def _is_number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _key(value: Json) -> str:
    """Equal for values that JSON Schema takes for equal: 1 and 1.0, not 1 and true."""
    return json.dumps(_whole(value), sort_keys=True)


def _whole(value: Json) -> Json:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {name: _whole(item) for name, item in value.items()}
    return value
