"""Indexes of a table: database, search and vector indexes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from codegen.ir.model import Index, SearchIndex, VectorIndex

from .reading import Reading, is_refused
from .yaml_tree import Entry, Mapping, Scalar, Sequence

_INDEX_FORM: Final = "write [field, other.field] or {fields: [field], unique: true}"
_SEARCH_FORM: Final = "write {field: text, filters: [other]}"
_COUNT: Final = re.compile(r"[0-9]{1,9}\Z")
_VECTOR_FORM: Final = "write {field: embedding, dimensions: 1536, filters: [other]}"


def read_indexes(reading: Reading, entry: Entry) -> tuple[Index, ...]:
    """The database indexes that can be read."""
    return tuple(
        index
        for name, inner in _named(reading, entry)
        if (index := _read_index(reading, name, inner))
    )


def _read_index(reading: Reading, name: str, entry: Entry) -> Index | None:
    value = entry.value
    if isinstance(value, Sequence):
        fields = _words(reading, entry, _INDEX_FORM)
        return None if fields is None else Index(name, fields)
    if isinstance(value, Scalar):
        hint = f"write [{value.text}]" if value.text else _INDEX_FORM
        _refuse_form(reading, entry, f"index `{name}` must be a list", hint)
        return None
    reading.check_keys(value, ("fields", "unique", "staged"), f"index `{name}`")
    inner = value.entries.get("fields")
    if inner is None:
        reading.fault("E114", entry.key, f"index `{name}` has no `fields`", _INDEX_FORM)
        return None
    fields = _words(reading, inner, _INDEX_FORM)
    if fields is None:
        return None
    unique = _flag(reading, value, "unique")
    return Index(name, fields, unique, _flag(reading, value, "staged"))


def read_search_indexes(reading: Reading, entry: Entry) -> tuple[SearchIndex, ...]:
    """The search indexes that can be read."""
    found: list[SearchIndex] = []
    for name, inner in _named(reading, entry):
        owner = f"search index `{name}`"
        value = _keyed(
            reading, inner, ("field", "filters", "staged"), owner, _SEARCH_FORM
        )
        if value is None:
            continue
        field = _required_word(reading, inner, value, owner, _SEARCH_FORM)
        filters = _filters(reading, value, _SEARCH_FORM)
        if field is not None and filters is not None:
            staged = _flag(reading, value, "staged")
            found.append(SearchIndex(name, field, filters, staged))
    return tuple(found)


def read_vector_indexes(reading: Reading, entry: Entry) -> tuple[VectorIndex, ...]:
    """The vector indexes that can be read."""
    found: list[VectorIndex] = []
    keys = ("field", "dimensions", "filters", "staged")
    for name, inner in _named(reading, entry):
        owner = f"vector index `{name}`"
        value = _keyed(reading, inner, keys, owner, _VECTOR_FORM)
        if value is None:
            continue
        field = _required_word(reading, inner, value, owner, _VECTOR_FORM)
        dimensions = _dimensions(reading, inner, value, owner)
        filters = _filters(reading, value, _VECTOR_FORM)
        if field is not None and dimensions is not None and filters is not None:
            staged = _flag(reading, value, "staged")
            found.append(VectorIndex(name, field, dimensions, filters, staged))
    return tuple(found)


def _named(reading: Reading, entry: Entry) -> Iterator[tuple[str, Entry]]:
    mapping = reading.mapping(entry, "write `name: …` for each index")
    if mapping is not None:
        for name, inner in mapping.entries.items():
            if inner.key.text != name:
                message = "the name of an index has no `?`"
                reading.fault("E114", inner.key, message)
            if not is_refused(inner.value):
                yield name, inner


def _keyed(
    reading: Reading, entry: Entry, known: tuple[str, ...], owner: str, form: str
) -> Mapping | None:
    if isinstance(entry.value, Mapping):
        reading.check_keys(entry.value, known, owner)
        return entry.value
    _refuse_form(reading, entry, f"{owner} must be a mapping", form)
    return None


def _refuse_form(reading: Reading, entry: Entry, message: str, hint: str) -> None:
    has_text = entry.value.end > entry.value.start
    reading.fault("E114", entry.value if has_text else entry.key, message, hint)


def _required_word(
    reading: Reading, entry: Entry, value: Mapping, owner: str, form: str
) -> str | None:
    if "field" in value.entries:
        return reading.word(value.entries["field"])
    reading.fault("E114", entry.key, f"{owner} has no `field`", form)
    return None


def _words(reading: Reading, entry: Entry, form: str) -> tuple[str, ...] | None:
    items = reading.items(entry, form)
    return None if items is None else tuple(item.text for item in items)


def _filters(reading: Reading, value: Mapping, form: str) -> tuple[str, ...] | None:
    filters = value.entries.get("filters")
    return () if filters is None else _words(reading, filters, form)


def _flag(reading: Reading, value: Mapping, key: str) -> bool:
    entry = value.entries.get(key)
    return entry is not None and reading.flag(entry)


def _dimensions(
    reading: Reading, entry: Entry, value: Mapping, owner: str
) -> int | None:
    given = value.entries.get("dimensions")
    if given is None:
        message = f"{owner} has no `dimensions`"
        reading.fault("E114", entry.key, message, _VECTOR_FORM)
        return None
    number = given.value
    if isinstance(number, Scalar) and _COUNT.match(number.text) and not number.style:
        return int(number.text)
    has_text = number.end > number.start
    message = "`dimensions` must be a whole number"
    reading.fault("E114", number if has_text else given.key, message)
    return None
