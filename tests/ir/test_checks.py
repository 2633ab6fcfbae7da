"""Each rule: the least schema that breaks it, found at its exact place, and a good neighbour."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from codegen.codes import TITLES
from codegen.diagnostics import Path
from codegen.ir.checks import check
from codegen.ir.model import (
    Function,
    Index,
    NamedType,
    Schema,
    SearchIndex,
    Table,
    VectorIndex,
)
from codegen.ir.types import (
    ANY,
    BIGINT,
    BOOLEAN,
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
    Literal,
    Named,
    Object,
    Record,
    Type,
    Union,
)
from tests.ir.strategies import schemas

DOCUMENT: Path = ("tables", "t", "document")
VECTOR = Array(NUMBER)
INDEX: Path = ("tables", "t", "indexes", 0)


def of(document: Type, types: dict[str, Type] | None = None, **rest: Any) -> Schema:
    """A schema with one table `t`, or more through `more`."""
    validation = rest.pop("schema_validation", True)
    more: list[Table] = rest.pop("more", [])
    tables = [Table("t", document, **rest), *more]
    named = {name: NamedType(name, node) for name, node in (types or {}).items()}
    return Schema({table.name: table for table in tables}, named, validation)


def having(node: Type = STRING, **options: Any) -> Object:
    return Object((Field("a", node, **options),))


def called(name: str, table: Table | None = None) -> Schema:
    return Schema({name: table or Table(name, having())})


def with_function(path: str, document: Type | None = None, **rest: Any) -> Schema:
    table = Table("t", document or having())
    functions = {path: Function(path, "query", **rest)}
    return Schema({"t": table}, functions=functions)


def nested(levels: int) -> Object:
    """An object in an object, and so on: three levels of JSON each."""
    node = having(Array(STRING))
    for _ in range(levels - 1):
        node = having(node)
    return node


def with_index(*fields: str, document: Type | None = None, **options: Any) -> Schema:
    index = Index(options.pop("name", "by_a"), fields, **options)
    return of(document or abc(), indexes=(index,))


def abc(node: Type = STRING) -> Object:
    return Object(tuple(Field(name, node) for name in "abcdefghijklmnopq"))


def with_search(field: str = "a", *filters: str, **options: Any) -> Schema:
    return of(abc(), search_indexes=(SearchIndex("s", field, filters),), **options)


def with_vector(dimensions: int = 3, node: Type = VECTOR, *filters: str) -> Schema:
    index = VectorIndex("v", "a", dimensions, filters)
    return of(having(node), vector_indexes=(index,))


def constrained(node: Type, **constraints: Any) -> Object:
    return having(Constrained(node, tuple(Constraint(*c) for c in constraints.items())))


def wide(required: int) -> Object:
    return Object(tuple(Field(f"f{i}", ANY) for i in range(required)))


def deep(levels: int) -> Type:
    node: Type = STRING
    for _ in range(levels):
        node = Array(node)
    return node


FIELD_A: Path = (*DOCUMENT, "field", "a")


def doubling(length: int) -> dict[str, Type]:
    """Types that each hold the next one twice."""
    types: dict[str, Type] = {
        f"T{n}": Object(
            (Field("a", Named(f"T{n + 1}")), Field("b", Named(f"T{n + 1}")))
        )
        for n in range(length)
    }
    return {**types, f"T{length}": Object((Field("c", STRING),))}


def chain(length: int) -> dict[str, Type]:
    """Types that each are a list of the next one."""
    types: dict[str, Type] = {f"T{n}": Array(Named(f"T{n + 1}")) for n in range(length)}
    return {**types, f"T{length}": STRING}


# code, the path of the fault, the schema, its good neighbour
CASES: list[tuple[str, Path, Schema, Schema]] = [
    ("E201", ("tables", "1t"), called("1t"), called("t1")),
    ("E201", ("tables", "t-1"), called("t-1"), called("t_1")),
    ("E201", ("tables", "___"), called("___"), called("t___")),
    ("E201", ("tables", "t" * 65), called("t" * 65), called("t" * 64)),
    ("E201", ("tables", ""), called(""), called("class")),
    ("E201", ("tables", "té"), called("té"), called("T")),
    ("E201", ("tables", "t\n"), called("t\n"), called("t")),
    ("E202", ("tables", "_t"), called("_t"), called("t_")),
    (
        "E203",
        (*DOCUMENT, "field", "two words"),
        of(Object((Field("two words", STRING),))),
        of(Object((Field("two_words", STRING),))),
    ),
    (
        "E203",
        (*FIELD_A, "element", "field", "$x"),
        of(having(Array(Object((Field("$x", STRING),))))),
        of(having(Array(Object((Field("_x", STRING),))))),
    ),
    (
        "E204",
        (*DOCUMENT, "field", "_id"),
        of(Object((Field("_id", STRING),))),
        of(Object((Field("id", STRING),))),
    ),
    (
        "E204",
        (*DOCUMENT, "arm", 1, "field", "_x"),
        of(Union((having(), Object((Field("_x", ANY),))))),
        of(Union((having(), Object((Field("x", ANY),))))),
    ),
    (
        "E204",
        ("types", "T", "type", "field", "_x"),
        of(Named("T"), {"T": Object((Field("_x", ANY),))}),
        of(having(Named("T")), {"T": Object((Field("_x", ANY),))}),
    ),
    (
        "E205",
        FIELD_A,
        of(Object((Field("a", STRING), Field("a", NUMBER)))),
        of(Object((Field("a", STRING), Field("A", NUMBER)))),
    ),
    (
        "E206",
        ("tables", "t10000"),
        Schema({f"t{i}": Table(f"t{i}", ANY) for i in range(10_001)}),
        Schema({f"t{i}": Table(f"t{i}", ANY) for i in range(10_000)}),
    ),
    ("E207", ("types", "a b"), of(ANY, {"a b": ANY}), of(ANY, {"a_b": ANY})),
    ("E207", ("types", "class"), of(ANY, {"class": ANY}), of(ANY, {"Class": ANY})),
    ("E208", ("tables", "t", "model"), of(ANY, model="if"), of(ANY, model="If")),
    ("E208", DOCUMENT, of(Object((), "a-b")), of(Object((), "ab"))),
    (
        "E209",
        ("tables", "t", "renamedFrom"),
        of(ANY, renamed_from="u", more=[Table("u", ANY)]),
        of(ANY, renamed_from="w", more=[Table("u", ANY)]),
    ),
    (
        "E209",
        ("tables", "u", "renamedFrom"),
        of(ANY, renamed_from="w", more=[Table("u", ANY, renamed_from="w")]),
        of(ANY, renamed_from="w", more=[Table("u", ANY, renamed_from="v")]),
    ),
    (
        "E209",
        (*FIELD_A, "renamedFrom"),
        of(Object((Field("a", ANY, renamed_from="b"), Field("b", ANY)))),
        of(Object((Field("a", ANY, renamed_from="c"), Field("b", ANY)))),
    ),
    ("E210", (*FIELD_A, "table"), of(having(Id("u"))), of(having(Id("t")))),
    (
        "E210",
        (*FIELD_A, "key", "table"),
        of(having(Record(Id("_users"), ANY))),
        of(having(Record(Id("_storage"), ANY))),
    ),
    ("E211", FIELD_A, of(having(Named("T"))), of(having(Named("T")), {"T": ANY})),
    (
        "E212",
        ("types", "B", "type", "element"),
        of(having(Named("A")), {"A": Array(Named("B")), "B": Array(Named("A"))}),
        of(having(Named("A")), {"A": Array(Named("B")), "B": Array(ANY)}),
    ),
    (
        "E212",
        ("types", "A", "type"),
        of(ANY, {"A": Named("A")}),
        of(ANY, {"A": Named("B"), "B": ANY}),
    ),
    ("E213", DOCUMENT, of(STRING), of(ANY)),
    ("E213", DOCUMENT, of(Union(())), of(Union((having(),)))),
    (
        "E222",
        DOCUMENT,
        of(having(Named("T0")), doubling(30)),
        of(having(Named("T0")), doubling(10)),
    ),
    ("E213", (*DOCUMENT, "arm", 1), of(Union((having(), ANY))), of(Union((having(),)))),
    (
        "E213",
        DOCUMENT,
        of(Named("T"), {"T": Array(ANY)}),
        of(Named("T"), {"T": Union((having(), having(NUMBER)))}),
    ),
    (
        "E213",
        (*DOCUMENT, "arm", 1),
        of(Union((having(), Named("T"))), {"T": Union((having(), having()))}),
        of(Union((having(), Named("T"))), {"T": having()}),
    ),
    (
        "E213",
        ("tables", "t", "stagedDocument"),
        of(ANY, staged_document=NULL),
        of(ANY, staged_document=having()),
    ),
    (
        "E214",
        (*FIELD_A, "key"),
        of(having(Record(NUMBER, ANY))),
        of(having(Record(STRING, ANY))),
    ),
    (
        "E214",
        (*FIELD_A, "key"),
        of(having(Record(Union((STRING, Literal.of("x"))), ANY))),
        of(having(Record(Union((STRING, Id("t"))), ANY))),
    ),
    (
        "E215",
        FIELD_A,
        of(having(Literal.of(float("nan")))),
        of(having(Literal.of(0.5))),
    ),
    ("E215", FIELD_A, of(having(Literal.of(2**63))), of(having(Literal.of(2**63 - 1)))),
    ("E215", FIELD_A, of(having(Literal.of("\ud800"))), of(having(Literal.of("🔥")))),
    ("E216", DOCUMENT, of(wide(1023)), of(wide(1022))),
    ("E216", FIELD_A, of(having(wide(1025))), of(having(wide(1024)))),
    ("E217", DOCUMENT, of(having(deep(121))), of(having(deep(120)))),
    (
        "E217",
        DOCUMENT,
        of(having(Named("A")), {"A": Array(Named("B")), "B": deep(120)}),
        of(having(Named("A")), {"A": Array(Named("B")), "B": deep(119)}),
    ),
    (
        "E218",
        (*FIELD_A, "default"),
        of(having(NUMBER, default=Default("1"))),
        of(having(NUMBER, default=Default(1))),
    ),
    (
        "E218",
        (*FIELD_A, "default"),
        of(having(BIGINT, default=Default(1))),
        of(having(BIGINT, default=Default({"$integer": "AQAAAAAAAAA="}))),
    ),
    (
        "E218",
        (*FIELD_A, "default"),
        of(having(STRING, default=Default(None))),
        of(having(NULL, default=Default(None))),
    ),
    (
        "E219",
        (*FIELD_A, "constraint", 0),
        of(constrained(STRING, ge=0)),
        of(constrained(NUMBER, ge=0)),
    ),
    (
        "E219",
        (*FIELD_A, "constraint", 0),
        of(constrained(NUMBER, pattern="a")),
        of(constrained(STRING, pattern="a")),
    ),
    (
        "E219",
        (*FIELD_A, "constraint", 0),
        of(constrained(STRING, minLength=-1)),
        of(constrained(STRING, minLength=0)),
    ),
    (
        "E219",
        (*FIELD_A, "constraint", 0),
        of(constrained(NUMBER, le=float("inf"))),
        of(constrained(NUMBER, le=1e308)),
    ),
    (
        "E219",
        (*FIELD_A, "constraint", 0),
        of(constrained(Union((NUMBER, NULL)), ge=0)),
        of(having(Union((Constrained(NUMBER, (Constraint("ge", 0),)), NULL)))),
    ),
    (
        "E220",
        (*FIELD_A, "constraint", 1),
        of(constrained(NUMBER, ge=2, le=1)),
        of(constrained(NUMBER, ge=1, le=1)),
    ),
    (
        "E220",
        (*FIELD_A, "constraint", 1),
        of(constrained(NUMBER, ge=1, lt=1)),
        of(constrained(NUMBER, gt=1, le=2)),
    ),
    (
        "E220",
        (*FIELD_A, "constraint", 1),
        of(constrained(BIGINT, gt=1, lt=2)),
        of(constrained(NUMBER, gt=1, lt=2)),
    ),
    (
        "E220",
        (*FIELD_A, "constraint", 1),
        of(constrained(STRING, maxLength=1, minLength=2)),
        of(constrained(STRING, maxLength=2, minLength=1)),
    ),
    (
        "E220",
        (*FIELD_A, "constraint", 0),
        of(
            having(
                Constrained(
                    Constrained(NUMBER, (Constraint("ge", 5),)), (Constraint("le", 4),)
                )
            )
        ),
        of(
            having(
                Constrained(
                    Constrained(NUMBER, (Constraint("ge", 5),)), (Constraint("le", 5),)
                )
            )
        ),
    ),
    (
        "E221",
        (*FIELD_A, "constraint", 0),
        of(constrained(STRING, pattern="(")),
        of(constrained(STRING, pattern="()")),
    ),
    ("E301", INDEX, with_index("a", name="by-a"), with_index("a", name="byA")),
    ("E302", INDEX, with_index("a", name="by_id"), with_index("a", name="by_ID")),
    (
        "E302",
        INDEX,
        with_index("a", name="by_creation_time"),
        with_index("a", name="by_time"),
    ),
    ("E302", INDEX, with_index("a", name="_a"), with_index("a", name="_fivetran_a")),
    (
        "E303",
        ("tables", "t", "searchIndexes", 0),
        of(
            abc(),
            indexes=(Index("s", ("b",)),),
            search_indexes=(SearchIndex("s", "a"),),
        ),
        of(
            abc(),
            indexes=(Index("S", ("b",)),),
            search_indexes=(SearchIndex("s", "a"),),
        ),
    ),
    (
        "E304",
        ("tables", "t", "searchIndexes", 0),
        of(
            wide(64),
            indexes=tuple(Index(f"i{i}", (f"f{i}",)) for i in range(64)),
            search_indexes=(SearchIndex("s", "f1"),),
        ),
        of(
            wide(64),
            indexes=tuple(Index(f"i{i}", (f"f{i}",)) for i in range(63)),
            search_indexes=(SearchIndex("s", "f1"),),
        ),
    ),
    ("E305", INDEX, with_index(), with_index("a")),
    (
        "E306",
        (*INDEX, "fields", 15),
        with_index(*"abcdefghijklmnop"),
        with_index(*"abcdefghijklmno"),
    ),
    ("E307", (*INDEX, "fields", 1), with_index("a", "a"), with_index("a", "b")),
    ("E308", (*INDEX, "fields", 0), with_index("_id"), with_index("a")),
    ("E309", (*INDEX, "fields", 1), with_index("a", "_creationTime"), with_index("a")),
    ("E310", (*INDEX, "fields", 0), with_index("_x"), with_index("a")),
    (
        "E310",
        (*INDEX, "fields", 0),
        with_index("a._x", document=having(Object((Field("_x", ANY),)))),
        with_index("a.x_", document=having(Object((Field("x_", ANY),)))),
    ),
    (
        "E311",
        ("tables", "t", "indexes", 1),
        of(
            abc(), indexes=(Index("x", ("a", "b")), Index("y", ("a", "b"), staged=True))
        ),
        of(
            abc(), indexes=(Index("x", ("a", "b")), Index("y", ("b", "a"), staged=True))
        ),
    ),
    ("E312", (*INDEX, "fields", 0), with_index("z"), with_index("a")),
    (
        "E312",
        (*INDEX, "fields", 0),
        with_index("a.b"),
        with_index("a.b", document=having(ANY)),
    ),
    (
        "E312",
        (*INDEX, "fields", 0),
        with_index("a.a", document=having(Array(having()))),
        with_index("a.a", document=having(having())),
    ),
    (
        "E312",
        (*INDEX, "fields", 0),
        with_index("a.a", document=having(Record(STRING, ANY))),
        with_index("a.a", document=having(Union((NULL, having())))),
    ),
    (
        "E312",
        (*INDEX, "fields", 0),
        with_index("b", document=Union((having(), having()))),
        with_index(
            "b", document=Union((having(), Object((Field("b", ANY, optional=True),))))
        ),
    ),
    (
        "E312",
        (*INDEX, "fields", 0),
        with_index("z"),
        of(abc(), indexes=(Index("by_a", ("z",)),), schema_validation=False),
    ),
    (
        "E312",
        ("tables", "t", "searchIndexes", 0, "field"),
        with_search("z"),
        with_search("a"),
    ),
    (
        "E312",
        ("tables", "t", "searchIndexes", 0, "filters", 1),
        with_search("a", "b", "z"),
        with_search("a", "b", "c"),
    ),
    ("E313", (*INDEX, "fields", 0), with_index("a..b"), with_index(".a.")),
    ("E313", (*INDEX, "fields", 0), with_index("a-b"), with_index("a")),
    ("E313", (*INDEX, "fields", 0), with_index(""), with_index("a")),
    (
        "E314",
        INDEX,
        with_index("a", unique=True, staged=True),
        with_index("a", unique=True),
    ),
    (
        "E315",
        ("tables", "t", "searchIndexes", 0, "filters", 16),
        with_search("a", *"abcdefghijklmnopq"),
        with_search("a", *"abcdefghijklmnop"),
    ),
    (
        "E316",
        ("tables", "t", "searchIndexes", 1),
        of(
            abc(),
            search_indexes=(
                SearchIndex("x", "a", ("b", "c")),
                SearchIndex("y", "a", ("c", "b")),
            ),
        ),
        of(
            abc(),
            search_indexes=(
                SearchIndex("x", "a", ("b", "c")),
                SearchIndex("y", "a", ("c",)),
            ),
        ),
    ),
    (
        "E317",
        ("tables", "t", "vectorIndexes", 0, "dimensions"),
        with_vector(1),
        with_vector(2),
    ),
    (
        "E317",
        ("tables", "t", "vectorIndexes", 0, "dimensions"),
        with_vector(4097),
        with_vector(4096),
    ),
    (
        "E318",
        ("tables", "t", "vectorIndexes", 1),
        of(
            having(Array(NUMBER)),
            vector_indexes=(VectorIndex("x", "a", 3), VectorIndex("y", "a", 3, ("a",))),
        ),
        of(
            having(Array(NUMBER)),
            vector_indexes=(VectorIndex("x", "a", 3), VectorIndex("y", "a", 4)),
        ),
    ),
    (
        "E319",
        ("tables", "t", "vectorIndexes", 0, "field"),
        with_vector(3, Array(STRING)),
        with_vector(3, Array(ANY)),
    ),
    (
        "E319",
        ("tables", "t", "vectorIndexes", 0, "field"),
        with_vector(3, STRING),
        with_vector(3, Union((NULL, Array(NUMBER)))),
    ),
    (
        "E320",
        ("tables", "t", "searchIndexes", 0, "filters", 1),
        with_search("a", "b", "b"),
        with_search("a", "b", "c"),
    ),
    (
        "W301",
        ("tables", "t", "vectorIndexes", 0, "filters", 0),
        with_vector(3, Array(NUMBER), "z"),
        with_vector(3, Array(NUMBER), "a"),
    ),
    *(
        (
            "E240",
            ("functions", path),
            with_function(path),
            with_function(neighbour),
        )
        for path, neighbour in (
            ("list", "messages:list"),
            (":list", "m:list"),
            ("a//b:list", "a/b:list"),
            ("/a:list", "a:list"),
            ("a-b:list", "a.b:list"),
            ("é:list", "e:list"),
            ("_:list", "_1:list"),
            (f"{'a' * 65}:list", f"{'a' * 64}:list"),
            ("messages.js:list", "messages.ts:list"),
            ("messages:1st", "1:first"),
            ("messages:", "messages:default"),
            ("messages:a b", "messages:a_b"),
            ("_system/frontend:list", "_systems:list"),
            ("_deps/x:list", "a/_deps/x:list"),
            ("actions/_deps/x:list", "actions/deps:list"),
        )
    ),
    (
        "E241",
        ("functions", "m:f", "args"),
        with_function("m:f", args=STRING),
        with_function("m:f", args=having()),
    ),
    (
        "E241",
        ("functions", "m:f", "args"),
        with_function("m:f", args=Union((having(), NULL))),
        with_function("m:f", args=ANY),
    ),
    (
        "E242",
        ("tables", "t", "document", "field", "a", "element"),
        of(having(Array(Doc("t")))),
        of(having(Array(Id("t")))),
    ),
    (
        "E242",
        ("types", "T", "type"),
        of(having(), {"T": Doc("t")}),
        of(having(), {"T": Id("t")}),
    ),
    (
        "E243",
        ("functions", "m:f", "returns", "element", "table"),
        with_function("m:f", returns=Array(Doc("u"))),
        with_function("m:f", returns=Array(Doc("t"))),
    ),
    (
        "E243",
        ("functions", "m:f", "returns", "table"),
        with_function("m:f", returns=Doc("_storage")),
        with_function("m:f", returns=Id("_storage")),
    ),
    (
        "E210",
        ("functions", "m:f", "args", "field", "a", "table"),
        with_function("m:f", args=having(Id("u"))),
        with_function("m:f", args=having(Id("t"))),
    ),
    (
        "E203",
        ("functions", "m:f", "args", "field", "a b"),
        with_function("m:f", args=Object((Field("a b", STRING),))),
        with_function("m:f", args=Object((Field("_a", STRING),))),
    ),
    (
        "E211",
        ("functions", "m:f", "returns"),
        with_function("m:f", returns=Named("T")),
        with_function("m:f", returns=NULL),
    ),
    (
        "E217",
        ("functions", "m:f", "returns"),
        with_function("m:f", nested(40), returns=Array(Array(Array(Doc("t"))))),
        with_function("m:f", nested(40), returns=Array(Array(Doc("t")))),
    ),
]
IDS = [f"{code}-{i}" for i, (code, *_) in enumerate(CASES)]


@pytest.mark.parametrize(("code", "path", "schema", "neighbour"), CASES, ids=IDS)
def test_the_rule(code: str, path: Path, schema: Schema, neighbour: Schema) -> None:
    faults = check(schema)
    assert [(fault.code, fault.path) for fault in faults] == [(code, path)]
    assert faults[0].message
    assert check(neighbour) == []


def test_every_code_of_this_kind_has_a_case() -> None:
    codes = {code for code in TITLES if code[:2] in ("E2", "E3")}
    codes.remove("E230")  # of the names that Python gives
    codes.remove("E244")  # only where it is asked for
    assert codes <= {code for code, *_ in CASES}


@settings(max_examples=40, deadline=None)
@given(schemas())
def test_a_valid_schema_has_no_fault(schema: Schema) -> None:
    assert check(schema) == []


def test_all_faults_are_told_not_only_the_first() -> None:
    document = Object((Field("a b", Id("u")), Field("c", Named("T"))))
    indexes = (Index("by-x", ("z",)),)
    codes = [fault.code for fault in check(of(document, indexes=indexes))]
    assert sorted(codes) == ["E203", "E210", "E211", "E301", "E312"]


def test_the_other_place_is_named() -> None:
    schema = of(abc(), indexes=(Index("x", ("a",)), Index("x", ("b",))))
    (fault,) = check(schema)
    assert fault.related == ((INDEX, "first defined here"),)


def test_a_misspelt_name_gets_a_suggestion() -> None:
    schema = of(Object((Field("author", Id("user")),)), more=[Table("users", ANY)])
    assert check(schema)[0].hint == "did you mean `users`?"
    schema = with_index(
        "metadata.worflowId",
        document=Object((Field("metadata", Object((Field("workflowId", STRING),))),)),
    )
    assert check(schema)[0].hint == "did you mean `metadata.workflowId`?"


def test_equal_arms_are_fine() -> None:
    assert check(of(having(Union((STRING, STRING, BOOLEAN))))) == []


def test_circles_of_many_types_end() -> None:
    types: dict[str, Type] = {
        f"T{i}": Object(tuple(Field(f"f{k}", Named(f"T{k}")) for k in range(8)))
        for i in range(8)
    }
    faults = check(of(having(Named("T0")), types))
    assert {fault.code for fault in faults} == {"E212"}


def test_very_deep_types_are_refused_without_a_crash() -> None:
    codes = [fault.code for fault in check(of(deep(5_000)))]
    assert codes == ["E213", "E217"]


def test_named_types_that_multiply_give_a_hint_in_time() -> None:
    types: dict[str, Type] = {
        f"T{i}": Object(
            (Field("a", Named(f"T{i + 1}")), Field("b", Named(f"T{i + 1}")))
        )
        for i in range(30)
    }
    types["T30"] = having()
    schema = of(Named("T0"), types, indexes=(Index("by_c", ("c",)),))
    assert [fault.code for fault in check(schema)] == ["E222", "E312"]


def test_a_long_chain_of_types_is_refused_without_recursion() -> None:
    (fault,) = check(of(having(Named("T0")), chain(5_000)))
    assert (fault.code, fault.path) == ("E217", DOCUMENT)


def test_a_chain_that_nothing_uses_is_refused_too() -> None:
    (fault,) = check(of(having(), chain(5_000)))
    assert (fault.code, fault.path) == ("E217", ("types", "T0", "type"))


@pytest.mark.parametrize("bottom", [STRING, having(), Array(STRING)])
def test_unions_of_names_that_multiply_are_checked_in_time(bottom: Type) -> None:
    types: dict[str, Type] = {
        f"T{i}": Union((Named(f"T{i - 1}"), Named(f"T{i - 1}"))) for i in range(1, 41)
    }
    types["T0"] = bottom
    document = Object((Field("a", Named("T40")), Field("k", Record(STRING, ANY))))
    vector = VectorIndex("by_v", "a.x", 8)
    indexes = (Index("by_a", ("a.b.c",)),)
    schema = of(document, types, indexes=indexes, vector_indexes=(vector,))
    codes = {fault.code for fault in check(schema)}
    assert codes == {"E222", "E312"} | (codes & {"E217", "E319"})


def test_a_key_of_a_union_that_multiplies_is_checked_in_time() -> None:
    types: dict[str, Type] = {
        f"T{i}": Union((Named(f"T{i - 1}"), Named(f"T{i - 1}"))) for i in range(1, 41)
    }
    schema = of(having(Record(Named("T40"), ANY)), {**types, "T0": STRING})
    assert [fault.code for fault in check(schema)] == ["E222"]


def test_an_index_under_very_deep_types_ends() -> None:
    schema = of(Object((Field("a", deep(5_000)),)), indexes=(Index("by_b", ("b",)),))
    assert [fault.code for fault in check(schema)] == ["E217", "E312"]


def test_no_index_is_the_same_as_one_that_is_refused() -> None:
    indexes = (Index("by_id", ("a",)), Index("by_a", ("a",)))
    schema = of(having(), indexes=indexes)
    assert [fault.code for fault in check(schema)] == ["E302"]


@pytest.mark.parametrize(
    ("name", "shown", "hint"),
    [
        ("é", '"é"', "for keys that are data, use a record: dict[str, ...]"),
        ("a ", '"a "', "a field that may be absent is written `a?`"),
        ("b?", '"b?"', "a field that may be absent is written `b?`"),
        ("", '""', "a field needs a name; one that may be absent is written `name?`"),
        ("\u202e", '"\\u202e"', "for keys that are data, use a record: dict[str, ...]"),
    ],
)
def test_a_wrong_field_name_is_shown_as_it_is(name: str, shown: str, hint: str) -> None:
    (fault,) = check(of(Object((Field(name, STRING),))))
    assert fault.message.startswith(f"field name {shown} ")
    assert fault.hint == hint
