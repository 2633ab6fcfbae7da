"""What a right schema in the native language means."""

from __future__ import annotations

import pytest

from codegen.ir.model import Index, NamedType, Schema, SearchIndex, VectorIndex
from codegen.ir.types import (
    ANY,
    BIGINT,
    BOOLEAN,
    BYTES,
    COMMIT_TS,
    NEVER,
    NULL,
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
    Type,
    Union,
)
from tests.language.native_samples import FIELDS, FLOW, INDEXES, UNIONS
from tests.language.reading_support import read, schema_of


def literals(*values: str | int | float | bool) -> Union:
    return Union(tuple(Literal.of(value) for value in values))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("str", STRING),
        ("float", NUMBER),
        ("int", BIGINT),
        ("bool", BOOLEAN),
        ("bytes", BYTES),
        ("None", NULL),
        ("Any", ANY),
        ("CommitTs", COMMIT_TS),
        ("Never", NEVER),
        ("Id[users]", Id("users")),
        ('Id["class"]', Id("class")),
        ('Literal["a"]', Literal.of("a")),
        ('Literal["a", 1, 1.0, True]', literals("a", 1, 1.0, True)),
        ("Literal[-1, -2.5, 1e3, +7]", literals(-1, -2.5, 1000.0, 7)),
        ('Literal["a", None]', Union((Literal.of("a"), NULL))),
        ("Literal[None]", NULL),
        ("list[str]", Array(STRING)),
        ("dict[str, float]", Record(STRING, NUMBER)),
        ("dict[Id[users], list[int]]", Record(Id("users"), Array(BIGINT))),
        ("str | None", Union((STRING, NULL))),
        ("str | (int | None)", Union((STRING, BIGINT, NULL))),
        ('Literal["a", "b"] | None', Union((*literals("a", "b").arms, NULL))),
        ("(str)", STRING),
        ("'str'", STRING),
        ('"str | None"', Union((STRING, NULL))),
        ("list[T] | T", Union((Array(Named("T")), Named("T")))),
        (
            'Annotated[str, MinLen(1), MaxLen(9), Pattern("^\\d+$")]',
            Constrained(
                STRING,
                (
                    Constraint("minLength", 1),
                    Constraint("maxLength", 9),
                    Constraint("pattern", r"^\d+$"),
                ),
            ),
        ),
        (
            "Annotated[float, Ge(0), Gt(-1), Le(1.5), Lt(2)]",
            Constrained(
                NUMBER,
                (
                    Constraint("ge", 0),
                    Constraint("gt", -1),
                    Constraint("le", 1.5),
                    Constraint("lt", 2),
                ),
            ),
        ),
        ("{a: str, 'b?': int}", Object((Field("a", STRING), Field("b", BIGINT, True)))),
        ("{}", Object(())),
        ("{$type: {a: str}}", Object((Field("a", STRING),))),
    ],
)
def test_a_type_is_read(written: str, expected: Type) -> None:
    text = f"types: {{T: str}}\ntables:\n  t:\n    fields:\n      x: {written}\n"
    assert schema_of(text).tables["t"].document == Object((Field("x", expected),))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('str = "x"', "x"),
        ("str | None = None", None),
        ("bool = True", True),
        ("float = 1", 1.0),
        ("float = 1e3", 1000.0),
        ("float = -0.0", {"$float": "AAAAAAAAAIA="}),
        ("int = 1", {"$integer": "AQAAAAAAAAA="}),
        ("int = -5", {"$integer": "+/////////8="}),
        ("int | float = 1", {"$integer": "AQAAAAAAAAA="}),
        ("float | int = 1", {"$integer": "AQAAAAAAAAA="}),
        ("str | float = 1", 1.0),
        ("Any = 1", 1.0),
        ("list[Any] | None = [1]", [1.0]),
        ("list[float] | list[str] = [1, 2]", [1.0, 2.0]),
        ("Annotated[float, Ge(0)] = 1", 1.0),
        ("Literal[1.0, 2.0] = 1", 1.0),
        ("Number = 1", 1.0),
        ('\'Point = {"x": 1, "n": 1}\'', {"x": 1.0, "n": {"$integer": "AQAAAAAAAAA="}}),
        ("'dict[str, float] = {\"a\": 1}'", {"a": 1.0}),
        ('bytes = b"ab"', {"$bytes": "YWI="}),
        ("list[str] = []", []),
        ("{$type: str, $default: x}", "x"),
        ("{$type: str, $default: hello world}", "hello world"),
        ("{$type: str, $default: '1'}", "1"),
        ("{$type: str, $default: ''}", ""),
        ("{$type: str, $default: 2024-10-11}", "2024-10-11"),
        ("{$type: float, $default: 1}", 1.0),
        ("{$type: Any, $default: null}", None),
        ("{$type: Any, $default: None}", None),
        ("{$type: bool, $default: true}", True),
        ("{$type: bool, $default: False}", False),
        ("{$type: int, $default: -3}", {"$integer": "/f////////8="}),
        ("{$type: Any, $default: {a: [1, x, null]}}", {"a": [1.0, "x", None]}),
        ("{$default: {a: 1}, a: float}", {"a": 1.0}),
    ],
)
def test_a_default_is_stored_as_the_type_of_its_field(
    written: str, expected: object
) -> None:
    text = (
        "types:\n  Number: float\n  Point: {x: float, n: int}\n"
        f"tables:\n  t:\n    fields:\n      x: {written}\n"
    )
    document = schema_of(text).tables["t"].document
    assert isinstance(document, Object)
    default = document.fields[0].default
    assert default is not None
    assert repr(default.value) == repr(expected)


def test_fields() -> None:
    schema = schema_of(FIELDS)
    assert schema.types == {
        "Status": NamedType("Status", literals("new", "done")),
        "Part": NamedType(
            "Part",
            Object(
                (
                    Field("kind", literals("a", "b"), description="which one"),
                    Field("size", BIGINT, True),
                )
            ),
            "One part of it.",
        ),
        "Label": NamedType(
            "Label",
            Constrained(
                STRING, (Constraint("minLength", 1), Constraint("maxLength", 9))
            ),
            "A short text.",
        ),
    }
    things = schema.tables["things"]
    assert things.description == "Things, and what they are made of."
    assert (things.model, things.renamed_from) == ("Thing", "objects")
    by = Object((Field("user", Id("users")), Field("why", STRING, True)))
    created = Field("createdAt", NUMBER)
    numbers = Field(
        "described",
        Array(NUMBER),
        False,
        Default([1.0, 2.5]),
        "Some numbers.",
        "numbers",
    )
    assert things.document == Object(
        (
            Field("name", STRING, description="what it is called"),
            Field("status", Named("Status"), default=Default("new")),
            Field("note", Union((STRING, NULL)), True),
            Field("owner", Id("users")),
            Field("odd", Id("class")),
            Field("parts", Array(Named("Part"))),
            Field("weights", Record(STRING, NUMBER)),
            Field("nothing", NULL),
            Field("anything", ANY),
            Field(
                "meta",
                Object((created, Field("by", by, True, description="who made it"))),
                description="when it was made",
            ),
            Field(
                "point",
                Object((Field("x", NUMBER), Field("y", NUMBER))),
                description="where it is",
            ),
            Field("quoted", literals("x", "y")),
            numbers,
            Field("nested", Object((Field("a", BIGINT),)), description="An object."),
            Field("folded", literals("one", "two")),
        )
    )
    assert schema.tables["users"].document == Object(())
    assert schema.tables["class"].document == ANY


def test_indexes() -> None:
    schema = schema_of(INDEXES)
    posts = schema.tables["posts"]
    assert posts.indexes == (
        Index("by_author", ("author",)),
        Index("by_time", ("meta.at", "author")),
        Index("by_title", ("title",), unique=True),
        Index("by_likes", ("likes",), staged=True),
    )
    assert posts.search_indexes == (
        SearchIndex("search_title", "title", ("author",)),
        SearchIndex("search_staged", "author", staged=True),
    )
    assert posts.vector_indexes == (
        VectorIndex("by_embedding", "embedding", 1536, ("author",)),
    )
    assert not schema.schema_validation


def test_unions() -> None:
    tables = schema_of(UNIONS).tables
    created = (
        Field("kind", Literal.of("created")),
        Field("at", NUMBER, False, Default(0.0)),
    )
    deleted = (Field("kind", Literal.of("deleted")), Field("at", NUMBER))
    assert tables["events"].document == Union(
        (Object(created, "Created"), Object(deleted, "Deleted"))
    )
    assert tables["shapes"].document == Union((Named("Circle"), Named("Square")))
    assert tables["figures"].document == Union((Named("Circle"), Named("Square")))
    assert tables["figures"].staged_document == Object((Field("radius", NUMBER, True),))


def test_a_comment_beside_a_field_describes_it() -> None:
    text = """\
tables:
  t:
    fields:
      # not this one
      plain: str # one
      none: str
      # nor this one
      quoted: "str # no"    #two
      single: 'Literal["#"]'  ##  three
      wide:
        str  # four
      block:  # five
        inner: str  # six
      flow: {a: str,  # seven
             b: str, c: str  # eight
            }  # nine
      list:
        $type: str  # not this one
        $default: a  # nor this one
      won:  # not this one
        $type: str
        $description: ten
      empty: str  #
"""
    document = schema_of(text).tables["t"].document
    assert isinstance(document, Object)
    found = {field.name: field.description for field in document.fields}
    assert found == {
        "plain": "one",
        "none": "",
        "quoted": "two",
        "single": "three",
        "wide": "four",
        "block": "five",
        "flow": "nine",
        "list": "",
        "won": "ten",
        "empty": "",
    }
    inner = {field.name: field.type for field in document.fields}
    assert inner["block"] == Object((Field("inner", STRING, description="six"),))
    assert inner["flow"] == Object(
        (
            Field("a", STRING, description="seven"),
            Field("b", STRING),
            Field("c", STRING, description="eight"),
        )
    )


def test_several_files_make_one_schema() -> None:
    parts = (
        "tables: {b: {fields: {x: T}}}\n",
        "types: {T: {y: U}}\n",
        "types: {U: str}\ntables: {a: {fields: Any}}\nschemaValidation: false\n",
    )
    schema = schema_of(*parts)
    assert list(schema.tables) == ["b", "a"]
    assert list(schema.types) == ["T", "U"]
    assert not schema.schema_validation


@pytest.mark.parametrize("text", [FIELDS, INDEXES, UNIONS, FLOW])
def test_line_ends_byte_order_marks_and_document_marks_mean_nothing(text: str) -> None:
    expected = schema_of(text)
    assert schema_of(text.replace("\n", "\r\n")) == expected
    assert schema_of("\ufeff" + text) == expected
    assert schema_of("---\n" + text + "...\n") == expected
    assert schema_of(text.rstrip("\n")) == expected


def test_nothing_is_coerced() -> None:
    text = "tables: {on: {fields: {yes: str, 1: str, 1e3: int}, description: no}}\n"
    table = schema_of(text).tables["on"]
    assert table.description == "no"
    assert isinstance(table.document, Object)
    assert [field.name for field in table.document.fields] == ["yes", "1", "1e3"]


def test_json_goes_to_its_own_reader() -> None:
    loaded, faults = read('{"tables": [], "schemaValidation": true}', suffix="json")
    assert faults == []
    assert loaded is not None
    assert loaded.schema == Schema()
