"""Counts the documents of a deployment that do not fit a schema, which need not be its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from typing import TypeAlias

from pydantic_core import to_json

from codegen.ir.model import Schema
from codegen.ir.types import JsonValue

from ..field_keys import CREATION_TIME
from ..sql.layout import Layout
from ..sql.verification import Tally, Verified
from ..table_rows import DefinedTable, defined_tables

Pages: TypeAlias = Iterable[list[JsonValue]]
"""The documents of a table in the encoded form, some at a time."""


def verify(
    schema: Schema, numbers: Mapping[int, str], pages: Callable[[str], Pages]
) -> Iterator[Verified]:
    """The tables of a deployment; `numbers` has their names by their numbers in ids."""
    layouts = {
        name: Layout(number, name)
        for number, name in numbers.items()
        # Ids of system tables go by other names there.
        if not name.startswith("_")
    }
    known = {name: table for name, table in schema.tables.items() if name in layouts}
    tables = defined_tables(replace(schema, tables=known), layouts)
    for name in sorted(layouts):
        if name in tables:
            yield _verified(tables[name], pages(name))
        else:
            count = sum(len(page) for page in pages(name))
            yield Verified(name, count, known=False)


def _verified(table: DefinedTable, pages: Pages) -> Verified:
    with closing(Tally(table)) as tally:
        for page in pages:
            for document in page:
                found = _with_floats(document)
                assert isinstance(found, dict)
                created = found[CREATION_TIME]
                assert isinstance(created, float)
                text = to_json(found, inf_nan_mode="constants").decode()
                tally.add(str(found["_id"]), created, text)
        return tally.verified


def _with_floats(value: JsonValue) -> JsonValue:
    """The value with floats as such, which JavaScript writes without a fraction."""
    if isinstance(value, dict):
        return {name: _with_floats(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_with_floats(item) for item in value]
    return float(value) if type(value) is int else value
