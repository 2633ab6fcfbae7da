"""`defineTable` and `defineSchema` as values of the evaluator.

What they do is what `convex/server` does (`server/schema.ts` of the npm package `convex`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from codegen.diagnostics import closest

from .iteration import iterate
from .literals import spread
from .members import get_member
from .validators import (
    Validator,
    ValidatorJson,
    as_object,
    copy,
    object_of,
    union_of,
)
from .values import (
    UNDEFINED,
    HostObject,
    JsArray,
    JsObject,
    Native,
    Origin,
    Refused,
    Unknown,
    Unreadable,
    Value,
    known,
    truthy,
)

if TYPE_CHECKING:
    from .evaluate import Evaluator


_Method: TypeAlias = "Callable[[TableDefinition, list[Value], Origin], Value]"


@dataclass(slots=True, eq=False)
class IndexCall:
    """An index as the program asked for it."""

    name: str
    settings: JsObject
    place: Origin
    staged: bool


@dataclass(slots=True, eq=False)
class TableDefinition(HostObject):
    """A table; like the real one it is changed by the calls that add indexes."""

    validator: Validator
    origin: Origin
    indexes: list[IndexCall] = field(default_factory=list[IndexCall])
    search_indexes: list[IndexCall] = field(default_factory=list[IndexCall])
    vector_indexes: list[IndexCall] = field(default_factory=list[IndexCall])
    staged_validator: Validator | None = None
    description: str = ""
    broken: list[Unreadable] = field(default_factory=list[Unreadable])
    """What could not be told of its indexes."""

    def get(self, name: str, origin: Origin) -> Value:
        if name == "validator":
            return self.validator
        method = _METHODS.get(name)
        if method is None and name in _UNREAD:
            raise Unreadable(f"the member `{name}` of a table", origin)
        if method is None:
            place = _part_of(origin, "property")
            hint = closest(name, (*_METHODS, "validator"))
            raise Refused(f"a table has no `{name}`", place, hint)
        return Native(name, lambda _, args, at: method(self, args, at))


_UNREAD: Final = ("export", "indexes", "self", "searchIndexes", "vectorIndexes")
"""What a table has besides, and libraries use."""


def _part_of(origin: Origin, name: str) -> Origin:
    """A part of a piece of code, or all of it."""
    part = origin.node.child_by_field_name(name)
    return origin if part is None else Origin(origin.source, part)


def _settings(
    table: TableDefinition, args: list[Value], origin: Origin
) -> IndexCall | None:
    """The arguments of an index; None, and a note in the table, where they can't be told."""
    try:
        name, settings = map(known, args[:2])
        if isinstance(settings, JsArray):
            settings = JsObject({"fields": settings})
        if not isinstance(name, str) or not isinstance(settings, JsObject):
            raise ValueError
        staged = truthy(known(settings.properties.get("staged", UNDEFINED)))
    except Unreadable as error:
        table.broken.append(error)
        return None
    except ValueError:
        message = "an index needs a name, and a list of its fields or its settings"
        place = _part_of(_part_of(origin, "function"), "property")
        table.broken.append(Refused(message, place))
        return None
    return IndexCall(name, copy(settings), origin, staged)


def _adding(kind: Callable[[TableDefinition], list[IndexCall]]) -> _Method:
    def add(table: TableDefinition, args: list[Value], origin: Origin) -> Value:
        call = _settings(table, args, origin)
        if call is not None:
            kind(table).append(call)
        return table

    return add


def _staged(table: TableDefinition, args: list[Value], origin: Origin) -> Value:
    if table.staged_validator is not None:
        raise Refused("a table with two staged documents", origin)
    document = known(args[0]) if args else UNDEFINED
    if isinstance(document, JsObject):
        if table.validator.kind not in ("object", "any"):
            message = "staged fields of a table whose document is no object"
            raise Refused(message, origin)
        fields = JsObject()
        if table.validator.kind == "object":
            fields = copy(table.validator.fields)
        fields.properties.update(document.properties)
        fields.origins.update(document.origins)
        for name, value in list(fields.properties.items()):
            if value is UNDEFINED:
                del fields.properties[name]
        document = object_of(fields, origin)
    table.staged_validator = as_object(document, origin)
    return table


_METHODS: Final[dict[str, _Method]] = {
    "index": _adding(lambda table: table.indexes),
    "searchIndex": _adding(lambda table: table.search_indexes),
    "vectorIndex": _adding(lambda table: table.vector_indexes),
    "staged": _staged,
}


@dataclass(slots=True, eq=False)
class SchemaDefinition(HostObject):
    """A schema: its tables, which the program may still change, and its options."""

    tables: JsObject
    options: JsObject
    origin: Origin

    def get(self, name: str, origin: Origin) -> Value:
        if name == "tables":
            return self.tables
        if name == "id":
            return Native(name, lambda _, args, at: self._id(args, at))
        if name == "doc":
            return Native(name, lambda e, args, at: self._document(e, args, at))
        if name in ("schemaValidation", "strictTableNameTypes"):
            option = known(self.options.properties.get(name, UNDEFINED))
            return True if option is UNDEFINED else option
        raise Unreadable(f"the member `{name}` of a schema", origin)

    def _table(self, args: list[Value], origin: Origin) -> tuple[str, TableDefinition]:
        name = known(args[0]) if args else UNDEFINED
        table = self.tables.properties.get(name) if isinstance(name, str) else None
        table = known(table)
        if not isinstance(name, str) or not isinstance(table, TableDefinition):
            place = _part_of(origin, "arguments")
            if not isinstance(name, str):
                raise Refused("this is not the name of a table", place)
            hint = closest(name, self.tables.properties)
            raise Refused(f'table "{name}" does not exist', place, hint)
        return name, table

    def _document(self, e: Evaluator, args: list[Value], origin: Origin) -> Value:
        name, table = self._table(args, origin)
        return document_of(e, name, table.validator, origin)

    def _id(self, args: list[Value], origin: Origin) -> Value:
        name, _ = self._table(args, origin)
        return Validator("id", origin, (name,))


_STEPS_OF_DOCUMENT: Final = 20


def document_of(
    e: Evaluator, table: str, validator: Validator, origin: Origin
) -> Validator:
    """The whole documents of a table: with their ids and creation times."""
    e.spend(_STEPS_OF_DOCUMENT, origin)
    if validator.kind == "any":
        return validator
    if validator.kind == "union":
        members: list[Value] = []
        for member in validator.members.items:
            inner = known(member)
            assert isinstance(inner, Validator)
            members.append(document_of(e, table, inner, origin))
        return union_of(members, origin)
    if validator.kind != "object":
        raise Refused("a table whose document is no object", origin)
    fields = copy(validator.fields)
    fields.properties["_id"] = Validator("id", origin, (table,))
    fields.properties["_creationTime"] = Validator("float64", origin)
    made = object_of(fields, origin)
    made.optional = validator.optional
    return made


def _exported(e: Evaluator, table: JsObject, origin: Origin) -> Value:
    """The table that an object of a library's own class exports."""
    try:
        exported = e.call(get_member(table, "export", origin), [], origin)
        if not isinstance(exported, JsObject):
            raise Unreadable("a table of this class", origin)
        document = get_member(exported, "documentType", origin)
        if not isinstance(document, ValidatorJson):
            raise Unreadable("a table of this class", origin)
        made = TableDefinition(document.validator, origin)
        for key, staged, indexes in (
            ("indexes", False, made.indexes),
            ("stagedDbIndexes", True, made.indexes),
            ("searchIndexes", False, made.search_indexes),
            ("stagedSearchIndexes", True, made.search_indexes),
            ("vectorIndexes", False, made.vector_indexes),
            ("stagedVectorIndexes", True, made.vector_indexes),
        ):
            listed = get_member(exported, key, origin)
            for item in iterate(listed, origin) if listed is not UNDEFINED else ():
                name = get_member(item, "indexDescriptor", origin)
                if not isinstance(item, JsObject) or not isinstance(name, str):
                    raise Unreadable("an index of this form", origin)
                indexes.append(IndexCall(name, item, origin, staged))
    except Unreadable as error:
        return Unknown(error)
    return made


def define_table(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    """`defineTable(document)`."""
    return TableDefinition(as_object(args[0] if args else UNDEFINED, origin), origin)


def define_schema(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    """`defineSchema(tables, options)`."""
    tables = known(args[0]) if args else UNDEFINED
    options = known(args[1]) if len(args) > 1 else UNDEFINED
    if not isinstance(tables, JsObject):
        # A module's namespace: all that it exports.
        copied = JsObject()
        spread(tables, copied, origin)
        tables = copied
    if options is UNDEFINED:
        options = JsObject()
    if not isinstance(options, JsObject):
        raise Refused("the options of the schema are not a plain object", origin)
    for name, table in list(tables.properties.items()):
        if isinstance(table, JsObject) and table.made_by is not None:
            tables.properties[name] = _exported(e, table, origin)
        elif not isinstance(table, (TableDefinition, Unknown)):
            message = f"`{name}` is not a table"
            hint = "a table is made with `defineTable({…})`"
            error = Refused(message, tables.origins.get(name, origin), hint)
            tables.properties[name] = Unknown(error)
    return SchemaDefinition(tables, options, origin)
