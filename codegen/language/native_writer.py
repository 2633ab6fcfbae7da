"""Writes a schema in the native language, as a person would: what `native` reads.

Every type must stand where the language has a place for it: no object inside of a list, a dict
or a union of a field, no union inside of another, and none of one arm but as a document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from codegen.ir.model import Function, NamedType, Schema, Table
from codegen.ir.types import ANY, Field, Named, Object, Type, Union

from .native_writer_fields import field_lines, object_lines
from .native_writer_indexes import index_lines, list_lines
from .native_writer_text import described, scalar


def dumps(schema: Schema, parts: Schema | None = None) -> str:
    """The text of a file that is read as this schema, order included.

    With `parts` it is one of several files, which has these parts of the schema. Blanks around descriptions are lost. Raises ValueError for a default that no file can hold.
    """
    own = schema if parts is None else parts
    types = (_type(named, schema) for named in own.types.values())
    tables = (_table(table, schema) for table in own.tables.values())
    functions = (_function(one, schema) for one in own.functions.values())
    sections = [
        [] if own.schema_validation else ["schemaValidation: false"],
        _section("types", types, apart=False),
        _section("tables", tables, apart=True),
        _section("functions", functions, apart=True),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _section(key: str, entries: Iterable[list[str]], *, apart: bool) -> list[str]:
    """Entries below a key; between those of one line blank lines stand only if set `apart`."""
    lines: list[str] = []
    last: list[str] = []
    for entry in entries:
        if last and (apart or len(last) > 1 or len(entry) > 1):
            lines.append("")
        lines += entry
        last = entry
    return [f"{key}:", *lines] if lines else []


def _type(named: NamedType, schema: Schema) -> list[str]:
    field = Field(named.name, named.type, description=named.description)
    return field_lines(field, schema, 2)


def _table(table: Table, schema: Schema) -> list[str]:
    lines = [f"  {scalar(table.name)}:"]
    if description := table.description.strip():
        lines += described("description", description, 4)
    if table.model is not None:
        lines.append(f"    model: {table.model}")
    if table.renamed_from is not None:
        lines.append(f"    renamedFrom: {scalar(table.renamed_from)}")
    lines += _document(table.document, schema, 4)
    if table.staged_document is not None:
        lines.append("    staged:")
        lines += _document(table.staged_document, schema, 6)
    return lines + index_lines(table, 4)


def _document(node: Type, schema: Schema, indent: int) -> Iterator[str]:
    margin = " " * indent
    if isinstance(node, Object) and node.fields:
        yield f"{margin}fields:"
        yield from object_lines(node, schema, indent + 2)
    elif isinstance(node, Union):
        names = [arm.name for arm in node.arms if isinstance(arm, Named)]
        if names:
            yield from list_lines("union", names, indent)
            return
        yield f"{margin}union:"
        for arm in node.arms:
            if isinstance(arm, Object):
                field = Field(arm.name or "", arm)
                yield from field_lines(field, schema, indent + 2)
    else:
        yield f"{margin}fields: {'Any' if node == ANY else '{}'}"


def _function(function: Function, schema: Schema) -> list[str]:
    lines = [f"  {scalar(function.path)}:", f"    kind: {function.kind}"]
    if function.visibility != "public":
        lines.append(f"    visibility: {function.visibility}")
    if description := function.description.strip():
        lines += described("description", description, 4)
    if function.args != ANY:
        lines += field_lines(Field("args", function.args), schema, 4)
    if function.returns is not None:
        lines += field_lines(Field("returns", function.returns), schema, 4)
    return lines
