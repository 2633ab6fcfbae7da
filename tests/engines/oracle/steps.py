"""What a program does with a database, said so that both sides can do it.

Documents have names in place of ids: in values, `{"$ref": name}` is the id of a document, and in
bounds `{"$time": name}` its creation time and `{"$undefined": None}` that a field is absent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from codegen.ir.types import JsonValue

Fields: TypeAlias = dict[str, JsonValue]


How: TypeAlias = Literal["collect", "stream", "take", "first", "unique"]


@dataclass(frozen=True)
class Insert:
    name: str
    table: str
    value: Fields


@dataclass(frozen=True)
class Get:
    name: str


@dataclass(frozen=True)
class Patch:
    name: str
    value: Fields


@dataclass(frozen=True)
class Replace:
    name: str
    value: Fields


@dataclass(frozen=True)
class Delete:
    name: str


@dataclass(frozen=True)
class End:
    """One end of a range."""

    value: JsonValue
    inclusive: bool


@dataclass(frozen=True)
class Query:
    """A stretch of an index; `fields` are its paths, the creation time included.

    Where Python has several ways to say the same, `way` decides, a bit for each choice.
    """

    table: str
    index: str
    fields: tuple[str, ...]
    equal: tuple[JsonValue, ...]
    lower: End | None
    upper: End | None
    descending: bool
    filter: tuple[str, JsonValue] | None
    way: int


@dataclass(frozen=True)
class Find:
    """Runs a query; `count` is of use to `take` only."""

    query: Query
    how: How
    count: int


@dataclass(frozen=True)
class Turn:
    """The next page for a reader, who keeps the cursor.

    With a limit of rows to read, the size is out of reach.
    """

    reader: str
    query: Query
    size: int
    most_read: int | None


@dataclass(frozen=True)
class Again:
    """The last page of a reader as it is now, between its two cursors."""

    reader: str
    query: Query


@dataclass(frozen=True)
class Nested:
    """A transaction inside a transaction; one that fails is undone."""

    steps: tuple[Step, ...]
    fails: bool


Step: TypeAlias = (
    "Insert | Get | Patch | Replace | Delete | Find | Turn | Again | Nested"
)


@dataclass(frozen=True)
class Answer:
    """What a step gives, in names and without creation times, or why it was refused.

    `error` is what is raised then, which only ours say.
    """

    value: JsonValue = None
    refused: Literal["", "invalid", "missing", "several", "wrong"] = ""
    error: str = field(default="", compare=False)
