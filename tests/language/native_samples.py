"""Schemas in the native language that are right, by what they show."""

from __future__ import annotations

FIELDS = """\
# Every form of a field.
types:
  Status: Literal["new", "done"]
  Part:
    $description: One part of it.
    kind: Literal["a", "b"]  # which one
    size?: int
  Label:
    $type: Annotated[str, MinLen(1), MaxLen(9)]
    $description: A short text.

tables:
  things:
    description: >-
      Things, and
      what they are made of.
    model: Thing
    renamedFrom: objects
    fields:
      name: str  # what it is called
      status: Status = "new"
      note?: str | None
      owner: Id[users]
      odd: Id["class"]
      parts: list[Part]
      weights: dict[str, float]
      nothing: None
      anything: Any
      meta:  # when it was made
        createdAt: float
        by?: {user: "Id[users]", why?: str}  # who made it
      point: {x: float, y: float}  # where it is
      "quoted": 'Literal["x", ''y'']'
      described:
        $type: list[float]
        $default: [1, 2.5]
        $description: Some numbers.
        $renamedFrom: numbers
      nested:
        $description: An object.
        a: int
      folded: >-
        Literal["one",
        "two"]
  users:
    fields: {}
  class:
    fields: Any
"""

INDEXES = """\
tables:
  posts:
    fields:
      title: str
      author: str
      likes: int
      meta: {at: float}
      embedding: list[float]
    indexes:
      by_author: [author]
      by_time: [meta.at, author]
      by_title: {fields: [title], unique: true}
      by_likes:
        fields:
          - likes
        staged: true
    searchIndexes:
      search_title: {field: title, filters: [author]}
      search_staged: {field: author, staged: true}
    vectorIndexes:
      by_embedding: {field: embedding, dimensions: 1536, filters: [author]}
schemaValidation: false
"""

UNIONS = """\
types:
  Circle: {radius: float}
  Square: {side: float}
tables:
  events:
    union:
      Created:
        kind: Literal["created"]
        at: float = 0
      Deleted: {kind: 'Literal["deleted"]', at: float}
  shapes:
    union: [Circle, Square]
  figures:
    union: Circle | Square
    staged:
      fields:
        radius?: float
"""

FLOW = '{tables: {t: {fields: {"a?": str, b: str | None}, indexes: {by_b: [b]}}}}\n'

FUNCTIONS = """\
# Every form of a function.
types:
  Paging: {size: float, cursor: str | None}

tables:
  messages: {fields: {channel: str, body: str}}

functions:
  messages:list:  # the newest messages
    kind: query
    args:
      channel: str  # where they were written
      limit?: int
      author?: {id: "Id[_storage]", strict?: bool}
    returns: list[Doc[messages]]
  messages:page:
    kind: query
    visibility: internal
    args: Paging
    returns:
      page: list[Doc["messages"]]
      isDone: bool
  messages/archive:run: {kind: mutation, args: {}, returns: None}
  ai:answer:
    description: >-
      Answers, with
      whatever it likes.
    kind: action
  ai:count:
    kind: action
    args: Any
    returns: {$type: "int | None"}
"""

VALID = {
    "fields": FIELDS,
    "indexes": INDEXES,
    "unions": UNIONS,
    "functions": FUNCTIONS,
    "flow": FLOW,
}
