from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

from codegen.ir import canonical
from codegen.ir.model import Index, NamedType, Schema, SearchIndex, Table, VectorIndex
from codegen.ir.types import (
    ANY,
    BIGINT,
    NUMBER,
    STRING,
    Array,
    Constrained,
    Constraint,
    Default,
    Field,
    Id,
    Literal,
    Named,
    Object,
    Record,
    Union,
)
from tests.ir.strategies import schemas

STATUS = NamedType("Status", Union((Literal.of("on"), Literal.of("off"))), "A switch.")
USERS = Table(
    "users",
    Object(
        (
            Field("name", STRING, description='It has "quotes"\nand lines.'),
            Field("age", NUMBER, optional=True, default=Default(1.5)),
            Field("status", Named("Status"), renamed_from="state"),
            Field("tags", Array(Record(Id("users"), BIGINT))),
        ),
    ),
    (Index("by_name", ("name",), unique=True), Index("later", ("age",), staged=True)),
    (SearchIndex("search", "name", ("age",)),),
    (VectorIndex("near", "tags", 3, ("age",), staged=True),),
    description="People.",
    model="Person",
    renamed_from="people",
    staged_document=ANY,
)
EVENTS = Table("events", Union((Object((), "Start"), Object((Field("at", NUMBER),)))))
SCHEMA = Schema({"users": USERS, "events": EVENTS}, {"Status": STATUS}, False)


@settings(max_examples=40, deadline=None)
@given(schemas())
def test_a_schema_comes_back_from_its_text(schema: Schema) -> None:
    text = canonical.dumps(schema)
    assert canonical.loads(text) == schema
    assert canonical.dumps(canonical.loads(text)) == text
    assert text.endswith("}\n")


def test_nothing_is_lost() -> None:
    assert canonical.loads(canonical.dumps(SCHEMA)) == SCHEMA


def test_the_text_is_what_to_json_says() -> None:
    assert json.loads(canonical.dumps(SCHEMA)) == canonical.to_json(SCHEMA)


def test_the_order_of_tables_and_types_has_no_meaning() -> None:
    turned = Schema({"events": EVENTS, "users": USERS}, {"Status": STATUS}, False)
    assert canonical.dumps(turned) == canonical.dumps(SCHEMA)


def test_the_order_of_fields_has() -> None:
    fields = (Field("a", STRING), Field("b", STRING))
    one = Table("t", Object(fields))
    other = Table("t", Object(fields[::-1]))
    assert canonical.table_json(one) != canonical.table_json(other)


def test_a_field_is_one_line_and_the_text_has_the_texts_of_its_tables() -> None:
    text = canonical.dumps(SCHEMA)
    lines = [line.strip() for line in text.splitlines()]
    assert '{"name": "at", "type": "number"}' in lines
    table = [line.strip() for line in canonical.table_json(USERS).splitlines()]
    assert "\n".join(table) in "\n".join(lines)


def test_keys_are_sorted() -> None:
    def check(value: object) -> None:
        if isinstance(value, dict):
            assert list(value) == sorted(value)
            for item in value.values():
                check(item)
        elif isinstance(value, list):
            for item in value:
                check(item)

    check(json.loads(canonical.dumps(SCHEMA)))


@pytest.mark.parametrize(
    "values",
    [
        (1, 1.0, True),
        (0, 0.0, -0.0, False),
        (2**63 - 1, float(2**63)),
        (float("nan"), float("inf"), float("-inf")),
        ("1", 1),
        ("\ud7ff", "\x00", "\u2028", "🔥", "</script>"),
    ],
)
def test_look_alikes_stay_apart(values: tuple[str | int | float, ...]) -> None:
    document = Object(
        (
            Field("literal", Union(tuple(Literal.of(value) for value in values))),
            Field(
                "bounded",
                Constrained(NUMBER, tuple(Constraint("ge", value) for value in values)),
            ),
        )
    )
    back = canonical.loads(canonical.dumps(Schema({"t": Table("t", document)})))
    found = back.tables["t"].document
    assert isinstance(found, Object)
    assert repr(found) == repr(document)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"tables": 1}', "null", '{"tables": [{"name": "t"}]}']
)
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="canonical"):
        canonical.loads(text)
