"""A project's schema brought to what a deployment has, with what only the project knows."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import replace
from typing import Final, Protocol, TypeVar

from codegen.ir.delta import compare
from codegen.ir.model import Function, Index, Schema, SearchIndex, Table, VectorIndex
from codegen.ir.types import (
    Array,
    Constrained,
    Doc,
    Field,
    JsonValue,
    Object,
    Record,
    Type,
    Union,
)
from codegen.ir.whole_documents import whole_document, with_documents
from codegen.language.recursion import references

from .deployed import as_deployed, deployed_functions, deployed_tables, function_changes

_OURS: Final = "tablewright:"


class _Named(Protocol):
    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=_Named)
T = TypeVar("T")


def pulled(own: Schema, tables: str, functions: JsonValue) -> Schema:
    """The schema of a deployment, in the words of the project's own where both say the same.

    So names of types, defaults, constraints, descriptions, unique indexes and the order of
    things stay. `tables` and `functions` are what the deployment says; raises an
    `UnreadableSchema`. Functions that a push has put there for us are left out.
    """
    theirs, plain = deployed_tables(tables), as_deployed(own)
    merged_tables = _in_order(
        own.tables,
        theirs.tables,
        lambda name, table: _table(own.tables[name], plain.tables[name], table),
    )
    merged = Schema(
        merged_tables,
        own.types,
        theirs.schema_validation,
        _functions(own, merged_tables, functions),
    )
    gone = _used_types(own) - _used_types(merged)
    types = {name: one for name, one in own.types.items() if name not in gone}
    return with_documents(replace(merged, types=types))


def _in_order(
    own: Mapping[str, T], theirs: Mapping[str, T], merged: Callable[[str, T], T]
) -> dict[str, T]:
    """Theirs, merged with our own of the same name in our order, and then what is new."""
    known = {name: merged(name, theirs[name]) for name in own if name in theirs}
    return known | {name: one for name, one in theirs.items() if name not in known}


def _table(own: Table, plain: Table, theirs: Table) -> Table:
    """A table of a deployment; `plain` is the project's, as the deployment would have it."""
    staged = theirs.staged_document
    if own.staged_document and plain.staged_document and staged:
        staged = _document(own.staged_document, plain.staged_document, staged)
    return replace(
        own,
        document=_document(own.document, plain.document, theirs.document),
        staged_document=staged,
        indexes=_listed(own.indexes, theirs.indexes, _index),
        search_indexes=_listed(own.search_indexes, theirs.search_indexes, _search),
        vector_indexes=_listed(own.vector_indexes, theirs.vector_indexes, _vector),
    )


def _document(own: Type, plain: Type, theirs: Type) -> Type:
    if not _changes(plain, theirs):
        return own
    if not (
        isinstance(own, Object)
        and isinstance(plain, Object)
        and isinstance(theirs, Object)
    ):
        return theirs
    as_told = {field.name: field for field in plain.fields}

    def field(mine: Field, deployed: Field) -> Field:
        told = as_told[mine.name]
        if not _changes(Object((told,)), Object((deployed,))):
            return mine
        return replace(deployed, description=mine.description)

    return replace(own, fields=_listed(own.fields, theirs.fields, field))


def _changes(old: Type, new: Type) -> bool:
    """Whether two types that name no others have different values."""
    return bool(compare(_of_one(old), _of_one(new)))


def _of_one(document: Type) -> Schema:
    return Schema({"one": Table("one", document)})


def _listed(
    own: tuple[N, ...], theirs: tuple[N, ...], merged: Callable[[N, N], N]
) -> tuple[N, ...]:
    mine = {one.name: one for one in own}
    told = {one.name: one for one in theirs}
    found = _in_order(mine, told, lambda name, one: merged(mine[name], one))
    return tuple(found.values())


def _index(own: Index, theirs: Index) -> Index:
    """An index is still unique while it is on the same fields."""
    return replace(theirs, unique=own.unique and own.fields == theirs.fields)


def _search(own: SearchIndex, theirs: SearchIndex) -> SearchIndex:
    same = sorted(own.filters) == sorted(theirs.filters)
    return replace(theirs, filters=own.filters) if same else theirs


def _vector(own: VectorIndex, theirs: VectorIndex) -> VectorIndex:
    same = sorted(own.filters) == sorted(theirs.filters)
    return replace(theirs, filters=own.filters) if same else theirs


def _functions(
    own: Schema, tables: Mapping[str, Table], functions: JsonValue
) -> Mapping[str, Function]:
    """`tables` are those that the merged schema has."""
    theirs = app_functions(functions)
    changed = {change.path[1] for change in function_changes(functions, own)}
    others = {
        name
        for name, table in own.tables.items()
        if name not in tables or tables[name].document != table.document
    }

    def merged(path: str, deployed: Function) -> Function:
        mine = _written_out(own.functions[path], own, others)
        if path not in changed:
            return mine
        returns = mine.returns if deployed.returns is None else deployed.returns
        return replace(deployed, returns=returns, description=mine.description)

    return _in_order(own.functions, theirs, merged)


def app_functions(functions: JsonValue) -> Mapping[str, Function]:
    """The functions that a deployment tells of, but for those that a push has put there for us.

    Raises an `UnreadableSchema`.
    """
    told = deployed_functions(functions)
    return {path: one for path, one in told.items() if not path.startswith(_OURS)}


def _written_out(function: Function, own: Schema, tables: Container[str]) -> Function:
    """A function with the documents that it means now of tables that have others then."""
    returns = function.returns
    return replace(
        function,
        args=_without_docs(function.args, own, tables),
        returns=None if returns is None else _without_docs(returns, own, tables),
    )


def _without_docs(node: Type, own: Schema, tables: Container[str]) -> Type:
    if isinstance(node, Doc):
        return whole_document(node.table, own) if node.table in tables else node
    if isinstance(node, Array):
        return replace(node, element=_without_docs(node.element, own, tables))
    if isinstance(node, Record):
        return replace(node, value=_without_docs(node.value, own, tables))
    if isinstance(node, Constrained):
        return replace(node, inner=_without_docs(node.inner, own, tables))
    if isinstance(node, Union):
        arms = tuple(_without_docs(arm, own, tables) for arm in node.arms)
        return replace(node, arms=arms)
    if isinstance(node, Object):
        fields = (
            replace(f, type=_without_docs(f.type, own, tables)) for f in node.fields
        )
        return replace(node, fields=tuple(fields))
    return node


def _used_types(schema: Schema) -> set[str]:
    """The named types that tables and functions lead to."""
    used: set[str] = set()
    pending = [*_outermost(schema)]
    while pending:
        for name, _ in references(pending.pop()):
            if name not in used:
                used.add(name)
                pending.append(schema.types[name].type)
    return used


def _outermost(schema: Schema) -> Iterator[Type]:
    for table in schema.tables.values():
        yield table.document
        if table.staged_document is not None:
            yield table.staged_document
    for function in schema.functions.values():
        yield function.args
        if function.returns is not None:
            yield function.returns
