"""References are found wherever types say that there are ids, and nothing else is changed."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codegen.engines.ids import encode
from codegen.ir.model import NamedType, Schema, Table
from codegen.ir.types import (
    ANY,
    BIGINT,
    BYTES,
    NULL,
    NUMBER,
    STRING,
    Array,
    Constrained,
    Constraint,
    Field,
    Id,
    JsonValue,
    Literal,
    Named,
    Object,
    Record,
    Type,
    Union,
)
from codegen.transfer.rewriting import Rewriting, look_like_ids
from codegen.transfer.table_order import in_order
from tests.ir.strategies import documents, same_json, schemas

TABLES: Final = {10_001: "users", 10_002: "posts"}
USER, POST = (encode(number, b"0123456789abcdef") for number in TABLES)
OTHER: Final = encode(10_009, b"0123456789abcdef")
USERS, POSTS = Id("users"), Id("posts")
INT: Final[JsonValue] = {"$integer": "AQAAAAAAAAA="}

BY_USER: Final = Object((Field("kind", Literal.of("u")), Field("of", USERS)))
BY_TEXT: Final = Object((Field("kind", Literal.of("t")), Field("of", STRING)))
UNSAID: Final = Object((Field("of", USERS),))
UNSAID_TEXT: Final = Object((Field("of", STRING),))


def at(id: str) -> str:
    return f"<{id}>"


@pytest.mark.parametrize(
    ("node", "value", "expected"),
    [
        (USERS, USER, at(USER)),
        (Named("Reference"), USER, at(USER)),
        (Constrained(USERS, (Constraint("minLength", 1),)), USER, at(USER)),
        (Array(USERS), [USER, USER], [at(USER), at(USER)]),
        (Array(Array(USERS)), [[], [USER]], [[], [at(USER)]]),
        (Record(USERS, POSTS), {USER: POST}, {at(USER): at(POST)}),
        (Record(USERS, NUMBER), {USER: 1.0}, {at(USER): 1.0}),
        (Record(STRING, USERS), {USER: USER}, {USER: at(USER)}),
        (Object((Field("a", USERS, optional=True),)), {}, {}),
        (Object((Field("a", UNSAID),)), {"a": {"of": USER}}, {"a": {"of": at(USER)}}),
        (Union((USERS, NULL)), None, None),
        (Union((USERS, NULL)), USER, at(USER)),
        (Union((USERS, POSTS)), POST, at(POST)),
        (Union((USERS, STRING)), "a text", "a text"),
        (Union((USERS, STRING)), USER, at(USER)),
        (Union((USERS, STRING)), POST, POST),
        (Union((Literal.of("all"), USERS)), "all", "all"),
        (Union((Array(USERS), USERS)), [USER], [at(USER)]),
        (Union((BIGINT, UNSAID)), INT, INT),
        (Union((BYTES, Record(STRING, USERS))), {"$bytes": ""}, {"$bytes": ""}),
        (Union((BY_USER, BY_TEXT)), {"kind": "t", "of": USER}, None),
        (
            Union((BY_TEXT, BY_USER)),
            {"kind": "u", "of": USER},
            {"kind": "u", "of": at(USER)},
        ),
        # What could be both is a reference, if it can be one.
        (Union((UNSAID_TEXT, UNSAID)), {"of": USER}, {"of": at(USER)}),
        (Union((UNSAID_TEXT, UNSAID)), {"of": "a text"}, None),
        (Union((UNSAID, UNSAID_TEXT)), {"of": POST}, None),
        (Array(Union((ANY, USERS))), [USER, 1.0], [at(USER), 1.0]),
        (Id("_storage"), OTHER, at(OTHER)),
    ],
)
def test_where_ids_are(node: Type, value: JsonValue, expected: JsonValue) -> None:
    types = {"Reference": NamedType("Reference", USERS)}
    schema = Schema({name: Table(name, ANY) for name in TABLES.values()}, types)
    rewrite = Rewriting(schema, TABLES).of(node)
    assert rewrite is not None
    assert rewrite(value, at) == (value if expected is None else expected)


@pytest.mark.parametrize("node", [STRING, ANY, Array(STRING), BY_TEXT, Union(())])
def test_types_without_ids(node: Type) -> None:
    assert Rewriting(Schema(), TABLES).of(node) is None


@given(st.data())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_values_stay_the_same(data: st.DataObject) -> None:
    """Documents of any type, with other texts in the place of ids."""
    schema = data.draw(schemas())
    for table in schema.tables.values():
        rewrite = Rewriting(schema, {}).of(table.document)
        document = data.draw(documents(table.document, schema))
        if rewrite is not None:
            assert same_json(rewrite(document, at), document)


def test_texts_that_look_like_ids() -> None:
    value: JsonValue = {
        USER: [POST, OTHER, USER[1:], f"{USER}x", None],
        "a": {"b": USER},
    }
    assert [*look_like_ids(value, TABLES)] == [USER, POST, USER]


def test_the_order_of_tables() -> None:
    def refers(*tables: str) -> Type:
        return Object(tuple(Field(table, Id(table)) for table in tables))

    documents = {
        "a": refers("b"),
        "b": refers("c", "d"),
        "c": refers("b"),
        "d": Record(Id("d"), Named("Late")),
        "e": refers("a"),
        "z": Union((NULL, NUMBER)),
    }
    schema = Schema(
        {name: Table(name, document) for name, document in documents.items()},
        {"Late": NamedType("Late", Array(Id("z")))},
    )
    assert in_order(schema, ["a", "b", "c", "d", "e", "z"]) == [*"czdbae"]
    assert in_order(schema, ["e", "a"]) == ["a", "e"]
