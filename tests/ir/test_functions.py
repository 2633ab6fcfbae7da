"""Functions in the IR: whole documents are found, written out, and never mistaken."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from codegen.ir import canonical
from codegen.ir.checks import check
from codegen.ir.checks.functions import unknown_results
from codegen.ir.fitting import fits
from codegen.ir.model import Function, NamedType, Schema, Table
from codegen.ir.notation import notation
from codegen.ir.subset import is_subset
from codegen.ir.types import (
    ANY,
    NULL,
    NUMBER,
    STRING,
    Array,
    Constrained,
    Constraint,
    Doc,
    Field,
    Id,
    Literal,
    Named,
    Object,
    Record,
    Type,
    Union,
)
from codegen.ir.whole_documents import whole_document, with_documents
from tests.ir.strategies import schemas, with_functions

SHORT = Constrained(STRING, (Constraint("maxLength", 9),))
BODY = Field("body", SHORT, description="What is said.")
AUTHOR = Field("author", Named("Author"), optional=True)
MESSAGES = Table("messages", Object((BODY, AUTHOR), "Message"))
TYPES = {"Author": NamedType("Author", Object((Field("name", STRING),)))}
CREATED, DELETED = (
    Object((Field("kind", Literal.of(kind)),)) for kind in ("created", "deleted")
)
EVENTS = Table("events", Union((CREATED, DELETED)))
ANYTHING = Table("anything", ANY)
TABLES = {table.name: table for table in (MESSAGES, EVENTS, ANYTHING)}

ID = Field("_id", Id("messages"))
TIME = Field("_creationTime", NUMBER)
NAME = Object((Field("name", STRING),))
WRITTEN = Object((Field("author", NAME, True), TIME, Field("body", STRING), ID))


def event(arm: Object) -> Object:
    return Object((*arm.fields, Field("_id", Id("events")), TIME))


def returning(node: Type) -> Schema:
    return Schema(
        TABLES, TYPES, functions={"m:f": Function("m:f", "query", returns=node)}
    )


def found(node: Type) -> Type | None:
    return with_documents(returning(node)).functions["m:f"].returns


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (WRITTEN, Doc("messages")),
        (Array(WRITTEN), Array(Doc("messages"))),
        (Union((WRITTEN, NULL)), Union((Doc("messages"), NULL))),
        (Record(STRING, WRITTEN), Record(STRING, Doc("messages"))),
        (
            Object((Field("page", Array(WRITTEN)), Field("isDone", STRING))),
            Object((Field("page", Array(Doc("messages"))), Field("isDone", STRING))),
        ),
        (Union((event(DELETED), event(CREATED))), Doc("events")),
        (
            Union((Union((event(CREATED), event(DELETED))), NULL)),
            Union((Doc("events"), NULL)),
        ),
    ],
)
def test_a_whole_document_is_found(written: Type, expected: Type) -> None:
    assert found(written) == expected


@pytest.mark.parametrize(
    "other",
    [
        MESSAGES.document,
        Object(WRITTEN.fields[:-1]),
        Object((*WRITTEN.fields, Field("more", STRING))),
        Object((*WRITTEN.fields[:-1], Field("_id", Id("events")))),
        Object((*WRITTEN.fields[:-1], Field("_id", Id("messages"), optional=True))),
        Object((*WRITTEN.fields[:-1], Field("_id", STRING))),
        event(CREATED),
        ANY,
    ],
)
def test_what_is_not_quite_a_document_stays(other: Type) -> None:
    assert found(other) == other


def test_arguments_stay_fields_though_they_are_those_of_a_document() -> None:
    args = Object((*WRITTEN.fields, Field("like", WRITTEN)))
    for written in (WRITTEN, args):
        function = Function("m:f", "mutation", args=written)
        schema = with_documents(Schema(TABLES, TYPES, functions={"m:f": function}))
        assert isinstance(schema.functions["m:f"].args, Object)
    assert schema.functions["m:f"].args == replace(
        args, fields=(*WRITTEN.fields, Field("like", Doc("messages")))
    )


def test_a_document_has_the_values_of_its_fields() -> None:
    schema = returning(Doc("messages"))
    value = {"_id": "m1", "_creationTime": 1.0, "body": "short"}
    assert fits(value, Doc("messages"), schema)
    assert not fits({**value, "body": "much too long"}, Doc("messages"), schema)
    assert not fits({"body": "short"}, Doc("messages"), schema)
    assert is_subset(Doc("messages"), schema, WRITTEN, schema)
    assert not is_subset(WRITTEN, schema, Doc("messages"), schema)  # the constraint
    assert notation(Array(Doc("class"))) == 'list[Doc["class"]]'


@settings(max_examples=60, deadline=None)
@given(schemas().flatmap(with_functions))
def test_functions_come_back_from_their_text(schema: Schema) -> None:
    assert check(schema) == []
    text = canonical.dumps(schema)
    assert canonical.loads(text) == schema
    assert canonical.dumps(canonical.loads(text)) == text


@settings(max_examples=60, deadline=None)
@given(schemas().flatmap(with_functions))
def test_documents_that_are_written_out_are_found_again(schema: Schema) -> None:
    tables = [name for name, table in schema.tables.items() if table.document != ANY]
    functions = {
        f"m:{table}": Function(
            f"m:{table}", "query", returns=Array(whole_document(table, schema))
        )
        for table in tables
    }
    folded = with_documents(replace(schema, functions=functions))
    assert [function.returns for function in folded.functions.values()] == [
        Array(Doc(table)) for table in tables
    ]


@settings(max_examples=60, deadline=None)
@given(schemas().flatmap(with_functions))
def test_finding_documents_changes_no_meaning(schema: Schema) -> None:
    folded = with_documents(schema)
    for path, function in schema.functions.items():
        for old, new in (
            (function.args, folded.functions[path].args),
            (function.returns or ANY, folded.functions[path].returns or ANY),
        ):
            assert is_subset(new, folded, old, schema)
    assert with_documents(folded) == folded


def test_a_text_without_functions_does_not_speak_of_them() -> None:
    assert "functions" not in canonical.dumps(Schema(TABLES, TYPES))


def test_strictness_asks_for_results() -> None:
    known = Function("m:known", "query", returns=NULL)
    unknown = Function("m:unknown", "query")
    schema = Schema(functions={one.path: one for one in (known, unknown)})
    (fault,) = unknown_results(schema)
    assert (fault.code, fault.path) == ("E244", ("functions", "m:unknown"))
