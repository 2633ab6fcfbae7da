"""GraphQL, samples and Python classes."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen.diagnostics import Diagnostics
from codegen.importers.options import Options
from codegen.project.importing import foreign_text

from .importing import of_text, told

GRAPHQL = '''\
"""Somebody."""
type User implements Node { id: ID!, from: String, posts(first: Int): [Post]! }
interface Node { id: ID! }
type Post { author: User!, on: [Thing!], state: State!, count: Int!, x: Odd, at: DateTime }
union Thing = User | Post
enum State { OPEN DONE }
scalar Odd
scalar DateTime
input Draft { text: String! = "x", count: Int = 3, deep: [[Boolean!]] }
type Query { me: User }
'''


def test_graphql(tmp_path: Path) -> None:
    text, found = of_text(tmp_path, "api.graphql", GRAPHQL)
    assert told(found) == [
        "2:29 W810 1 `id` field of types that are tables is left out: a document has its `_id`",
        "2:52 W801 1 field of the source takes arguments, which fields of documents do not",
        "2:52 W810 4 references to documents of tables are ids here",
        "4:57 W801 2 fields of 32 bits are of 64 bits here",
        "8:8 W803 the scalar `DateTime` is taken for a text",
    ]
    assert text == """\
types:
  Thing: Id[users] | Id[posts]
  State: Literal["OPEN", "DONE"]
  Odd: Any  # Odd, which GraphQL leaves open
  DateTime: str  # a scalar of the source

tables:
  users:
    description: Somebody.
    fields:
      from?: str | None
      posts: list[Id[posts] | None]

  posts:
    fields:
      author: Id[users]
      on?: list[Thing] | None
      state: State
      count: int
      x?: Odd | None
      at?: DateTime | None
"""


def test_an_input_of_graphql_as_a_table(tmp_path: Path) -> None:
    text, _ = of_text(tmp_path, "api.graphql", GRAPHQL, tables=("Draft",))
    assert text == """\
tables:
  drafts:
    fields:
      text?: str = "x"
      count?: int | None = 3
      deep?: list[list[bool] | None] | None
"""


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("type A { x: ", "2:1 E801 not a GraphQL schema: Syntax Error: Expected Name, found <EOF>."),
        ("type A { x: B }", "1:13 E801 not a GraphQL schema: Unknown type 'B'. Did you mean 'A'?"),
        ("type A { x: Int @y }", "1:17 E801 not a GraphQL schema: Unknown directive '@y'."),
        ("scalar A", "1:1 E805 there is no object type here that could be a table"),
    ],
)  # fmt: skip
def test_graphql_that_is_none(tmp_path: Path, source: str, message: str) -> None:
    text, found = of_text(tmp_path, "api.graphql", f"{source}\n")
    assert (text, told(found)) == (None, [message])


def test_samples(tmp_path: Path) -> None:
    source = """\
{"n": 1, "s": null, "tags": [], "deep": {"list": [{"a": 1}, {"b": "x"}]}, "mixed": 1}

{"n": 2.5, "s": "x", "tags": [true], "deep": {"list": []}, "mixed": "x", "some-one": 1}
"""
    text, found = of_text(tmp_path, "events.jsonl", source)
    assert told(found) == [
        "3:74 W806 field \"some-one\" contains '-': only letters, digits and underscores "
        "may follow; it is left out"
    ]
    assert text == """\
types:
  EventDeepList: {a?: int, b?: str}

tables:
  events:
    fields:
      n: float
      s: str | None
      tags: list[bool]
      deep:
        list: list[EventDeepList]
      mixed: int | str
"""


@pytest.mark.parametrize(
    ("name", "source", "message"),
    [
        ("a.json", "[1, {}]", "1:2 E805 a sample is an object, and a file of samples has one at least"),
        ("a.json", "[]", "1:1 E805 a sample is an object, and a file of samples has one at least"),
        ("a.jsonl", '{"a": 1}\n{"a": \n', "2:7 E801 not JSON: Expecting value"),
        ("a.jsonl", "", "1:1 E805 a sample is an object, and a file of samples has one at least"),
        ("a.jsonl", '{"a": NaN}', "1:1 E801 not JSON: NaN is not JSON"),
    ],
)  # fmt: skip
def test_samples_that_are_none(
    tmp_path: Path, name: str, source: str, message: str
) -> None:
    text, found = of_text(tmp_path, name, source)
    assert (text, told(found)) == (None, [message])


SHOP = '''\
from __future__ import annotations
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal
from typing_extensions import TypedDict
from pydantic import BaseModel, ConfigDict, Field

class Color(Enum):
    RED = "red"
    BLUE = "blue"

class Part(BaseModel):
    """One of several."""
    model_config = ConfigDict(extra="forbid")
    name: str = Field(alias="partName", pattern="^[a-z]")

class Thing(BaseModel):
    model_config = ConfigDict(extra="forbid")
    parts: list[Part]
    color: Color | None = None
    by_name: dict[str, float] = {}

@dataclass
class Point:
    x: float
    y: float = 0
    tags: list[str] = field(default_factory=list)

class Kind(TypedDict):
    kind: Literal["a", "b"]

def function() -> None: ...
'''


def _classes(name: str) -> tuple[str | None, list[str]]:
    found = Diagnostics()
    text = foreign_text("python", name, Options(), found, [])
    return text, told([*found])


def test_classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "the_shop.py").write_text(SHOP, "utf-8")
    monkeypatch.chdir(tmp_path)
    assert _classes("the_shop:Thing") == (
        """\
types:
  Part:  # One of several.
    partName: Annotated[str, Pattern("^[a-z]")]

  Color: Literal["red", "blue"]

tables:
  things:
    fields:
      parts: list[Part]
      color?: Color | None = None
      by_name?: dict[str, float] = {}
""",
        [],
    )
    text, found = _classes("the_shop:Point")
    assert "      x: float\n      y?: float = 0\n      tags?: list[str]\n" in str(text)
    assert [line[:4] for line in found] == ["W802"]
    text, found = _classes("the_shop:Kind")
    assert '      kind: Literal["a", "b"]\n' in str(text)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = 1 / 0\n", "1:5 E807 `bad_shop:A` can't be imported: ZeroDivisionError: division by zero"),
        ("def f(:\n", "1:7 E807 `bad_shop:A` can't be imported: SyntaxError: invalid syntax (bad_shop.py, line 1)"),
        ("import not_there_at_all\n", "1:1 E807 `bad_shop:A` can't be imported: ModuleNotFoundError: No module named 'not_there_at_all'"),
        ("def A(): ...\n", "E807 `bad_shop:A` can't be imported: Error: 'A' is not a supported type. Supported: dict, Pydantic v2 BaseModel, dataclass, TypedDict"),
        ("", "E807 `bad_shop:A` can't be imported: AttributeError: module 'bad_shop' has no attribute 'A'"),
    ],
)  # fmt: skip
def test_classes_that_are_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, message: str
) -> None:
    (tmp_path / "bad_shop.py").write_text(source, "utf-8")
    monkeypatch.chdir(tmp_path)
    assert _classes("bad_shop:A") == (None, [message])
