"""Writes an entity-relationship diagram in the language of Mermaid: tables, fields and ids.

Tables and fields with their types, keys and descriptions are boxes, ids are the lines between them.
Indexes that are not unique, defaults and functions have no place in such a diagram.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from codegen.diagnostics import Fault
from codegen.ir.model import Schema, Table
from codegen.ir.types import Object

from .fields import drawn_names, merged_fields, rows, shapes
from .relations import relations
from .text import escaped, first_paragraph

_LARGEST: Final = 50_000
"""The characters that Mermaid takes unless it is told to take more."""


def dumps(schema: Schema) -> str:
    """The diagram, with a line break at its end; the same bytes for the same schema."""
    return "\n".join(_lines(schema)) + "\n"


def warnings(schema: Schema) -> list[Fault]:
    """What the diagram does not show as it is."""
    found = [fault for table in _tables(schema) for fault in _untold(table, schema)]
    size = len(dumps(schema).encode("utf-16-le")) // 2
    if size > _LARGEST:
        found.append(
            Fault(
                "W445",
                (),
                f"the diagram has {size:,} characters; Mermaid draws {_LARGEST:,}",
                "raise `maxTextSize` where it is drawn, or draw fewer tables",
            )
        )
    return found


def _tables(schema: Schema) -> list[Table]:
    return [table for _, table in sorted(schema.tables.items())]


def _lines(schema: Schema) -> Iterator[str]:
    yield "erDiagram"
    for table in _tables(schema):
        if table.description:
            yield f"    %% {escaped(first_paragraph(table.description))}"
        yield f'    "{table.name}" {{'
        for row in rows(table, schema):
            yield f"        {row}"
        yield "    }"
    for table in _tables(schema):
        for line in relations(table, schema):
            yield f"    {line}"


def _untold(table: Table, schema: Schema) -> Iterator[Fault]:
    place = ("tables", table.name)
    if len(list(shapes(table.document, schema))) > 1:
        yield Fault(
            "W444",
            place,
            f'the diagram does not tell the kinds of documents of "{table.name}" apart',
            "a field that some of them lack is drawn as optional",
        )
    fields = merged_fields(table.document, schema)
    plain = isinstance(table.document, Object)
    for name, drawn in drawn_names(fields).items():
        if drawn != name:
            yield Fault(
                "W442",
                (*place, "document", "field", name) if plain else place,
                f'Mermaid takes "{name}" for a mark of a key: the field is drawn as "{drawn}"',
            )
    own = {field.name for field in fields}
    for i, index in enumerate(table.indexes):
        if index.unique and not (len(index.fields) == 1 and index.fields[0] in own):
            yield Fault(
                "W443",
                (*place, "indexes", i),
                f'the diagram does not show that "{index.name}" is unique',
                "a mark belongs to one field at the top of a document",
            )
