"""Functions in the native language: what they mean, and where they are written."""

from __future__ import annotations

import pytest

from codegen.ir.checks import check
from codegen.ir.model import Function
from codegen.ir.types import (
    ANY,
    BIGINT,
    BOOLEAN,
    NULL,
    STRING,
    Array,
    Doc,
    Field,
    Id,
    Named,
    Object,
    Union,
)
from tests.language.native_samples import FUNCTIONS
from tests.language.reading_support import schema_of
from tests.language.test_native_locate import at


def test_what_they_mean() -> None:
    schema = schema_of(FUNCTIONS)
    author = Object(
        (Field("id", Id("_storage")), Field("strict", BOOLEAN, optional=True))
    )
    arguments = Object(
        (
            Field("channel", STRING, description="where they were written"),
            Field("limit", BIGINT, optional=True),
            Field("author", author, optional=True),
        )
    )
    page = Object((Field("page", Array(Doc("messages"))), Field("isDone", BOOLEAN)))
    expected = [
        Function(
            "messages:list",
            "query",
            args=arguments,
            returns=Array(Doc("messages")),
            description="the newest messages",
        ),
        Function("messages:page", "query", "internal", Named("Paging"), page),
        Function("messages/archive:run", "mutation", args=Object(()), returns=NULL),
        Function("ai:answer", "action", description="Answers, with whatever it likes."),
        Function("ai:count", "action", args=ANY, returns=Union((BIGINT, NULL))),
    ]
    assert schema.functions == {function.path: function for function in expected}
    assert check(schema) == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("messages:list", "9: messages:list"),
        ("messages:list args", "11: args"),
        ("messages:list args field limit", "13: limit"),
        ("messages:list args field author field id table", "14: _storage"),
        ("messages:list returns", "15: list[Doc[messages]]"),
        ("messages:list returns element table", "15: messages"),
        ("messages:page args", "19: Paging"),
        ("messages:page returns field page element table", '21: "messages"'),
        ("messages/archive:run args", "23: {}"),
        ("messages/archive:run returns", "23: None"),
        ("ai:count returns arm 1", "32: None"),
        ("ai:answer args field x", "24: ai:answer"),
    ],
)
def test_where_they_are_written(path: str, expected: str) -> None:
    steps = (int(step) if step.isdigit() else step for step in path.split(" "))
    assert at(FUNCTIONS, "functions", *steps) == expected


def test_functions_of_several_files_come_together() -> None:
    schema = schema_of(
        "tables: {t: {fields: Any}}\nfunctions: {a:f: {kind: query}}\n",
        "functions: {b:f: {kind: mutation}}\n",
    )
    assert list(schema.functions) == ["a:f", "b:f"]
