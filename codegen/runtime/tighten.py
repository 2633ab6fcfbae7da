"""What Pydantic's strict mode leaves open and the wire does not.

A float that JSON has no number for is a `$float` form and never a bare token, a record's key
that starts with `$` would read back as such a form, and a literal `True` would take the number 1.
"""

from __future__ import annotations

import math
from typing import Any, Final, cast

from pydantic import ValidatorFunctionWrapHandler
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

from .anything import KEY_PATTERN, is_key
from .wire import decode_float

_INSIDE: Final = (
    "schema",
    "json_schema",
    "python_schema",
    "items_schema",
    "values_schema",
)
_DONE: Final = {"exact": True}


def tightened(schema: CoreSchema) -> CoreSchema:
    """A model's `schema` with floats, record keys and boolean literals made exact, in place.

    Doing it twice changes nothing; the models inside have seen to themselves.
    """
    model = cast(dict[str, Any], schema)
    if model["type"] == "model":
        fields = model["schema"]
        while fields["type"].startswith("function-"):  # a validator of the whole model
            fields = fields["schema"]
        for field in fields.get("fields", {}).values():
            field["schema"] = _tighten(field["schema"])
    return schema


def _tighten(schema: dict[str, Any]) -> dict[str, Any]:
    if schema.get("metadata") == _DONE:
        return schema
    match schema["type"]:
        case "model":
            return schema
        case "float":
            return _exact_float(schema)
        case "literal":
            return _exact_literal(schema)
        case "dict":
            schema["keys_schema"] = _exact_keys(schema["keys_schema"])
        case "union":
            # An `Int64` would be a float to an arm that comes first.
            arms = map(_tighten, schema["choices"])
            schema["choices"] = sorted(arms, key=_is_int64, reverse=True)
        case _:
            pass
    for key in _INSIDE:
        if key in schema:
            schema[key] = _tighten(schema[key])
    return schema


def _is_int64(schema: dict[str, Any]) -> bool:
    return bool(
        schema["type"] == "json-or-python" and schema["python_schema"]["type"] == "int"
    )


def _exact_float(schema: dict[str, Any]) -> dict[str, Any]:
    reader: CoreSchema
    if schema.keys() & {"ge", "gt", "le", "lt"}:
        reader = core_schema.no_info_wrap_validator_function(
            _read_bounded_float, cast(CoreSchema, schema)
        )
    else:
        reader = core_schema.union_schema(
            [
                core_schema.float_schema(strict=True, allow_inf_nan=False),
                core_schema.no_info_plain_validator_function(_read_float_form),
            ],
            custom_error_type="float_type",
        )
    return {
        "type": "json-or-python",
        "json_schema": reader,
        "python_schema": schema,
        "serialization": core_schema.simple_ser_schema("float"),
        "metadata": _DONE,
    }


def _read_float_form(value: object) -> float:
    if isinstance(value, dict):
        form = cast(dict[str, object], value)
        if form.keys() == {"$float"}:
            return decode_float(form["$float"])
    raise PydanticKnownError("float_type")


def _read_bounded_float(
    value: object, within_bounds: ValidatorFunctionWrapHandler
) -> object:
    if isinstance(value, dict):
        return within_bounds(_read_float_form(cast(object, value)))
    if isinstance(value, float) and not math.isfinite(value):
        raise PydanticKnownError("finite_number")
    return within_bounds(value)


def _exact_literal(schema: dict[str, Any]) -> dict[str, Any]:
    booleans = [value for value in schema["expected"] if isinstance(value, bool)]
    if not booleans:
        return schema
    others = [value for value in schema["expected"] if not isinstance(value, bool)]
    exact = core_schema.chain_schema(
        [core_schema.bool_schema(strict=True), core_schema.literal_schema(booleans)],
        metadata=_DONE,
    )
    if not others:
        return cast(dict[str, Any], exact)
    arms: list[CoreSchema | tuple[CoreSchema, str]] = [
        core_schema.literal_schema(others),
        exact,
    ]
    return cast(dict[str, Any], core_schema.union_schema(arms))


def _exact_keys(keys: dict[str, Any]) -> dict[str, Any]:
    if keys["type"] == "str":
        return {**keys, "pattern": KEY_PATTERN}
    if keys.get("metadata") == _DONE:
        return keys
    return {
        "type": "function-after",
        "function": {"type": "no-info", "function": _check_key},
        "schema": keys,
        "metadata": _DONE,
    }


def _check_key(key: str) -> str:
    if not is_key(key):
        raise ValueError("keys are printable ASCII and do not start with `$`")
    return key
