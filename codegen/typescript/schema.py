"""From `schema.ts` to the IR."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from codegen.diagnostics import Diagnostic, Diagnostics, Path, Span
from codegen.ir.model import Index, Schema, SearchIndex, Table, VectorIndex
from codegen.language.source import Loaded, warnings

from .discovery import SCHEMA_FILES
from .program import Program
from .remarks import remarks
from .resolution import Files
from .syntax import children
from .tables import IndexCall, SchemaDefinition, TableDefinition
from .type_names import class_names
from .types import Types, argument_of, description_of, diagnostic, key_of, value_of
from .values import (
    UNDEFINED,
    JsArray,
    Origin,
    Refused,
    Unknown,
    Unreadable,
    Value,
    known,
)


def read_schema(files: Files, path: str, diagnostics: Diagnostics) -> Loaded | None:
    """The schema that a module exports; None, and diagnostics, where it can't be read."""
    program = Program(files)
    definition = find_schema(program, path, diagnostics)
    if definition is None:
        return None
    types = types_for(definition, diagnostics)
    schema = read_definition(definition, types)
    if diagnostics.failed:
        return None
    diagnostics.extend(remarks(program))
    return Loaded(schema, Places(types.places).locate, exported=True)


def read_app(
    files: Files, folder: str, names: Sequence[str], diagnostics: Diagnostics
) -> Loaded | None:
    """The schema and the functions of a `convex` folder, whose files are `names`."""
    # A schema alone does without.
    from .functions import Functions

    program = Program(files)
    path = posixpath.join(folder, next(filter(names.__contains__, SCHEMA_FILES)))
    definition = find_schema(program, path, diagnostics)
    if definition is None:
        return None
    types = types_for(definition, diagnostics)
    schema = read_definition(definition, types)
    functions = Functions(program, types, diagnostics)
    found = functions.read(folder, names)
    if diagnostics.failed:
        diagnostics.extend(warnings(functions.unread))
        return None
    diagnostics.extend(remarks(program))
    return Loaded(
        replace(schema, types=types.named, functions=found),
        Places(types.places).locate,
        exported=True,
        exported_functions=frozenset(found),
        unread=tuple(functions.unread),
    )


def find_schema(
    program: Program, path: str, diagnostics: Diagnostics
) -> SchemaDefinition | None:
    """The value that a module exports as its schema."""
    module = program.module(path)
    place = Span(path, 1, 1, 1, 1)
    if module is None:
        diagnostics.add(Diagnostic("E001", "there is no such file", place))
        return None
    if module.error:
        diagnostics.add(diagnostic(module.error))
        return None
    if "default" not in module.exports:
        message = "this module does not export a schema"
        hint = "write `export default defineSchema({…})`"
        diagnostics.add(Diagnostic("E703", message, place, hint))
        return None
    origin = Origin(module.source, module.source.root)
    try:
        value = module.get("default", origin)
        if isinstance(value, SchemaDefinition):
            known(value.tables)
    except Unreadable as error:
        diagnostics.add(diagnostic(error))
        return None
    if not isinstance(value, SchemaDefinition):
        span = module.exports["default"].origin
        message = "what this module exports by default is not a schema"
        hint = "write `export default defineSchema({…})`"
        diagnostics.add(
            Diagnostic("E703", message, _span(span) if span else place, hint)
        )
        return None
    return value


def _span(origin: Origin) -> Span:
    return origin.source.span(origin.node)


def types_for(definition: SchemaDefinition, diagnostics: Diagnostics) -> Types:
    """Where the types of a schema are made: none of them is called like a table's class."""
    tables = definition.tables.names()
    return Types(diagnostics, {name for table in tables for name in class_names(table)})


def read_definition(definition: SchemaDefinition, types: Types) -> Schema:
    """The IR of a schema; what could not be read is reported."""
    tables: dict[str, Table] = {}
    for name in definition.tables.names():
        table = definition.tables.properties[name]
        origin = definition.tables.origins.get(name)
        try:
            found = cast(TableDefinition, known(table))
            tables[name] = _Reader(types, name, origin).read(found)
        except Unreadable as error:
            types.report(error)
    validation: Value = True
    try:
        validation = definition.get("schemaValidation", definition.origin)
    except Unreadable as error:
        types.report(error)
    return Schema(tables, types.named, validation is not False)


@dataclass(frozen=True)
class Places:
    """Finds the span of a path; of one that leads too far, the deepest place there is."""

    origins: dict[Path, Origin]

    def locate(self, path: Path) -> Span | None:
        """The span of a node of the IR."""
        for length in range(len(path), 1, -1):
            origin = self.origins.get(path[:length])
            if origin is not None:
                return _span(origin)
        return None


@dataclass(frozen=True)
class _Reader:
    """Reads one table."""

    types: Types
    name: str
    origin: Origin | None

    def read(self, table: TableDefinition) -> Table:
        path: Path = ("tables", self.name)
        place = key_of(self.origin) if self.origin else table.origin
        self.types.places[path] = place
        for error in table.broken:
            self.types.report(error)
        staged = table.staged_validator
        return Table(
            self.name,
            self.types.document(table.validator, (*path, "document")),
            tuple(self._indexes(table.indexes, (*path, "indexes"))),
            tuple(self._search(table.search_indexes, (*path, "searchIndexes"))),
            tuple(self._vectors(table.vector_indexes, (*path, "vectorIndexes"))),
            table.description or description_of(self.origin),
            staged_document=(
                self.types.document(staged, (*path, "stagedDocument"))
                if staged
                else None
            ),
        )

    def _indexes(self, calls: list[IndexCall], path: Path) -> list[Index]:
        return [
            Index(
                call.name,
                self._texts(call, "fields", (*path, number, "fields"), required=True),
                staged=call.staged,
            )
            for number, call in self._in_order(calls, path)
        ]

    def _search(self, calls: list[IndexCall], path: Path) -> list[SearchIndex]:
        return [
            SearchIndex(
                call.name,
                self._text(call, "searchField", (*path, number, "field")),
                self._texts(call, "filterFields", (*path, number, "filters")),
                call.staged,
            )
            for number, call in self._in_order(calls, path)
        ]

    def _vectors(self, calls: list[IndexCall], path: Path) -> list[VectorIndex]:
        return [
            VectorIndex(
                call.name,
                self._text(call, "vectorField", (*path, number, "field")),
                self._dimensions(call, (*path, number, "dimensions")),
                self._texts(call, "filterFields", (*path, number, "filters")),
                call.staged,
            )
            for number, call in self._in_order(calls, path)
        ]

    def _in_order(
        self, calls: list[IndexCall], path: Path
    ) -> list[tuple[int, IndexCall]]:
        """The indexes as Convex lists them: those that are staged come last."""
        ordered = sorted(calls, key=lambda call: call.staged)
        for number, call in enumerate(ordered):
            self.types.places[*path, number] = argument_of(call.place, 0)
        return list(enumerate(ordered))

    def _text(self, call: IndexCall, name: str, path: Path) -> str:
        value = self._setting(call, name, path)
        if not isinstance(value, str):
            self._refuse(call, name, "a string", path)
            return ""
        return value

    def _dimensions(self, call: IndexCall, path: Path) -> int:
        value = self._setting(call, "dimensions", path)
        if not isinstance(value, float) or not value.is_integer():
            self._refuse(call, "dimensions", "a whole number", path)
            return 0
        return int(value)

    def _texts(
        self, call: IndexCall, name: str, path: Path, *, required: bool = False
    ) -> tuple[str, ...]:
        value = self._setting(call, name, path)
        if value is UNDEFINED and not required:
            return ()
        for number, node in enumerate(children(self.types.places[path].node)):
            self.types.places[*path, number] = Origin(call.place.source, node)
        texts: list[str] = []
        for item in value.items if isinstance(value, JsArray) else [None]:
            if isinstance(item, Unknown):
                self.types.report(item.error)
            elif isinstance(item, str):
                texts.append(item)
            else:
                self._refuse(call, name, "a list of strings", path)
        return tuple(texts)

    def _setting(self, call: IndexCall, name: str, path: Path) -> Value:
        origin = call.settings.origins.get(name)
        self.types.places[path] = (
            value_of(origin) if origin else argument_of(call.place, 1)
        )
        try:
            return known(call.settings.properties.get(name, UNDEFINED))
        except Unreadable as error:
            self.types.report(error)
            return UNDEFINED

    def _refuse(self, call: IndexCall, name: str, form: str, path: Path) -> None:
        message = f"`{name}` of index `{call.name}` is not {form}"
        place = self.types.places.get(path, call.place)
        self.types.report(Refused(message, place))
