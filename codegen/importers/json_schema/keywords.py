"""The keywords of JSON Schema: which say what, and which only describe."""

from __future__ import annotations

from typing import Final

from ..places import Json

KINDS: Final = ("string", "integer", "number", "boolean", "array", "object", "null")

DESCRIBING: Final = frozenset(
    (
        *("$anchor", "$comment", "$defs", "$dynamicAnchor", "$id", "$recursiveAnchor"),
        *("$schema", "$vocabulary", "contentEncoding", "contentMediaType"),
        *("contentSchema", "default", "definitions", "deprecated", "description"),
        *("discriminator", "example", "examples", "externalDocs", "format", "id"),
        *("nullable", "readOnly", "title", "writeOnly", "xml"),
    )
)
"""What doesn't say which values there may be; `nullable` is looked at apart."""

OF_KIND: Final[dict[str, frozenset[str]]] = {
    "string": frozenset(("minLength", "maxLength", "pattern")),
    "number": frozenset(
        (
            *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
            "multipleOf",
        )
    ),
    "array": frozenset(
        (
            *("items", "prefixItems", "additionalItems", "minItems", "maxItems"),
            *("uniqueItems", "contains", "minContains", "maxContains"),
            "unevaluatedItems",
        )
    ),
    "object": frozenset(
        (
            *("properties", "additionalProperties", "patternProperties", "required"),
            *("minProperties", "maxProperties", "propertyNames", "dependencies"),
            *("dependentRequired", "dependentSchemas", "unevaluatedProperties"),
        )
    ),
}
"""The keywords that say something of values of one kind only."""

OF_ALL: Final = frozenset(
    (
        *("type", "enum", "const", "allOf", "anyOf", "oneOf", "not", "if", "then"),
        *("else", "$ref", "$dynamicRef", "$recursiveRef"),
    )
)
RESTRICTING: Final = OF_ALL.union(*OF_KIND.values())

PYTHON_TYPE: Final = "x-python-type"
"""Says of a text what it is in Python: `bytes`. It is in schemas made of classes."""

SCHEMAS: Final = frozenset(
    (
        *("additionalItems", "additionalProperties", "contains", "contentSchema"),
        *("else", "if", "items", "not", "propertyNames", "then", "unevaluatedItems"),
        "unevaluatedProperties",
    )
)
"""The keywords whose value is a schema."""

LISTS: Final = frozenset(("allOf", "anyOf", "items", "oneOf", "prefixItems"))
"""The keywords whose value is a list of schemas."""

MAPS: Final = frozenset(
    (
        *("$defs", "definitions", "dependencies", "dependentSchemas"),
        *("patternProperties", "properties"),
    )
)
"""The keywords whose value has schemas by name."""


def restricting(schema: dict[str, Json]) -> list[str]:
    """The keywords of a schema that say which values there may be, in order."""
    return [keyword for keyword in schema if keyword in RESTRICTING]


def is_anything(schema: Json) -> bool:
    """Whether a schema takes every value."""
    if isinstance(schema, dict):
        return not restricting(schema)
    return schema is not False


def texts(value: Json) -> list[str]:
    """The texts of a list, or the only one; what is none is left out."""
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if isinstance(one, str)]
