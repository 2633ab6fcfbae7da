"""The ids inside a document: each must be one of the table that the schema says.

Models take any text for an id. Which table an id is of is written in the id itself, by the
table's number, which is a matter of the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from codegen.ir.bounds import opened
from codegen.ir.fitting import fits
from codegen.ir.model import Schema
from codegen.ir.types import (
    ANY,
    STRING,
    Array,
    Constrained,
    Id,
    Literal,
    Named,
    Object,
    Record,
    Type,
)

from .field_keys import SYSTEM_FIELDS, JsonObject
from .ids import decode

Fault: TypeAlias = tuple[str, str]
"""The way to an id, such as `.a[0].b`, and what is wrong with it."""

Check: TypeAlias = Callable[[Any], Fault | None]
"""The first fault in encoded JSON that fits the type already."""


_PARTS: Final[tuple[type, ...]] = (dict, list)


def _is_form(value: Any) -> bool:
    """Whether it is the form of a number or of bytes, which is no object."""
    return value.__class__ is dict and len(value) == 1 and next(iter(value))[:1] == "$"


def id_fault(text: str, tables: Mapping[int, str], wanted: Sequence[str]) -> str | None:
    """Why a text is not the id of a document of one of the wanted tables, or None."""
    try:
        number, _ = decode(text)
    except ValueError as error:
        return str(error)
    found = tables.get(number)
    if found in wanted:
        return None
    if found is None and any(table.startswith("_") for table in wanted):
        return None  # a system table, of which only a deployment knows the number
    if found is None:
        return f"table number {number} is none of this database"
    return f"it is an id of table `{found}`"


class References:
    """Makes the checks of ids; `tables` are the names of tables by their numbers."""

    def __init__(self, schema: Schema, tables: Mapping[int, str]) -> None:
        self._schema = schema
        self._tables = tables

    def document_check(self, document: Type) -> Check | None:
        """The check of a table's documents, which have system fields besides."""
        inner = self.check(document)
        if inner is None or isinstance(document, Object):
            return inner
        check = inner

        def check_fields(value: JsonObject) -> Fault | None:
            fields = {k: v for k, v in value.items() if k not in SYSTEM_FIELDS}
            return check(fields)

        return check_fields

    def check(self, node: Type) -> Check | None:
        """The check of a type, or None when it has no ids inside."""
        if isinstance(node, Named):
            return self.check(self._schema.types[node.name].type)
        if isinstance(node, Constrained):
            return self.check(node.inner)
        if isinstance(node, Array):
            return self._items(self.check(node.element))
        if isinstance(node, Record):
            return self._entries(self.check(node.key), self.check(node.value))
        if isinstance(node, Object):
            return self._fields(node)
        arms = tuple(opened((node,), self._schema))
        return self._text(arms, self._parts(arms))

    def _text(self, arms: Sequence[Type], parts: Check | None) -> Check | None:
        tables = tuple(arm.table for arm in arms if isinstance(arm, Id))
        if not tables or STRING in arms or ANY in arms:
            return parts
        texts = {arm.value for arm in arms if isinstance(arm, Literal)}
        known = self._tables

        def check(value: Any) -> Fault | None:
            if isinstance(value, str):
                if value in texts:
                    return None
                fault = id_fault(value, known, tables)
                if fault is None:
                    return None
                wanted = " or ".join(f"`{table}`" for table in tables)
                return "", f"{value!r} is not an id of {wanted}: {fault}"
            return parts(value) if parts else None

        return check

    def _parts(self, arms: Sequence[Type]) -> Check | None:
        """The check of the arms that have parts: one that the value fits must be right."""
        if ANY in arms:
            return None
        made = [(arm, self.check(arm)) for arm in arms if _has_parts(arm)]
        if not any(check for _, check in made):
            return None
        schema = self._schema

        def check(value: Any) -> Fault | None:
            if type(value) not in _PARTS or _is_form(value):
                return None
            first: Fault | None = None
            for arm, inner in made:
                if len(made) > 1 and not fits(value, arm, schema):
                    continue
                if isinstance(arm, Array) != isinstance(value, list):
                    continue
                fault = inner(value) if inner else None
                if fault is None:
                    return None
                first = first or fault
            return first

        return check

    def _items(self, inner: Check | None) -> Check | None:
        if inner is None:
            return None

        def check(value: Any) -> Fault | None:
            for position, item in enumerate(value):
                if fault := inner(item):
                    return f"[{position}]{fault[0]}", fault[1]
            return None

        return check

    def _entries(self, key: Check | None, value: Check | None) -> Check | None:
        if key is None and value is None:
            return None

        def check(entries: Any) -> Fault | None:
            for name, item in entries.items():
                if key and (fault := key(name)):
                    return ".keys()", fault[1]
                if value and (fault := value(item)):
                    return f".values(){fault[0]}", fault[1]
            return None

        return check

    def _fields(self, node: Object) -> Check | None:
        inner = [
            (field.name, made)
            for field in node.fields
            if (made := self.check(field.type))
        ]
        if not inner:
            return None

        def check(value: Any) -> Fault | None:
            for name, field_check in inner:
                if name in value and (fault := field_check(value[name])):
                    return f".{name}{fault[0]}", fault[1]
            return None

        return check


def _has_parts(arm: Type) -> bool:
    return isinstance(arm, (Array, Object, Record))
