"""Fields of objects, and the keys that begin with `$` and describe the field itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from codegen.diagnostics import closest
from codegen.ir.types import ANY, Default, Field, Object, Type

from .comments import comment_beside
from .defaults import default_of_annotation, default_of_node
from .native_types import NO_DEFAULT_HERE, read_annotation, refuse_default
from .reading import Reading
from .yaml_tree import Entry, Mapping, Scalar, Sequence

FIELD_KEYS: Final = ("$type", "$default", "$description", "$renamedFrom")
TYPE_KEYS: Final = ("$type", "$description")


@dataclass(slots=True)
class Described:
    """A type with what its `$` keys and the comment beside it say."""

    type: Type
    default: Default | None = None
    description: str = ""
    renamed_from: str | None = None


def read_object(
    reading: Reading, mapping: Mapping, *, name: str | None = None, own: bool = False
) -> Object:
    """The object of the mapping's fields; `own` if they are those of a table."""
    fields = [
        _read_field(reading, field_name, entry, own=own)
        for field_name, entry in mapping.entries.items()
        if not field_name.startswith("$")
    ]
    return Object(tuple(fields), name)


def refuse_dollar_keys(reading: Reading, mapping: Mapping, message: str) -> None:
    """Reports every key with a `$` where only names of fields are allowed."""
    for name, entry in mapping.entries.items():
        if name.startswith("$"):
            reading.fault("E112", entry.key, f"`{entry.key.text}` {message}")


def _read_field(reading: Reading, name: str, entry: Entry, *, own: bool) -> Field:
    described = read_described(reading, entry, FIELD_KEYS, own=own)
    return Field(
        name,
        described.type,
        entry.key.text != name,
        described.default,
        described.description,
        described.renamed_from,
    )


def read_described(
    reading: Reading, entry: Entry, known: tuple[str, ...], *, own: bool = False
) -> Described:
    """The type of an entry with its description; `known` are the `$` keys it may have."""
    key, value = entry
    if not isinstance(value, Mapping):
        described = _read_annotated(reading, key, value, own=own)
        described.description = comment_beside(reading.text, entry)
        return described
    own_keys = {name: e for name, e in value.entries.items() if name.startswith("$")}
    described = _read_mapping(reading, key, value, own_keys, own=own)
    described.description = comment_beside(reading.text, entry)
    for name, own_entry in own_keys.items():
        if own_entry.key.text not in known:
            hint = closest(name, known) or f"known are: {', '.join(known)}"
            message = f"unknown key `{own_entry.key.text}`"
            reading.fault("E112", own_entry.key, message, hint)
        elif name == "$default":
            _read_default(reading, own_entry, described, own=own)
        elif name == "$description":
            described.description = reading.word(own_entry) or ""
        elif name == "$renamedFrom":
            described.renamed_from = reading.word(own_entry)
    return described


def _read_annotated(
    reading: Reading, key: Scalar, value: Scalar | Sequence, *, own: bool
) -> Described:
    node, annotation = read_annotation(reading, key, value)
    if annotation.default is None or not isinstance(value, Scalar):
        return Described(node)
    if own:
        return Described(node, default_of_annotation(reading, value, annotation, node))
    refuse_default(reading, value, annotation)
    return Described(node)


def _read_mapping(
    reading: Reading,
    key: Scalar,
    value: Mapping,
    own_keys: dict[str, Entry],
    *,
    own: bool,
) -> Described:
    """What `$type` says, else the object of the mapping's fields."""
    has_fields = len(own_keys) < len(value.entries)
    if "$type" not in own_keys:
        if has_fields or not own_keys:
            return Described(read_object(reading, value))
        message = f"`{key.text}` has no type"
        reading.fault("E102", key, message, "add `$type`; an empty object is `{}`")
        return Described(ANY)
    type_key, inner = own_keys["$type"]
    if has_fields:
        message = "`$type` and fields exclude each other"
        hint = "put the fields into `$type`, or leave `$type` out"
        reading.fault("E112", type_key, message, hint)
    if isinstance(inner, Mapping):
        refuse_dollar_keys(reading, inner, "belongs beside `$type`, not into it")
        return Described(read_object(reading, inner))
    return _read_annotated(reading, type_key, inner, own=own)


def _read_default(
    reading: Reading, entry: Entry, described: Described, *, own: bool
) -> None:
    if not own:
        reading.fault("E109", entry.key, NO_DEFAULT_HERE)
    elif described.default is not None:
        reading.fault("E109", entry.key, "this field already has a default")
    else:
        described.default = default_of_node(reading, entry, described.type)
