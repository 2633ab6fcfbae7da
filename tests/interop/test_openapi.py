"""The OpenAPI document of a schema: valid, and as exact as the schema itself."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from codegen.interop.openapi import dumps, export, warnings
from codegen.ir.model import Function, NamedType, Schema, Table
from codegen.ir.types import (
    ANY,
    BIGINT,
    NULL,
    NUMBER,
    STRING,
    Array,
    Constrained,
    Constraint,
    Default,
    Doc,
    Field,
    Id,
    JsonValue,
    Literal,
    Named,
    Object,
    Type,
    Union,
)
from codegen.ir.values import encode
from tests.cases.cases import codegen
from tests.interop.documents import Sampler, changes
from tests.interop.gaps import OF_JSON_SCHEMA, OF_THEIR_MODELS, gaps
from tests.interop.judges import (
    NEW,
    as_json_schema,
    the_json_schema,
    the_schema,
    their_models,
    with_all_documents,
)
from tests.interop.schema_files import OURS, REAL, SchemaFile
from tests.ir.strategies import schemas, with_functions

pytestmark = pytest.mark.filterwarnings("ignore:The `MISSING` sentinel")


@pytest.mark.parametrize("file", OURS, ids=str)
def test_it_is_valid(file: SchemaFile) -> None:
    validate(export(file.read()))


@pytest.mark.slow
@pytest.mark.parametrize("file", REAL, ids=str)
def test_it_is_valid_for_every_application(file: SchemaFile) -> None:
    validate(export(file.read()))


@settings(max_examples=40, deadline=None)
@given(schema=schemas().flatmap(with_functions))
def test_it_is_valid_for_any_schema(schema: Schema) -> None:
    document = export(schema)
    validate(document)
    public = [f for f in schema.functions.values() if f.visibility == "public"]
    assert len(document["paths"]) == len(public)


def test_the_validator_finds_faults() -> None:
    document = export(OURS[0].read())
    with pytest.raises(Exception, match=r".description. is a required property"):
        validate({**document, "paths": {"/x": {"post": {"responses": {"200": {}}}}}})


@pytest.mark.parametrize("file", [*OURS[:2], *REAL[:1], *REAL[4:7]], ids=str)
def test_its_models_take_and_refuse_what_the_schema_does(file: SchemaFile) -> None:
    schema = file.read()
    document = export(schema)
    by_schema = the_schema(schema)
    by_components = the_json_schema(as_json_schema(schema, document))
    verdicts: set[bool] = set()
    with their_models(with_all_documents(schema, document)) as theirs:
        for kind, value in samples(schema):
            fits = by_schema(kind, value)
            verdicts.add(fits)
            type_ = schema.tables[kind.removesuffix(NEW)].document
            touched = set(gaps(value, type_, schema))
            if not touched & OF_JSON_SCHEMA:
                assert by_components(kind, value) is fits, (kind, value)
            if not touched & OF_THEIR_MODELS:
                assert theirs(kind, value) is fits, (kind, value)
    assert verdicts == {True, False}


def samples(schema: Schema) -> list[tuple[str, JsonValue]]:
    """Documents that fit, and some of those that one change makes of them."""
    random = Random(7)
    sampler = Sampler(schema, random)
    found: list[tuple[str, JsonValue]] = []
    for table in schema.tables.values():
        for kind in (table.name, table.name + NEW):
            system: dict[str, JsonValue]
            system = {} if kind.endswith(NEW) else {"_id": "k1", "_creationTime": 1.5}
            document = {**system, **sampler.draw_document(table.document)}
            changed = list(changes(document))
            some = random.sample(changed, min(20, len(changed)))
            found += [(kind, value) for value in (document, *some)]
    return found


CIRCLE = Object((Field("kind", Literal.of("circle")), Field("radius", NUMBER)))
SQUARE = Object((Field("kind", Literal.of("square")), Field("side", NUMBER)))
REFERENCE = "#/components/schemas/"


def components(schema: Schema) -> dict[str, Any]:
    document = export(schema)
    validate(document)
    found: dict[str, Any] = document["components"]["schemas"]
    return found


def shapes(document: Type, **fields: Type) -> dict[str, Any]:
    """The components of a table `t`, beside one with the given fields."""
    other = Object(tuple(Field(name, type_) for name, type_ in fields.items()))
    named = {
        "Circle": NamedType("Circle", CIRCLE),
        "Square": NamedType("Square", SQUARE),
    }
    tables = {"t": Table("t", document), "other": Table("other", other)}
    return components(Schema(tables, named))


def test_kinds_of_documents_are_told_apart() -> None:
    found = shapes(Union((Named("Circle"), SQUARE)))
    assert found["t"] == {
        "discriminator": {
            "mapping": {"circle": f"{REFERENCE}tCircle", "square": f"{REFERENCE}t2"},
            "propertyName": "kind",
        },
        "oneOf": [{"$ref": f"{REFERENCE}tCircle"}, {"$ref": f"{REFERENCE}t2"}],
    }
    assert found["tNew"]["discriminator"]["mapping"] == {
        "circle": f"{REFERENCE}tCircleNew",
        "square": f"{REFERENCE}t2New",
    }


def test_objects_of_a_union_are_told_apart_beside_null() -> None:
    both = Union((Named("Circle"), NULL, Named("Square")))
    apart, null = shapes(Object(()), a=both)["other"]["properties"]["a"]["anyOf"]
    assert apart["discriminator"]["mapping"] == {
        "circle": f"{REFERENCE}Circle",
        "square": f"{REFERENCE}Square",
    }
    assert null == {"type": "null"}


def test_a_tag_that_may_be_left_out_tells_nothing() -> None:
    kind = Field("kind", Literal.of("square"), default=Default("square"))
    found = shapes(Union((CIRCLE, Object((kind,)))))
    assert "discriminator" in found["t"]
    assert found["tNew"]["anyOf"] == [
        {"$ref": f"{REFERENCE}t1New"},
        {"$ref": f"{REFERENCE}t2New"},
    ]


def test_objects_without_a_tag_are_alternatives() -> None:
    found = shapes(Union((Object((Field("x", STRING),)), Object(()))))
    assert found["t"].keys() == {"anyOf"}


def functions(*all_: Function) -> Schema:
    tasks = Table("tasks", Object((Field("title", STRING),)), description="To do.")
    return Schema({"tasks": tasks}, {}, functions={f.path: f for f in all_})


def validator(document: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({"components": document["components"], **schema})


def request_and_answer(
    function: Function,
) -> tuple[Draft202012Validator, Draft202012Validator]:
    """What may be sent to a function, and what comes back with 200."""
    document = export(functions(function))
    validate(document)
    (path,) = document["paths"].values()
    sent = path["post"]["requestBody"]["content"]["application/json"]["schema"]
    got = path["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    return validator(document, sent), validator(document, got)


def test_a_function_is_a_path() -> None:
    document = export(
        functions(
            Function("admin/tasks:purge", "action", description="Removes\nall."),
            Function("tasks:secret", "query", "internal"),
        )
    )
    validate(document)
    (path,) = document["paths"]
    assert path == "/api/run/admin/tasks/purge"
    post = document["paths"][path]["post"]
    assert post["operationId"] == "admin_tasks_purge"
    assert post["description"] == "Removes\nall."
    assert post["tags"] == ["action"]
    assert [tag["name"] for tag in document["tags"]] == ["action"]
    assert document["security"] == [{}, {"user": []}]


def test_without_public_functions_there_are_no_paths() -> None:
    document = export(functions(Function("tasks:secret", "query", "internal")))
    validate(document)
    assert document["paths"] == {}
    assert "servers" not in document and "security" not in document
    assert "Failure" not in document["components"]["schemas"]


FORMAT = {"format": "convex_encoded_json"}


def test_arguments_are_sent_in_the_body() -> None:
    args = Object((Field("limit", BIGINT), Field("of", Id("tasks"), optional=True)))
    sent, _ = request_and_answer(Function("tasks:list", "query", args=args))
    assert sent.is_valid({"args": {"limit": encode(3)}, **FORMAT})
    assert sent.is_valid({"args": {"limit": encode(3), "of": "k1"}, **FORMAT})
    assert not sent.is_valid({"args": {"limit": 3}, **FORMAT})
    assert not sent.is_valid({"args": {}, **FORMAT})
    assert not sent.is_valid({"args": {"limit": encode(3), "by": 1}, **FORMAT})
    assert not sent.is_valid({"args": {"limit": encode(3)}})
    assert not sent.is_valid({"args": {"limit": encode(3)}, "format": "json"})


def test_unknown_arguments_are_any_object() -> None:
    sent, _ = request_and_answer(Function("tasks:list", "query", args=ANY))
    assert sent.is_valid({"args": {"a": [None, encode(b"")]}, **FORMAT})
    assert not sent.is_valid({"args": [], **FORMAT})


def test_a_result_comes_in_an_envelope() -> None:
    returns = Array(Doc("tasks"))
    _, got = request_and_answer(Function("tasks:list", "query", returns=returns))
    task = {"_id": "k1", "_creationTime": 1.5, "title": "a"}
    assert got.is_valid({"status": "success", "value": [task]})
    assert got.is_valid({"status": "success", "value": [], "logLines": ["[LOG] a"]})
    assert not got.is_valid({"status": "success", "value": [{"title": "a"}]})
    assert not got.is_valid({"status": "success"})
    assert got.is_valid({"status": "error", "errorMessage": "no"})
    assert got.is_valid({"status": "error", "errorMessage": "", "errorData": {"a": 1}})
    assert not got.is_valid({"status": "error", "value": []})


def test_a_whole_document_is_the_component_of_its_table() -> None:
    found = components(functions(Function("tasks:get", "query", returns=Doc("tasks"))))
    value = found["tasks_get_success"]["properties"]["value"]
    assert value == {"$ref": f"{REFERENCE}tasks"}


def test_functions_have_names_of_their_own() -> None:
    paths = ("a/b:c", "a.b:c", "a_b:c")
    document = export(functions(*(Function(path, "query") for path in paths)))
    validate(document)
    names = {path["post"]["operationId"] for path in document["paths"].values()}
    assert names == {"a_b_c", "a_b_c2", "a_b_c3"}


def test_what_json_schema_cant_say() -> None:
    bounded = Constrained(BIGINT, (Constraint("ge", 0),))
    flagged = Constrained(STRING, (Constraint("pattern", "(?i)a"),))
    document = Object((Field("n", bounded), Field("s", flagged)))
    args = Object((Field("m", bounded),))
    schema = Schema(
        {"t": Table("t", document)},
        functions={"t:f": Function("t:f", "query", args=args)},
    )
    told = {(fault.code, fault.path[0]) for fault in warnings(schema)}
    assert told == {("W440", "tables"), ("W441", "tables"), ("W440", "functions")}
    assert "pattern" not in components(schema)["t"]["properties"]["s"]


def test_the_text_does_not_depend_on_the_order_of_tables_types_and_functions() -> None:
    schema = next(file for file in OURS if str(file) == "functions-schema").read()
    turned = Schema(
        dict(reversed([*schema.tables.items()])),
        dict(reversed([*schema.types.items()])),
        functions=dict(reversed([*schema.functions.items()])),
    )
    assert dumps(turned) == dumps(schema)


def test_the_command_prints_it(tmp_path: Path) -> None:
    (tmp_path / "schema").mkdir()
    text = "tables:\n  tasks:\n    fields:\n      n: Annotated[int, Ge(0)]\n"
    (tmp_path / "schema/app.yaml").write_text(text)
    code, printed, errors = codegen(["export", "--to", "openapi"], tmp_path)
    assert code == 0
    validate(json.loads(printed))
    assert errors.startswith("schema/app.yaml:4:25: warning[W440]")
