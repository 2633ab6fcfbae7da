"""Tables: their documents, models and indexes."""

from __future__ import annotations

from collections.abc import Sequence as AbstractSequence
from typing import Final

from codegen.diagnostics import Diagnostic, Note
from codegen.ir.model import Table
from codegen.ir.types import ANY, Named, Object, Type, Union

from .annotations import Annotation
from .native_fields import read_object, refuse_dollar_keys
from .native_indexes import read_indexes, read_search_indexes, read_vector_indexes
from .native_types import is_class_name, read_annotation, refuse_default
from .reading import Reading, is_refused
from .scalar_places import place_within
from .text import Place
from .yaml_tree import Entry, Mapping, Scalar, Sequence

TABLE_KEYS: Final = (
    "description",
    "model",
    "fields",
    "union",
    "indexes",
    "searchIndexes",
    "vectorIndexes",
    "renamedFrom",
    "staged",
)
_FIELDS_FORM: Final = "write `name: type` for each field, or `fields: Any`"
_UNION_FORM: Final = "write `Name: {…fields}` for each type, or [Name, OtherName]"


def read_table(reading: Reading, name: str, entry: Entry) -> Table:
    """The table of an entry; `Any` stands in for a document that cannot be read."""
    mapping = reading.mapping(entry, "give it `fields:`")
    if mapping is None:
        return Table(name, ANY)
    owner = f"table `{name}`"
    known = reading.check_keys(mapping, TABLE_KEYS, owner)
    entries = mapping.entries
    staged = entries.get("staged")
    return Table(
        name,
        _read_document(reading, entry.key, mapping, owner if known else None),
        read_indexes(reading, entries["indexes"]) if "indexes" in entries else (),
        (
            read_search_indexes(reading, entries["searchIndexes"])
            if "searchIndexes" in entries
            else ()
        ),
        (
            read_vector_indexes(reading, entries["vectorIndexes"])
            if "vectorIndexes" in entries
            else ()
        ),
        (
            (reading.word(entries["description"]) or "")
            if "description" in entries
            else ""
        ),
        _read_model(reading, entries["model"]) if "model" in entries else None,
        reading.word(entries["renamedFrom"]) if "renamedFrom" in entries else None,
        _read_staged(reading, staged, owner) if staged else None,
    )


def _read_model(reading: Reading, entry: Entry) -> str | None:
    name = reading.word(entry)
    if name is not None and is_class_name(reading, entry.value, name, "a model"):
        return name
    return None


def _read_staged(reading: Reading, entry: Entry, owner: str) -> Type | None:
    mapping = reading.mapping(entry, "give it `fields:` or `union:`")
    if mapping is None:
        return None
    owner = f"the staged document of {owner}"
    known = reading.check_keys(mapping, ("fields", "union"), owner)
    return _read_document(reading, entry.key, mapping, owner if known else None)


def _read_document(
    reading: Reading, key: Scalar, mapping: Mapping, owner: str | None
) -> Type:
    """What `fields` or `union` says; their lack is reported if there is an `owner`."""
    fields = mapping.entries.get("fields")
    union = mapping.entries.get("union")
    if fields is not None and union is not None:
        message = "`fields` and `union` exclude each other"
        reading.fault("E113", union.key, message)
    if fields is not None:
        return _read_fields(reading, fields)
    if union is not None:
        return _read_union(reading, union)
    if owner is not None:
        message = f"{owner} has neither `fields` nor `union`"
        reading.fault("E113", key, message, _FIELDS_FORM)
    return ANY


def _read_fields(reading: Reading, entry: Entry) -> Type:
    value = entry.value
    if isinstance(value, Scalar) and value.text == "Any":
        return ANY
    fields = reading.mapping(entry, _FIELDS_FORM)
    if fields is None:
        return ANY
    refuse_dollar_keys(reading, fields, "describes one field, not all of them")
    return read_object(reading, fields, own=True)


def _read_union(reading: Reading, entry: Entry) -> Type:
    value = entry.value
    if is_refused(value):
        return ANY
    if isinstance(value, Mapping):
        return _read_arms(reading, value)
    if isinstance(value, Sequence):
        items = reading.items(entry, _UNION_FORM)
        if items is None:
            return ANY
        arms = [_read_name(reading, entry.key, item) for item in items]
        places = [(item.start, item.end) for item in items]
    else:
        node, annotation = read_annotation(reading, entry.key, value)
        refuse_default(reading, value, annotation)
        arms = list(node.arms) if isinstance(node, Union) else [node]
        places = _arm_places(reading, value, annotation)
    if not all(isinstance(arm, Named) for arm in arms):
        if ANY not in arms:
            message = "a document is a union of names of types"
            reading.fault("E113", value, message, _UNION_FORM)
        return ANY
    _refuse_twins(reading, arms, places)
    return Union(tuple(arms))


def _arm_places(reading: Reading, value: Scalar, annotation: Annotation) -> list[Place]:
    """Where the arms of the union stand that a text writes; of another type, the whole."""
    nodes = [n for path, n in annotation.nodes.items() if path[:-1] == ("arm",)]
    return [
        place_within(reading.text, value, *annotation.place(node))
        for node in nodes or annotation.nodes.values()
    ]


def _refuse_twins(
    reading: Reading, arms: AbstractSequence[Type], places: list[Place]
) -> None:
    """Reports each name of a union that is there a second time."""
    first: dict[Type, Place] = {}
    for arm, place in zip(arms, places, strict=True):
        if first.setdefault(arm, place) != place and isinstance(arm, Named):
            note = Note("first given here", reading.text.span(*first[arm]))
            message = f"`{arm.name}` is given twice in this union"
            span = reading.text.span(*place)
            reading.diagnostics.add(Diagnostic("E113", message, span, notes=(note,)))


def _read_name(reading: Reading, key: Scalar, value: Scalar) -> Type:
    node, annotation = read_annotation(reading, key, value)
    refuse_default(reading, value, annotation)
    return node


def _read_arms(reading: Reading, mapping: Mapping) -> Type:
    """The objects of a union, each named by its key."""
    arms: list[Object] = []
    for entry in mapping.entries.values():
        name = entry.key.text
        is_good = is_class_name(reading, entry.key, name, "a type")
        fields = reading.mapping(entry, _UNION_FORM)
        if fields is None:
            return ANY
        refuse_dollar_keys(reading, fields, "describes one field, not all of them")
        arms.append(
            read_object(reading, fields, name=name if is_good else None, own=True)
        )
    return Union(tuple(arms))
