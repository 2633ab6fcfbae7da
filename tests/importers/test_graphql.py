"""GraphQL."""

from __future__ import annotations

from pathlib import Path

import pytest

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
  Odd: Any  # GraphQL leaves it open
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


def test_scalars_keep_what_they_say_of_themselves(tmp_path: Path) -> None:
    source = """\
"DateTime"
scalar DateTime
"As ISO 8601 has it."
scalar Date
type Event { at: DateTime!, day: Date! }
"""
    text, _ = of_text(tmp_path, "api.graphql", source)
    assert str(text).startswith("""\
types:
  DateTime: str  # a scalar of the source
  Date: str  # As ISO 8601 has it.
""")
