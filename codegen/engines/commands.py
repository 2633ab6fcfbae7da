"""What a plan asks of a storage: a few commands on rows, the same for every engine.

A plan is a generator: it yields commands, gets their answers, and returns a result. It never
waits and knows no driver, so that one plan serves every storage, with and without `async`.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, TypeVar

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


Command: TypeAlias = Fetch | Scan | Latest | Insert | Update | Delete
