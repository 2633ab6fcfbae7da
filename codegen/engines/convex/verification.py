"""Counts the documents of a deployment that do not fit a schema, which need not be its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace

from pydantic_core import from_json, to_json

from codegen.ir.model import Schema
from codegen.ir.types import JsonValue

from ..field_keys import CREATION_TIME
from ..sql.layout import Layout
from ..sql.verification import Tally, Verified
from ..table_rows import DefinedTable, defined_tables


def verify(
    schema: Schema, numbers: Mapping[int, str], texts: Callable[[str], Iterator[str]]
) -> Iterator[Verified]:
    """The tables of a deployment; `numbers` has their names by their numbers in ids.

    `texts` gives the documents of a table as JSON, in the encoded form.
    """
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
            yield _verified(tables[name], texts(name))
        else:
            count = sum(1 for _ in texts(name))
            yield Verified(name, count, known=False)


def _verified(table: DefinedTable, texts: Iterator[str]) -> Verified:
    with closing(Tally(table)) as tally:
        for text in texts:
            document = _with_floats(from_json(text))
            assert isinstance(document, dict)
            created = document[CREATION_TIME]
            assert isinstance(created, float)
            with_floats = to_json(document, inf_nan_mode="constants").decode()
            tally.add(str(document["_id"]), created, with_floats)
        return tally.verified


def _with_floats(value: JsonValue) -> JsonValue:
    """The value with floats as such, which JavaScript writes without a fraction."""
    if isinstance(value, dict):
        return {name: _with_floats(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_with_floats(item) for item in value]
    return float(value) if type(value) is int else value
