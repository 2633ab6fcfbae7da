"""The JSON Schema of a schema, and the models that others make of it, take its documents."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from codegen.diagnostics import Diagnostics
from codegen.interop.json_schema import dumps, export
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
    Default,
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
from codegen.ir.values import encode
from codegen.language.load import load
from codegen.language.source import SourceFile
from tests.cases.cases import codegen
from tests.interop.documents import Sampler, changes
from tests.interop.gaps import (
    INT64_BOUND,
    NO_VALUES,
    NUMBER_FOR_BOOLEAN,
    OF_JSON_SCHEMA,
    OF_THEIR_MODELS,
    gaps,
)
from tests.interop.judges import (
    NEW,
    our_models,
    the_json_schema,
    the_schema,
    their_models,
    with_new_documents,
)
from tests.ir.strategies import documents, near_misses, schemas

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CORPUS = sorted((ROOT / "tests/corpus/schemas").glob("*.json"))
USUAL = [ROOT / "schema/app.yaml", HERE / "everything.yaml", *CORPUS[:4], CORPUS[11]]
REST = [file for file in CORPUS if file not in USUAL]


pytestmark = pytest.mark.filterwarnings("ignore:The `MISSING` sentinel")


def read(file: Path) -> Schema:
    found = Diagnostics()
    loaded = load([SourceFile(file.name, file.read_bytes())], found)
    assert loaded is not None and not found.failed, list(found)
    return loaded.schema


def at_most(node: Type, kind: str, bound: int) -> Type:
    return Constrained(node, (Constraint(kind, bound),))


def samples(schema: Schema, most: int) -> Iterator[tuple[str, JsonValue]]:
    """Documents that fit, and up to `most` of those that one change makes of them."""
    random = Random(7)
    sampler = Sampler(schema, random)
    for table in schema.tables.values():
        for kind in (table.name, table.name + NEW):
            system: dict[str, JsonValue]
            system = {} if kind.endswith(NEW) else {"_id": "k1", "_creationTime": 1.5}
            for _ in range(3):
                own = sampler.draw_document(table.document)
                document = {**system, **own}
                yield kind, document
                changed = list(changes(document))
                for other in random.sample(changed, min(most // 3, len(changed))):
                    yield kind, other


def compare(file: Path, folder: Path, most: int) -> None:
    """Asserts that all judges agree on samples, but for the gaps that a sample touches."""
    schema = read(file)
    exported = with_new_documents(export(schema))
    Draft202012Validator.check_schema(exported)
    by_schema, by_json_schema = the_schema(schema), the_json_schema(exported)
    verdicts: set[bool] = set()
    with our_models(file, folder) as ours, their_models(exported) as theirs:
        for kind, document in samples(schema, most):
            fits = by_schema(kind, document)
            verdicts.add(fits)
            type_ = schema.tables[kind.removesuffix(NEW)].document
            touched = set(gaps(document, type_, schema))
            assert ours(kind, document) is fits, (kind, document)
            if not touched & OF_JSON_SCHEMA:
                assert by_json_schema(kind, document) is fits, (kind, document)
            if not touched & OF_THEIR_MODELS:
                assert theirs(kind, document) is fits, (kind, document)
    assert verdicts == {True, False}


@pytest.mark.parametrize("file", USUAL, ids=lambda file: file.stem)
def test_our_models_and_those_of_others_take_the_same(
    file: Path, tmp_path: Path
) -> None:
    compare(file, tmp_path, 120)


def test_a_plain_zero_has_no_form() -> None:
    """`$float` is for what JSON has no number for."""
    judge = the_json_schema(with_new_documents(export(only(NUMBER))))
    assert not judge("t new", {"a": {"$float": "AAAAAAAAAAA="}})


def test_types_without_values(tmp_path: Path) -> None:
    compare(HERE / "nothing.yaml", tmp_path, 300)


@pytest.mark.slow
@pytest.mark.parametrize("file", REST, ids=lambda file: file.stem)
def test_the_same_for_every_application(file: Path, tmp_path: Path) -> None:
    compare(file, tmp_path, 60)


def only(node: Type, **types: Type) -> Schema:
    """A schema with one table, `t`, whose documents have one field, `a`."""
    named = {name: NamedType(name, type_) for name, type_ in types.items()}
    return Schema({"t": Table("t", Object((Field("a", node),)))}, named)


@pytest.mark.parametrize(
    ("gap", "node", "value"),
    [
        (INT64_BOUND, at_most(BIGINT, "le", 4), encode(5)),
        (NUMBER_FOR_BOOLEAN, Literal.of(True), 1),
        (NUMBER_FOR_BOOLEAN, Literal.of(False), 0.0),
        (NO_VALUES, Union(()), "a"),
        (NO_VALUES, Named("Nothing"), None),
        (NO_VALUES, Array(Named("Nothing")), [1]),
    ],
)
def test_the_gaps_are_still_there(gap: str, node: Type, value: JsonValue) -> None:
    schema = only(node, Nothing=Union(()))
    exported = with_new_documents(export(schema))
    assert gap in gaps(value, node, schema)
    assert not the_schema(schema)("t new", {"a": value})
    assert the_json_schema(exported)("t new", {"a": value}) is (gap in OF_JSON_SCHEMA)
    with their_models(exported) as theirs:
        assert theirs("t new", {"a": value})


def fields_of(schema: Schema, name: str = "t") -> dict[str, Any]:
    fields: dict[str, Any] = export(schema)["$defs"][name]["properties"]
    return fields


@pytest.mark.parametrize(
    ("node", "good", "bad"),
    [
        (
            NUMBER,
            [1, 1.5, encode(math.nan), encode(-0.0)],
            ["1", True, encode(1), None],
        ),
        (BIGINT, [encode(1), encode(-(2**63))], [1, {"$integer": "AQ=="}]),
        (BYTES, [encode(b""), encode(b"ab")], ["YWI=", {"$bytes": "YWJ="}]),
        (Literal.of(1), [encode(1)], [1, encode(2)]),
        (Literal.of(1.0), [1, 1.0], [encode(1), 2, True]),
        (Literal.of(-0.0), [encode(-0.0)], [0]),
        (Literal.of(True), [True], [1, False]),
        (Union((STRING, NULL)), ["a", None], [1]),
        (Record(Id("t"), NUMBER), [{}, {"k": 1}], [{"k": "1"}, {"$k": 1}, {"é": 1}]),
        (Object((Field("b", STRING, optional=True),)), [{}], [{"b": None}, {"c": 1}]),
        (ANY, [None, {"a": [encode(1)]}], [{"$a": 1}, [{"$integer": "1"}]]),
        (at_most(NUMBER, "lt", 0), [-1, encode(-math.inf)], [0, encode(-0.0)]),
        (at_most(Array(STRING), "maxLength", 1), [[], ["a"]], [["a", "b"]]),
        (at_most(Record(STRING, ANY), "maxLength", 0), [{}], [{"a": 1}]),
    ],
    ids=str,
)
def test_a_field_takes(node: Type, good: list[JsonValue], bad: list[JsonValue]) -> None:
    judge = the_json_schema(with_new_documents(export(only(node))))
    assert [value for value in good if not judge("t new", {"a": value})] == []
    assert [value for value in bad if judge("t new", {"a": value})] == []


@given(st.integers(0, 9), st.integers(0, 9), st.binary(max_size=9))
def test_the_number_of_bytes(least: int, more: int, data: bytes) -> None:
    bounds = (Constraint("minLength", least), Constraint("maxLength", least + more))
    judge = the_json_schema(
        with_new_documents(export(only(Constrained(BYTES, bounds))))
    )
    assert judge("t new", {"a": encode(data)}) is (least <= len(data) <= least + more)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_it_takes_what_fits_and_nothing_else(data: st.DataObject) -> None:
    schema = data.draw(schemas())
    exported = export(schema)
    Draft202012Validator.check_schema(exported)
    for name, table in schema.tables.items():
        if table.document == ANY:
            continue
        judge, fits = the_json_schema(with_new_documents(exported)), the_schema(schema)
        good = documents(table.document, schema)
        values = [data.draw(near_misses(table.document, schema))]
        if not good.is_empty:
            values.append(data.draw(good))
        for value in values:
            touched = set(gaps(value, table.document, schema))
            if not touched & OF_JSON_SCHEMA:
                assert judge(name + NEW, value) is fits(name + NEW, value)


def test_only_new_documents_may_leave_out_what_has_a_default() -> None:
    field = Field("n", BIGINT, default=Default(encode(3)))
    schema = Schema({"t": Table("t", Object((field,)))})
    definitions = export(schema)["$defs"]
    assert definitions["t"]["required"] == ["_id", "_creationTime", "n"]
    assert "required" not in definitions["tNew"]
    assert fields_of(schema, "tNew")["n"]["default"] == encode(3)
    assert "default" not in fields_of(schema)["n"]


def test_descriptions() -> None:
    fields = (Field("plain", STRING, description="Words."), Field("owner", Id("users")))
    owned = Field("other", Id("users"), description="Who made it.")
    table = Table("t", Object((*fields, owned)), description="A table.")
    schema = Schema({"t": table}, {"N": NamedType("N", STRING, "A name.")})
    assert export(schema)["$defs"]["t"]["description"] == "A table."
    assert export(schema)["$defs"]["N"]["description"] == "A name."
    found = fields_of(schema)
    assert found["plain"]["description"] == "Words."
    assert found["owner"]["description"] == "The id of a document of `users`."
    assert found["other"]["description"] == (
        "Who made it.\n\nThe id of a document of `users`."
    )


def test_names_that_the_author_chose_come_first() -> None:
    inner = Object((Field("x", BIGINT),))
    tables = {
        "a": Table("a", inner, model="T"),
        "T": Table("T", inner),
        "TNew": Table("TNew", inner),
        "Int64": Table("Int64", inner),
    }
    exported = export(Schema(tables, {"T2": NamedType("T2", STRING)}))
    places = {name: of["items"]["$ref"] for name, of in exported["properties"].items()}
    assert places == {
        "a": "#/$defs/T",
        "T": "#/$defs/T3",
        "TNew": "#/$defs/TNew",
        "Int64": "#/$defs/Int64",
    }
    definitions = exported["$defs"]
    assert definitions["TNew2"]["description"] == "A new document of `a`."
    assert definitions["T"]["properties"]["x"] == {"$ref": "#/$defs/Int642"}


def test_each_kind_of_document_has_a_definition() -> None:
    named = Object((Field("x", STRING),), "Own")
    table = Table("t", Union((Named("Arm"), named, Object(()))))
    schema = Schema({"t": table}, {"Arm": NamedType("Arm", Object(()))})
    definitions = export(schema)["$defs"]
    kinds = [arm["$ref"].removeprefix("#/$defs/") for arm in definitions["t"]["anyOf"]]
    assert kinds == ["tArm", "Own", "t3"]
    assert definitions.keys() >= {"tNew", "tArmNew", "OwnNew", "t3New"}


def test_a_nested_object_is_one_definition() -> None:
    schema = only(Array(Object((Field("x", STRING),))))
    item = {"$ref": "#/$defs/t_a"}
    assert fields_of(schema)["a"] == {"items": item, "type": "array"}
    assert fields_of(schema, "tNew")["a"] == {"items": item, "type": "array"}


def test_the_text_does_not_depend_on_the_order_of_tables_and_types() -> None:
    schema = read(HERE / "everything.yaml")
    tables = {name: schema.tables[name] for name in reversed([*schema.tables])}
    types = {name: schema.types[name] for name in reversed([*schema.types])}
    assert dumps(Schema(tables, types)) == dumps(schema)
    assert dumps(schema).endswith("}\n")


def test_the_command_prints_it() -> None:
    code, printed, _ = codegen(["export", "--to", "json-schema"], ROOT)
    assert code == 0
    session = json.loads(printed)["$defs"]["AgentSession"]
    assert [*session["properties"]][:3] == ["_id", "_creationTime", "agentType"]
