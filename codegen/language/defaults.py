"""Default values: written as Python literals or as YAML, kept as Convex's encoded JSON."""

from __future__ import annotations

import ast
from typing import Final

from codegen.ir.types import Default, Type
from codegen.ir.values import Value, encode

from .adaptation import adapted
from .annotations import Annotation
from .literals import NotALiteral, literal_value, scalar_value
from .reading import Reading
from .scalar_places import place_within
from .text import Place
from .yaml_tree import Entry, Mapping, Node, Scalar, Sequence

_WORDS: Final = {"true": True, "false": False, "null": None, "~": None}


def default_of_annotation(
    reading: Reading, value: Scalar, annotation: Annotation, node: Type
) -> Default | None:
    """The default after the `=` of an annotation; None after a report."""
    written = annotation.default
    if written is None:
        return None
    try:
        literal = literal_value(written)
    except NotALiteral as error:
        place = annotation.place(error.node)
        message = "a default must be a Python literal"
        within = place_within(reading.text, value, *place)
        reading.fault_at("E108", within, message, error.hint)
        return None
    place = place_within(reading.text, value, *annotation.place(written))
    return _default(reading, place, literal, node)


def default_of_node(reading: Reading, entry: Entry, node: Type) -> Default | None:
    """The default that `$default` gives as YAML; None after a report."""
    key, value = entry
    if isinstance(value, Scalar) and not value.text and not value.style:
        reading.fault("E108", key, "`$default` has no value", 'an empty text is ""')
        return None
    place = value.start, value.end
    return _default(reading, place, _value_of(value), node)


def _value_of(node: Node) -> Value:
    """YAML's value: plain scalars that Python would take for a literal are that literal."""
    if isinstance(node, Sequence):
        return [_value_of(item) for item in node.items]
    if isinstance(node, Mapping):
        return {e.key.text: _value_of(e.value) for e in node.entries.values()}
    text = node.text
    if node.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    try:
        return scalar_value(ast.parse(text, mode="eval").body)
    except (NotALiteral, SyntaxError, ValueError, RecursionError, MemoryError):
        return text


def _default(
    reading: Reading, place: Place, value: Value, node: Type
) -> Default | None:
    if (name := _dollar_name(value)) is not None:
        message = f"the field name `{name}` of a value must not begin with `$`"
        reading.fault_at("E108", place, message)
        return None
    try:
        return Default(encode(adapted(value, node, reading.schema)))
    except ValueError as error:
        reading.fault_at("E108", place, f"this default cannot be stored: {error!s:.80}")
        return None


def _dollar_name(value: Value) -> str | None:
    """The name of a field that would be taken for one of the encoded forms."""
    if isinstance(value, list):
        found = map(_dollar_name, value)
    elif isinstance(value, dict):
        for name in value:
            if name.startswith("$"):
                return name
        found = map(_dollar_name, value.values())
    else:
        return None
    return next((name for name in found if name is not None), None)
