"""A schema that is exported as SQL, run by the database and imported again is the same one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from codegen.interop.sql import dumps
from codegen.interop.sql.shapes import Shape, shape
from codegen.ir.checks.documents import arms_of
from codegen.ir.fitting import holds
from codegen.ir.model import Schema, Table
from codegen.ir.types import ANY, Field, Object
from tests.importers.sql.databases import Imported, from_postgres, from_sqlite
from tests.ir.strategies import schemas
from tests.language.reading_support import schema_of

ANYWHERE = settings(
    max_examples=60,
    suppress_health_check=[*HealthCheck],
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
SHOP = """\
tables:
  customers:
    description: Who buys.
    fields:
      email: str  # where to write to
      level: Literal["new", "old"] = "new"
      age?: Annotated[int, Ge(0), Le(150)] | None
      rate: float = 0.5
      active: bool = True
      photo?: bytes | None
      settings: Any
    indexes:
      by_email: {fields: [email], unique: true}

  orders:
    fields:
      customer: Id[customers]
      number: Annotated[int, Gt(0)]
      note?: Annotated[str, MinLen(1), MaxLen(80)] | None
    indexes:
      by_customer: [customer, number]
"""


def test_a_shop_in_sqlite(tmp_path: Path) -> None:
    text, faults = dumps(schema_of(SHOP), "sqlite")
    again = from_sqlite(text, tmp_path)
    assert [fault.code for fault in faults] == ["W430", "W430", "W430"]
    assert (again.text, again.said) == (SHOP, [])
    assert again.notes == [
        "every document has an `_id`, which stands for customers.id, orders.id",
        "every document has a `_creationTime`, which stands for "
        "customers.creation_time, orders.creation_time",
    ]


def test_a_shop_in_postgresql(postgres: str) -> None:
    text, faults = dumps(schema_of(SHOP), "postgresql")
    again = from_postgres(text, postgres)
    assert [fault.code for fault in faults] == ["W430", "W430", "W430"]
    assert (again.text, again.said) == (SHOP, [])


def test_tables_that_refer_to_each_other(postgres: str, tmp_path: Path) -> None:
    schema = schema_of(
        "tables:\n  a: {fields: {b: 'Id[b]', own?: 'Id[a]'}}\n  b: {fields: {a: 'Id[a]'}}\n"
    )
    wanted = "b: Id[b]\n      own?: Id[a] | None\n\n  b:\n    fields:\n      a: Id[a]\n"
    for again in (
        from_sqlite(dumps(schema, "sqlite")[0], tmp_path),
        from_postgres(dumps(schema, "postgresql")[0], postgres),
    ):
        assert again.said == []
        assert again.text.endswith(wanted)


@pytest.mark.slow
@ANYWHERE
@given(schemas())
def test_any_schema_in_sqlite(
    tmp_path_factory: pytest.TempPathFactory, schema: Schema
) -> None:
    assume(schema.tables)
    text, faults = dumps(schema, "sqlite")
    again = from_sqlite(text, tmp_path_factory.mktemp("db"))
    _compare(
        schema, again, renamed={fault.path for fault in faults if fault.code == "W435"}
    )


@pytest.mark.slow
@ANYWHERE
@given(schemas())
def test_any_schema_in_postgresql(postgres: str, schema: Schema) -> None:
    assume(schema.tables)
    text, faults = dumps(schema, "postgresql")
    again = from_postgres(text, postgres)
    _compare(
        schema, again, renamed={fault.path for fault in faults if fault.code == "W435"}
    )


def _compare(schema: Schema, again: Imported, renamed: set[Any]) -> None:
    assert again.text, again.said
    found = schema_of(again.text)
    if renamed:
        return  # it was run and read
    assert set(found.tables) == set(schema.tables)
    for name, table in schema.tables.items():
        wanted, got = _columns(table, schema), _columns(found.tables[name], found)
        assert got == wanted or wanted is None, again.text
        for index in found.tables[name].indexes:
            assert (index.name, index.fields, index.unique) in {
                (one.name, one.fields, one.unique) for one in table.indexes
            } | {(f"{one.name}_2", one.fields, one.unique) for one in table.indexes}


def _columns(table: Table, schema: Schema) -> dict[str, object] | None:
    """What SQL can say of the fields; None where there are several kinds of documents."""
    kinds = [node for _, node in arms_of((), table.document, schema)]
    if len(kinds) != 1:
        return None
    (document,) = kinds
    if not isinstance(document, Object):
        document = Object((Field("document", ANY),))
    return {
        field.name: _said(shape(field.type, schema), field)
        for field in document.fields
        if not (field.optional and shape(field.type, schema) == Shape("nothing"))
    }


def _said(made: Shape, field: Field) -> object:
    required = not (made.nullable or field.optional)
    kind = "text" if made.kind == "nothing" else made.kind
    literals = {
        literal.value
        for literal in made.literals
        if all(holds(one, literal.value) for one in made.constraints)
    }
    if any("\0" in value for value in literals if isinstance(value, str)):
        literals = set()
    if kind == "boolean" and len(literals) == 2:
        literals = set()
    numbers = {
        (one.kind, one.value)
        for one in made.constraints
        if kind != "json" and not isinstance(one.value, str)
    }
    return kind, required, literals, numbers, made.reference
