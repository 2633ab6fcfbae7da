"""The native language as it is written: as a person would, and read back as the same schema."""

from __future__ import annotations

import math
import re

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from codegen.ir.model import Function, Index, NamedType, Schema, Table
from codegen.ir.types import (
    ANY,
    BYTES,
    NULL,
    NUMBER,
    STRING,
    Array,
    Constrained,
    Constraint,
    Default,
    Field,
    Literal,
    Named,
    Object,
    Record,
    Type,
    Union,
)
from codegen.ir.values import Value, encode
from codegen.language.native_writer import dumps
from tests.cases.test_schemas import CoreLoader, language
from tests.language.native_samples import FIELDS, FLOW, FUNCTIONS, INDEXES, UNIONS
from tests.language.reading_support import schema_of

AS_PEOPLE_WRITE = """\
schemaValidation: false

types:
  Status: Literal["new", "done"]
  Amount: Annotated[float, Ge(0)]  # in cents

  Part:  # One of the parts.
    kind: Literal["a", "b"]
    place: {x: float, y: float}

  Empty: {}

  Noted:
    $description: |
      Over two lines,
        the second indented.
    text: str

  Text:
    $type: str | None
    $description: >
      A description that is too long to stand beside the type, and that goes on for so
      long that it takes a second line.

tables:
  things:
    description: 'One thing: what it is.'
    model: Thing
    renamedFrom: objects
    fields:
      name: str  # what it is called, e.g. "a: b" # or 'c'
      status: Status = "new"
      tags: list[str] = ["a"]
      ratio?: float | None = 0.5
      weights: 'dict[str, float] = {"a": 1}'
      size?: {width: float, height?: float}
      color: 'Literal["grey #1", "note: it''s"]'
      meta?:  # when it was made
        createdAt: float
        by:
          id: Id[things]
          labels: list[str]
      title:
        $type: str
        $description: Beside the type this would be too long, and so it is not there.
        $renamedFrom: heading
      room:
        $type: {width: float, height: float}
        $default: {width: 1, height: 0.5}
      'null': None
      on: bool
    staged:
      fields:
        name: str
        extra?: Any
    indexes:
      by_name: [name, meta.by.id]
      by_tags: {fields: [tags], unique: true}
      by_ratio: {fields: [ratio], staged: true}
    searchIndexes:
      search_name: {field: name}
      search_title: {field: title, filters: [status, meta.by.id], staged: true}
    vectorIndexes:
      by_weights: {field: weights, dimensions: 1536, filters: [name]}

  anything:
    fields: Any

  nothing:
    fields: {}

  events:
    union:
      EventStarted:
        kind: Literal["started"]
        at: float = 0
      EventEnded: {}

  both:
    union: [Part, Noted]

functions:
  admin/users:get:
    kind: query
    visibility: internal
    description: One user.
    args:
      id: Id[things]
      why?: str
    returns: Doc[things] | None

  things:add:
    kind: mutation
    args: Part
    returns: None

  things:run:
    kind: action
"""


def test_what_people_write_comes_back_word_for_word() -> None:
    assert dumps(schema_of(AS_PEOPLE_WRITE)) == AS_PEOPLE_WRITE


@pytest.mark.parametrize("text", [FIELDS, INDEXES, UNIONS, FLOW, FUNCTIONS])
def test_samples_come_back(text: str) -> None:
    assert_same(schema_of(text))


def assert_same(schema: Schema) -> str:
    """The text of a schema, which is read as this schema, and taken by editors."""
    text = dumps(schema)
    again = schema_of(text)
    assert again == schema
    assert [*again.tables] == [*schema.tables]
    assert [*again.types] == [*schema.types]
    assert [*again.functions] == [*schema.functions]
    data = yaml.load(text, CoreLoader)
    jsonschema.Draft202012Validator(language()).validate(data)
    return text


def only(*fields: Field, **types: Type) -> Schema:
    named = {name: NamedType(name, node) for name, node in types.items()}
    return Schema({"t": Table("t", Object(fields))}, named)


def written(node: Type) -> str:
    """How the type of a field is written."""
    text = assert_same(only(Field("a", node), N=STRING))
    return text.partition("    fields:\n")[2]


DESCRIPTIONS = [
    "plain",
    "# a mark",
    "a: b # c",
    'it\'s "both"',
    "| str",
    "> folded",
    "- item",
    "? what",
    "@x `y` %z &a *b !c",
    "null",
    "1.5",
    "~",
    "ends with:",
    "🔥 flämme  two blanks",
    "$type",
    "{a: b}",
    "\\ back\\slash",
    "no\u00a0break",
    "a\x00b",
    "a\x85b\u2028c\ufeffd",
    "a\rb",
    "tab\there",
    "one\ntwo",
    "one\n\n  three\n",
    "one  \n\t\n#two",
    "---\n...\n<<<<<<< x",
    "word " * 40,
    "wide  gaps " * 20,
    "x" * 200,
    "longer " * 15 + "\x07",
]


@pytest.mark.parametrize("text", DESCRIPTIONS)
def test_descriptions(text: str) -> None:
    text = text.strip()
    fields = (
        Field("a", STRING, description=text),
        Field("b", Object((Field("c", NUMBER),)), description=text),
        Field("d", Object((Field("e", Array(NUMBER)),)), description=text),
        Field("f", Object(()), description=text),
        Field("g", LONG, default=Default("a" * 30), description=text),
    )
    assert_same(
        Schema(
            {"t": Table("t", Object(fields), description=text)},
            {
                "A": NamedType("A", STRING, text),
                "B": NamedType("B", Object(fields[:4]), text),
            },
            functions={
                "m:f": Function("m:f", "query", args=Object(()), description=text)
            },
        )
    )


@given(st.text(max_size=200))
def test_any_description(text: str) -> None:
    test_descriptions(text)


LONG = Union(tuple(Literal.of(letter * 30) for letter in "abc"))
TEXTS = ["", "a", " #", ": ", "'", '"', "\\", "\n", "\\u0041", "🔥", "\x7f", "\u202e"]


@pytest.mark.parametrize("text", [*TEXTS, "".join(TEXTS)])
def test_literals(text: str) -> None:
    some = Union((Literal.of(text), Literal.of(text + "b")))
    long = Union((*some.arms, *LONG.arms))
    pattern = Constrained(STRING, (Constraint("pattern", re.escape(text)),))
    for node in (
        Literal.of(text),
        pattern,
        some,
        long,
        Array(long),
        Record(STRING, long),
    ):
        written(node)
        written(Object((Field("b", node),)))
    assert_same(only(Field("a", STRING, default=Default(text))))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2))
def test_any_literals(texts: list[str]) -> None:
    written(Union(tuple(map(Literal.of, texts))))


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (
            LONG,
            f"""\
      a:
        Literal[
          "{'a' * 30}",
          "{'b' * 30}",
          "{'c' * 30}",
        ]
""",
        ),
        (
            Union((NULL, *LONG.arms, Array(LONG))),
            f"""\
      a:
        None
        | Literal[
          "{'a' * 30}",
          "{'b' * 30}",
          "{'c' * 30}",
        ]
        | list[
          Literal[
            "{'a' * 30}",
            "{'b' * 30}",
            "{'c' * 30}",
          ]
        ]
""",
        ),
        (
            Record(STRING, Constrained(Array(LONG), (Constraint("minLength", 1),))),
            f"""\
      a:
        dict[
          str,
          Annotated[
            list[
              Literal[
                "{'a' * 30}",
                "{'b' * 30}",
                "{'c' * 30}",
              ]
            ],
            MinLen(1)
          ]
        ]
""",
        ),
        (
            Union((Literal.of("a" * 40), Literal.of("it's: " + "b" * 40))),
            f"""\
      a:
        'Literal[
          "{'a' * 40}",
          "it''s: {'b' * 40}",
        ]'
""",
        ),
        (
            Union((Named("N"), Array(Named("N")), Literal.of("a" * 70))),
            f"""\
      a:
        N
        | list[N]
        | Literal["{'a' * 70}"]
""",
        ),
    ],
)
def test_long_types_are_broken_as_black_does(node: Type, text: str) -> None:
    assert written(node) == text


def test_a_comment_beside_a_long_type() -> None:
    text = assert_same(only(Field("a", LONG, description="which")))
    assert "      a:  # which\n        Literal[\n" in text


@pytest.mark.parametrize(
    ("node", "value", "text"),
    [
        (NUMBER, 1.0, "float = 1"),
        (NUMBER, 0.25, "float = 0.25"),
        (NUMBER, -0.0, "float = -0.0"),
        (NUMBER, -math.inf, "float = -1e999"),
        (Union((NUMBER, STRING)), 1e20, "float | str = 1e+20"),
        (BYTES, b"\x00'\"", 'bytes = b"\\x00\\x27\\x22"'),
        (STRING, "\u2028", 'str = "\\u2028"'),
        (Array(ANY), [1.0, None, True], "list[Any] = [1, None, True]"),
        (ANY, {"a": {}, "": []}, '\'Any = {"a": {}, "": []}\''),
    ],
)
def test_defaults(node: Type, value: Value, text: str) -> None:
    schema = only(Field("a", node, default=Default(encode(value))))
    assert f"      a: {text}\n" in assert_same(schema)


def test_a_default_that_no_file_can_hold() -> None:
    schema = only(Field("a", NUMBER, default=Default(encode(math.nan))))
    with pytest.raises(ValueError, match="a NaN has no literal"):
        dumps(schema)


@pytest.mark.parametrize("name", ["null", "true", "False", "NULL"])
def test_names_that_editors_take_for_values_are_quoted(name: str) -> None:
    inner = Object((Field(name, STRING, optional=True), Field(name + "2", NUMBER)))
    table = Table(name, Object((Field(name, inner),)), (Index(name, (name,)),))
    text = assert_same(Schema({name: table}))
    assert f"  '{name}':\n    fields:\n      '{name}': {{{name}?: str, {name}2:" in text
    assert f"      '{name}': ['{name}']\n" in text


@pytest.mark.parametrize("name", ["on", "yes", "n", "int", "Literal", "e1"])
def test_names_that_mean_nothing_to_yaml_are_not(name: str) -> None:
    table = Table(name, Object((Field(name, STRING),)), (Index(name, (name,)),))
    text = assert_same(Schema({name: table}))
    assert "'" not in text


def test_long_lists_of_fields_are_broken() -> None:
    fields = tuple(f"a_long_name_of_a_field_{i}" for i in range(4))
    document = Object(tuple(Field(name, STRING) for name in fields))
    indexes = (Index("a", fields), Index("b", fields, unique=True))
    text = assert_same(Schema({"t": Table("t", document, indexes)}))
    items = "".join(f"        - {name}\n" for name in fields)
    nested = items.replace("  -", "    -")
    assert text.endswith(
        f"      a:\n{items}      b:\n        fields:\n{nested}        unique: true\n"
    )
