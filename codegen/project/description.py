"""A schema as a person reads it: the native notation, with the Python names beside it."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.ir.delta import default_notation
from codegen.ir.model import Function, Schema, Table, VectorIndex
from codegen.ir.notation import notation
from codegen.ir.types import Field, Object, Type
from codegen.python.names import argument_names, field_names, filter_names, method_names
from codegen.python.outputs import Package


def describe(schema: Schema, package: Package) -> Iterator[str]:
    """The lines of the description, tables first."""
    for table in schema.tables.values():
        yield from _table(table, package)
        yield ""
    for named in schema.types.values():
        yield _headed(f"type {named.name}", named.description)
        yield from _shape(named.type, document=False)
        yield ""
    for function in schema.functions.values():
        yield from _function(function, package)
        yield ""
    indexes = sum(
        len(table.indexes) + len(table.side_indexes) for table in schema.tables.values()
    )
    counts = [
        _count(len(schema.tables), "table"),
        _count(len(schema.types), "named type"),
        _count(indexes, "index", "indexes"),
    ]
    if schema.functions:
        counts.append(_count(len(schema.functions), "function"))
        unknown = sum(one.returns is None for one in schema.functions.values())
        counts += [f"{unknown} of them with an unknown result"] if unknown else []
    yield ", ".join(counts)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _table(table: Table, package: Package) -> Iterator[str]:
    names = package.names.tables[table.name]
    module = package.modules[table.name]
    yield _headed(f"table {table.name}", table.description)
    yield f"  {names.document} in tables/{module}.py, id {names.id}"
    yield from _shape(table.document, document=True)
    methods = method_names(
        index.name for index in [*table.indexes, *table.side_indexes]
    )
    for index in table.indexes:
        marks = [mark for mark in ("unique", "staged") if getattr(index, mark)]
        fields = ", ".join(index.fields)
        method = f"{module}.{methods[index.name]}({fields})"
        shown = f"index {index.name} on {fields}" if index.staged else method
        yield _headed(f"  {shown}", ", ".join(marks))
    for side in table.side_indexes:
        kind, given, about = "search", ["text"], f"searches {side.field}"
        if isinstance(side, VectorIndex):
            kind, given = "vector", ["vector", "limit"]
            about = f"vectors of {side.dimensions} numbers in {side.field}"
        if side.staged:
            yield f"  {kind} index {side.name}  # {about}, staged"
        else:
            parameters = ", ".join([*given, *filter_names(side.filters).values()])
            yield f"  {module}.{methods[side.name]}({parameters})  # {about}"


def _function(function: Function, package: Package) -> Iterator[str]:
    yield _headed(f"{function.kind} {function.path}", function.description)
    for module in package.functions:
        if function.path in module.functions:
            yield f"  {module.name}.{module.functions[function.path]}"
    if isinstance(function.args, Object):
        names = argument_names([field.name for field in function.args.fields])
        for field in function.args.fields:
            yield _headed(f"    {_field(field, names[field.name])}", field.description)
    else:
        yield f"    {notation(function.args)}"
    returns = function.returns
    yield f"  -> {'unknown' if returns is None else notation(returns)}"


def _shape(type_: Type, *, document: bool) -> Iterator[str]:
    if not isinstance(type_, Object):
        yield f"    {notation(type_)}"
        return
    names = field_names([field.name for field in type_.fields], document=document)
    for field in type_.fields:
        yield _headed(f"    {_field(field, names[field.name])}", field.description)


def _field(field: Field, attribute: str) -> str:
    name = field.name + ("?" if field.optional else "")
    default = f" = {default_notation(field.default)}" if field.default else ""
    python = f"  [{attribute}]" if attribute != field.name else ""
    return f"{name}: {notation(field.type)}{default}{python}"


def _headed(text: str, about: str) -> str:
    return f"{text}  # {' '.join(about.split())}" if about else text
