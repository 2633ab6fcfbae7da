"""Checks the JSON of documents, and gives its values back as they are.

A model would do both in two readings: one that makes Python values, and one more for the JSON.
This is the model's own schema with objects left as dicts, and numbers and bytes in their forms.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from pydantic_core import SchemaError, SchemaValidator, from_json

from codegen.runtime.arms import Arms
from codegen.runtime.ids import Id

from .field_keys import JsonObject

# Schemas without others inside, and the places of those that others have.
_LEAVES: Final = {"str", "int", "float", "bool", "none", "literal", "bytes", "any"}
_INSIDE: Final = {
    "nullable": ("schema",),
    "list": ("items_schema",),
    "dict": ("keys_schema", "values_schema"),
    "union": ("choices",),
    "tagged-union": ("choices",),
}


class _Unknown(Exception):
    """A schema that is left to the model."""


def json_validator(arms: Arms[Any]) -> Callable[[str], JsonObject]:
    """What gives the values of a document's JSON, or raises a `ValidationError`."""
    if len(arms.classes) == 1:
        try:
            validate: Callable[[str], JsonObject]
            validate = _validator(arms.classes[0]).validate_json
            return validate
        except (_Unknown, SchemaError):
            pass
    parse = arms.parser()

    def parse_twice(text: str) -> JsonObject:
        parse(text)
        values: JsonObject = from_json(text)
        return values

    return parse_twice


def _validator(cls: type[Any]) -> SchemaValidator:
    cls.model_rebuild()  # schemas are made on first use
    definitions: dict[str, Any] = {}
    schema = _plain(cls.__pydantic_core_schema__, definitions)
    return SchemaValidator(schema)


def _plain(schema: Any, definitions: dict[str, Any]) -> Any:
    """The schema of the JSON that fits a schema of Pydantic."""

    def plain(inner: Any) -> Any:
        return _plain(inner, definitions)

    kind = schema["type"]
    if kind == "definitions":
        definitions.update({one["ref"]: one for one in schema["definitions"]})
        return plain(schema["schema"])
    if kind == "definition-ref":
        return plain(definitions[schema["schema_ref"]])
    if kind == "json-or-python":
        return plain(schema["json_schema"])
    if kind == "model":
        return _object(schema, plain)
    if kind == "function-after" and _makes_id(schema):
        return plain(schema["schema"])
    if kind.startswith("function-") or kind == "chain":
        return _checked(schema)
    if kind in _LEAVES:
        return {k: v for k, v in schema.items() if k != "serialization"}
    if kind not in _INSIDE:
        raise _Unknown(kind)
    kept = {k: v for k, v in schema.items() if k not in ("serialization", "ref")}
    return kept | {
        place: _each(schema[place], plain) for place in _INSIDE[kind] if place in schema
    }


def _each(inner: Any, plain: Callable[[Any], Any]) -> Any:
    """A schema inside another, a list of them, or those of a union by their tags."""
    if inner.__class__ is list:
        return list(map(plain, inner))
    if "type" in inner:
        return plain(inner)
    return {tag: plain(one) for tag, one in inner.items()}


def _object(schema: Any, plain: Callable[[Any], Any]) -> Any:
    fields = schema["schema"]
    if fields["type"] != "model-fields" or "extras_schema" in fields:
        raise _Unknown(fields["type"])
    made: dict[str, Any] = {}
    for name, field in fields["fields"].items():
        inner = field["schema"]
        required = inner["type"] != "default"
        made[field.get("validation_alias", name)] = {
            "type": "typed-dict-field",
            "schema": plain(inner if required else inner["schema"]),
            "required": required,
        }
    return {
        "type": "typed-dict",
        "fields": made,
        "extra_behavior": "forbid",
        "config": {"strict": True},
    }


def _makes_id(schema: Any) -> bool:
    made = schema["function"]["function"]
    return isinstance(made, type) and issubclass(made, Id)


def _checked(schema: Any) -> Any:
    """What a function makes of a value is not wanted, only whether it takes the value."""
    function = {"type": "no-info", "function": _give_back}
    return {"type": "function-wrap", "function": function, "schema": schema}


def _give_back(value: object, check: Callable[[object], object]) -> object:
    check(value)
    return value
