"""Tables of documents as tables of SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from codegen.diagnostics import Fault, Path
from codegen.ir.bounds import bound
from codegen.ir.checks.documents import arms_of
from codegen.ir.model import Index, Schema, Table
from codegen.ir.types import (
    ANY,
    NEVER,
    NUMBER,
    STRING,
    Field,
    Object,
    Type,
    Union,
)

from .columns import Column, ColumnWriter
from .dialects import Dialect
from .shapes import shape
from .text import free_name, name

_DOCUMENT = "document"
"""The column of documents that may have any fields."""


@dataclass(frozen=True, slots=True)
class SqlTable:
    """A table with its columns by field, those of `_id` and `_creationTime` first."""

    table: Table
    name: str
    id: str
    columns: Mapping[str, Column]
    indexes: tuple[str, ...]
    remarks: tuple[str, ...]
    """What is not kept, for a comment."""


def table_names(schema: Schema, dialect: Dialect) -> tuple[dict[str, str], list[Fault]]:
    """The names of the tables, which are the same in any case in SQLite."""
    taken: set[str] = set()
    names: dict[str, str] = {}
    faults: list[Fault] = []
    for table in schema.tables:
        wanted = table
        if wanted.lower().startswith("sqlite_") and not dialect.is_postgresql:
            wanted = f"t_{wanted}"
        names[table] = free_name(wanted, taken)
        taken.add(names[table].lower())
        if names[table] != table:
            message = f"the table `{table}` is called {names[table]}"
            faults.append(Fault("W435", ("tables", table), message))
    return names, faults


class TableWriter:
    """Makes one table; `faults` are what it can't say."""

    def __init__(
        self, table: Table, called: str, schema: Schema, dialect: Dialect
    ) -> None:
        self.faults: list[Fault] = []
        self._table = table
        self._called = called
        self._schema = schema
        self._dialect = dialect
        self._path: Path = ("tables", table.name, "document")
        self._shapes = [node for _, node in arms_of(self._path, table.document, schema)]

    def table(self, index_names: set[str]) -> SqlTable:
        """`index_names` are those that are taken in the database, in lower case."""
        writer = ColumnWriter(self._schema, self._dialect, self.faults)
        fields = list(self._fields())
        names = self._column_names([field.name for field, _ in fields])
        own = {"id", "creation_time"}
        taken = {column.lower() for column in names.values()}
        id_, time = (f"_{one}" if one in taken else one for one in sorted(own)[::-1])
        first = {
            "_id": Field("_id", STRING),
            "_creationTime": Field("_creationTime", NUMBER),
        }
        columns = {
            key: writer.column(field, column, self._path)
            for (key, field), column in zip(first.items(), (id_, time), strict=True)
        }
        key = columns["_id"]
        text = key.text  # SQLite would take NULL for a primary key
        if self._dialect.is_postgresql:
            text = text.removesuffix(" NOT NULL")
        columns["_id"] = replace(key, text=f"{text} PRIMARY KEY")
        for field, path in fields:
            columns[field.name] = writer.column(field, names[field.name], path)
        indexes = tuple(self._indexes(columns, index_names))
        self._tell_of_other_indexes()
        remarks = dict.fromkeys(
            fault.message for fault in self.faults if fault.code != "W435"
        )
        return SqlTable(
            self._table, self._called, id_, columns, indexes, tuple(remarks)
        )

    def _fields(self) -> Iterator[tuple[Field, Path]]:
        """The fields of all kinds of documents; not those that are always absent."""
        if any(not isinstance(node, Object) for node in self._shapes):
            message = "documents of any shape are one column of JSON"
            self.faults.append(Fault("W431", self._path, message))
            yield Field(_DOCUMENT, ANY), self._path
            return
        kinds = list(arms_of(self._path, self._table.document, self._schema))
        if len(kinds) > 1:
            message = "a row may mix the fields of several kinds of documents"
            self.faults.append(
                Fault(
                    "W433", self._path, message, "only the generated Python checks it"
                )
            )
        found: dict[str, list[tuple[Field, Path]]] = {}
        for path, node in kinds:
            for field in node.fields if isinstance(node, Object) else ():
                place = (*path, "field", field.name)
                found.setdefault(field.name, []).append((field, place))
        for same in found.values():
            merged = _merged([field for field, _ in same], len(kinds))
            if merged.optional and merged.type == NEVER:
                message = f"`{merged.name}` is always absent, and has no column"
                self.faults.append(Fault("W432", same[0][1], message))
            else:
                yield merged, same[0][1]

    def _column_names(self, fields: list[str]) -> dict[str, str]:
        taken = set(self._dialect.reserved_columns)
        names: dict[str, str] = {}
        for field in fields:
            names[field] = free_name(field, taken)
            taken.add(names[field].lower())
            if names[field] != field:
                path = (*self._path, "field", field)
                message = f"the column of `{field}` is called {names[field]}"
                self.faults.append(Fault("W435", path, message))
        return names

    def _indexes(self, columns: Mapping[str, Column], taken: set[str]) -> Iterator[str]:
        for i, index in enumerate(self._table.indexes):
            path: Path = ("tables", self._table.name, "indexes", i)
            parts = [self._part(field, columns) for field in index.fields]
            missing = [
                f for f, part in zip(index.fields, parts, strict=True) if not part
            ]
            if index.staged or missing:
                reason = f"`{missing[0]}` is no column" if missing else "it is staged"
                self._left_out(path, f"the index `{index.name}`", reason)
                continue
            called = free_name(f"{self._called}_{index.name}", taken)
            taken.add(called.lower())
            kind = "UNIQUE INDEX" if index.unique else "INDEX"
            if index.unique:
                self._tell_of_null(index, path, columns)
            listed = ", ".join(part or "" for part in parts)
            yield f"CREATE {kind} {name(called)} ON {name(self._called)} ({listed});"

    def _part(self, field: str, columns: Mapping[str, Column]) -> str | None:
        """A field of an index as SQL has it; None if it is always absent, or not there."""
        first, *inner = field.split(".")
        column = columns.get(first)
        if column is None and _DOCUMENT in columns:
            column, inner = columns[_DOCUMENT], field.split(".")
        if column is None:
            return None
        if not inner:
            return name(column.name)
        if column.shape.kind != "json":
            return None
        ends = bound(self._shapes, field, self._schema).fields
        is_text = bool(ends) and all(
            shape(end.type, self._schema).kind == "text" for end in ends
        )
        return self._dialect.inside(column.name, inner, is_text=is_text)

    def _tell_of_null(
        self, index: Index, path: Path, columns: Mapping[str, Column]
    ) -> None:
        for field in index.fields:
            column = columns.get(field)
            if column and column.shape.nullable:
                message = (
                    f"many rows may have NULL as `{field}`, in spite of `{index.name}`"
                )
                self.faults.append(Fault("W432", path, message))

    def _tell_of_other_indexes(self) -> None:
        path: Path = ("tables", self._table.name)
        for i, search in enumerate(self._table.search_indexes):
            what = f"the search index `{search.name}`"
            self._left_out((*path, "searchIndexes", i), what, f"on `{search.field}`")
        for i, vector in enumerate(self._table.vector_indexes):
            what = f"the vector index `{vector.name}`"
            self._left_out((*path, "vectorIndexes", i), what, f"on `{vector.field}`")
        if self._table.staged_document is not None:
            message = "the staged documents are left out"
            self.faults.append(Fault("W434", (*path, "stagedDocument"), message))

    def _left_out(self, path: Path, what: str, why: str) -> None:
        self.faults.append(Fault("W434", path, f"{what} is left out: {why}"))


def _merged(same: list[Field], kinds: int) -> Field:
    """One field for those of the same name in several kinds of documents."""
    first = same[0]
    if kinds == 1:
        return first
    types = dict.fromkeys(field.type for field in same)
    node: Type = first.type if len(types) == 1 else Union(tuple(types))
    optional = len(same) < kinds or any(field.optional for field in same)
    defaults = {repr(field.default) for field in same}
    default = first.default if len(same) == kinds and len(defaults) == 1 else None
    return Field(first.name, node, optional, default, first.description)
