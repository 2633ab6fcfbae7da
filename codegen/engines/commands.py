"""What a plan asks of a storage: a few commands on rows, the same for every engine.

A plan is a generator: it yields commands, gets their answers, and returns a result. It never
waits and knows no driver, so that one plan serves every storage, with and without `async`.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, TypeVar

from .entries import Entry

R = TypeVar("R")

Plan: TypeAlias = Generator["Command", Any, R]


Row: TypeAlias = tuple[str, float, str, *tuple[bytes, ...]]
"""A document's id, its creation time, its JSON, and the keys in each index of the schema."""


Found: TypeAlias = tuple[str, bytes]
"""A document, and its key in an index."""


class Fetch(NamedTuple):
    """The text of a document by its id, or None."""

    table: str
    id: str


class Scan(NamedTuple):
    """A list of `Found`: keys from `lower` to before `upper`, the first `limit` of them.

    Without `keys`, only the documents are needed of them.
    """

    table: str
    index_name: str
    lower: bytes
    upper: bytes
    descending: bool = False
    limit: int | None = None
    keys: bool = True


class Search(NamedTuple):
    """A list of the texts of documents that a search index finds, the best first.

    They have one of `terms`, or a word that begins as the last of them does, and all `marks`.
    Equally good ones are sorted the newest first.
    """

    table: str
    index_name: str
    terms: tuple[str, ...]
    marks: tuple[str, ...]
    limit: int
    offset: int = 0


class Nearest(NamedTuple):
    """A list of `Near`: those nearest to a vector, the nearest first, then the newest.

    Each has at least one mark of every group in `marks`.
    """

    table: str
    index_name: str
    vector: bytes
    marks: tuple[tuple[str, ...], ...]
    limit: int


Near: TypeAlias = tuple[str, float]
"""The text of a document, and the cosine of the angle between its vector and another."""


class Latest(NamedTuple):
    """A time that no document of the table was created after; 0 where it has none."""

    table: str


class Insert(NamedTuple):
    """Stores new rows."""

    table: str
    rows: Sequence[Row]


class Update(NamedTuple):
    """Stores another document, and the keys that are different, by the names of indexes."""

    table: str
    id: str
    document: str
    keys: Mapping[str, bytes]


class Delete(NamedTuple):
    """Removes a document; answers whether there was one."""

    table: str
    id: str


Entered: TypeAlias = tuple[str, float, Entry]
"""A document's id and creation time, and its entry in an index."""


class Enter(NamedTuple):
    """Puts documents into a search or vector index."""

    table: str
    index_name: str
    rows: Sequence[Entered]


class Leave(NamedTuple):
    """Takes a document out of a search or vector index, in which it has this entry."""

    table: str
    index_name: str
    id: str
    entry: Entry


Explained: TypeAlias = Scan | Search | Nearest
"""What a database can say of how it reads it."""

Command: TypeAlias = (
    Fetch | Scan | Search | Nearest | Latest | Insert | Update | Delete | Enter | Leave
)
