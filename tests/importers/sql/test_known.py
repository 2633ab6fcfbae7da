"""Schemas that many know, as files below `known`: `pytest --accept` writes what they become."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from codegen.ir.model import Schema
from codegen.ir.types import (
    ANY,
    BIGINT,
    BOOLEAN,
    NULL,
    NUMBER,
    Array,
    Constrained,
    Id,
    Literal,
    Named,
    Object,
    Type,
    Union,
)
from codegen.ir.values import encode
from tests.engines.packages import package
from tests.importers.sql.databases import Imported, from_file, from_url, sqlite_file
from tests.language.reading_support import schema_of
from tests.postgres import new_database

KNOWN = Path(__file__).parent / "known"
SQLITE = sorted((KNOWN / "sqlite").glob("*.sql"))
POSTGRESQL = sorted((KNOWN / "postgresql").glob("*.sql"))


@pytest.mark.parametrize("ddl", SQLITE, ids=lambda path: path.stem)
def test_a_file(ddl: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    file = sqlite_file(tmp_path / "app.db", ddl.read_text("utf-8"))
    one = from_file(file)
    _compare(ddl, one, accept=request.config.getoption("--accept"))
    made = package(tmp_path, one.text, f"known_{ddl.stem}")
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        for name in _table_names(connection):
            rows = connection.execute(f'SELECT * FROM "{name}"').fetchall()
            _validate(name, map(dict, rows), schema_of(one.text), made)


@pytest.mark.parametrize("ddl", POSTGRESQL, ids=lambda path: path.stem)
def test_a_database(
    ddl: Path, tmp_path: Path, postgres: str, request: pytest.FixtureRequest
) -> None:
    with new_database(postgres, ddl.read_text("utf-8")) as url:
        one = from_url(url)
        _compare(ddl, one, accept=request.config.getoption("--accept"))
        made = package(tmp_path, one.text, f"known_{ddl.stem}")
        with psycopg.connect(url, row_factory=dict_row) as connection:
            schema = schema_of(one.text)
            for name in schema.tables:
                rows = connection.execute(f"SELECT * FROM {name}".encode()).fetchall()
                _validate(name, iter(rows), schema, made)


def _compare(ddl: Path, one: Imported, *, accept: bool) -> None:
    database = one.said[0].split()[1] if one.said else ""
    said = [line.replace(database, "known:") for line in one.said]
    real = "\n".join([*(f"# {line}" for line in said), "", one.text])
    expected = ddl.with_suffix(".yaml")
    if accept:
        expected.write_text(real, "utf-8")
    assert expected.read_text("utf-8") == real


def _table_names(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    )
    return [row["name"] for row in rows]


def _validate(
    table: str, rows: Iterator[Mapping[str, Any]], schema: Schema, made: Any
) -> None:
    """Each row, with its values as the documentation says, is a document of the package."""
    name = table.replace(" ", "_")
    model = made.server.schema.tables[name].document
    document = schema.tables[name].document
    assert isinstance(document, Object)
    count = 0
    for row in rows:
        values = {
            field.name: _wire(row[field.name], field.type, schema)
            for field in document.fields
        }
        read = model.from_wire({"_id": "0" * 32, "_creationTime": 0.0, **values})
        assert {k: v for k, v in read.to_wire().items() if k[0] != "_"} == values
        count += 1
    assert count > 0, f"{table} has rows"


def _wire(value: Any, node: Type, schema: Schema) -> Any:
    if value is None:
        return None
    if isinstance(node, Named):
        return _wire(value, schema.types[node.name].type, schema)
    if isinstance(node, Constrained):
        return _wire(value, node.inner, schema)
    if isinstance(node, Union):
        return _wire(value, next(arm for arm in node.arms if arm != NULL), schema)
    if isinstance(node, Id):
        return str(value)
    if isinstance(node, Array):
        return [_wire(item, node.element, schema) for item in value]
    if node == ANY:
        is_json = isinstance(value, str) and value[:1] in "{["
        return json.loads(value) if is_json else value
    if node == BOOLEAN:
        return bool(value)
    if node == NUMBER:
        if isinstance(value, datetime):
            return value.timestamp() * 1000
        assert isinstance(value, (int, float, Decimal))
        return float(value)
    assert node != BIGINT or isinstance(value, int)
    return value if isinstance(node, Literal) else encode(value)
