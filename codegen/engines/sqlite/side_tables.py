"""The tables of search and vector indexes beside those of the documents.

Words are in a table of FTS5, which keeps no text of its own; it splits what it is given at spaces,
for the words are found before. Vectors are float32 numbers in an ordinary table. In both, `marks`
has those of the filters, which begin with the filter's number each: none is found in another.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

from codegen.ir.model import SearchIndex

from ..commands import Entered, Nearest, Search
from ..entries import Entry, TextEntry, VectorEntry
from ..sql.layout import SideTable

# Words that are looked for together.
_PART: Final = 500


class Owner(NamedTuple):
    """The table of the documents: its name, and how a row is found by its number and its id.

    In a `timed` one later documents have higher numbers.
    """

    name: str
    where: str
    row: Callable[[str], int | None]
    timed: bool


class SearchTable:
    """The words of a search index."""

    def __init__(self, owner: Owner, side: SideTable) -> None:
        self.name = f"{owner.name}.{side.name}.search"
        self._owner = owner

    def create(self) -> str:
        return (
            f'CREATE VIRTUAL TABLE "{self.name}"'
            " USING fts5(words, marks, content='', tokenize='ascii')"
        )

    def drop(self) -> str:
        return f'DROP TABLE IF EXISTS "{self.name}"'

    def enter(self, connection: sqlite3.Connection, rows: Iterable[Entered]) -> None:
        row = self._owner.row
        values = [(*_texts(entry), row(id), id) for id, _, entry in rows]
        connection.executemany(self._enter, values)

    def leave(self, connection: sqlite3.Connection, id: str, entry: Entry) -> None:
        # FTS5 has no text to look up what is in it: it is told.
        connection.execute(self._leave, (*_texts(entry), self._owner.row(id), id))

    def has(self, connection: sqlite3.Connection, row: Entered) -> bool:
        """Whether all words of an entry are found."""
        id, _, entry = row
        assert isinstance(entry, TextEntry)
        sql = (
            f'SELECT 1 FROM "{self.name}" WHERE "{self.name}" MATCH ?'
            f' AND rowid = (SELECT _row FROM "{self._owner.name}" {self._owner.where})'
        )
        words = [f'"{word}"' for word in dict.fromkeys(entry.words)]
        parts = [words[at : at + _PART] for at in range(0, len(words), _PART)]
        asked = [f"words : ({' AND '.join(part)})" for part in parts]
        asked += [f'marks : "{mark}"' for mark in entry.marks]
        key = (self._owner.row(id), id)
        return all(connection.execute(sql, (one, *key)).fetchone() for one in asked)

    def size(self, connection: sqlite3.Connection) -> int:
        """How many words its documents have, each as often as it is in another document."""
        connection.execute(
            "CREATE VIRTUAL TABLE temp._vocabulary"
            f" USING fts5vocab('main', '{self.name}', 'col')"
        )
        try:
            sql = "SELECT coalesce(sum(doc), 0) FROM temp._vocabulary"
            (size,) = connection.execute(sql).fetchone()
        finally:
            connection.execute("DROP TABLE temp._vocabulary")
        return int(size)

    def search(self, command: Search) -> tuple[str, tuple[object, ...]]:
        return self._search, (_match(command), command.limit, command.offset)

    @cached_property
    def _enter(self) -> str:
        return (
            f'INSERT INTO "{self.name}" (rowid, words, marks)'
            f' SELECT _row, ?, ? FROM "{self._owner.name}" {self._owner.where}'
        )

    @cached_property
    def _leave(self) -> str:
        return (
            f'INSERT INTO "{self.name}" ("{self.name}", rowid, words, marks)'
            f" SELECT 'delete', _row, ?, ?"
            f' FROM "{self._owner.name}" {self._owner.where}'
        )

    @cached_property
    def _search(self) -> str:
        name, owner = self.name, self._owner.name
        newest = "_place DESC"
        if not self._owner.timed:
            time = f'(SELECT _creationTime FROM "{owner}" WHERE _row = _place)'
            newest = f"{time} DESC, _place DESC"
        return (
            "SELECT _document FROM (SELECT rowid AS _place,"
            f' bm25("{name}", 1.0, 0.0) AS _score FROM "{name}" WHERE "{name}" MATCH ?'
            f" ORDER BY _score, {newest} LIMIT ? OFFSET ?)"
            f' JOIN "{owner}" ON _row = _place ORDER BY _score, {newest}'
        )


class VectorTable:
    """The vectors of a vector index."""

    def __init__(self, owner: Owner, side: SideTable) -> None:
        self.name = f"{owner.name}.{side.name}.vectors"
        self._owner = owner

    def create(self) -> str:
        return (
            f'CREATE TABLE "{self.name}" (_row INTEGER PRIMARY KEY,'
            " created REAL NOT NULL, vector BLOB NOT NULL, marks TEXT NOT NULL)"
        )

    def drop(self) -> str:
        return f'DROP TABLE IF EXISTS "{self.name}"'

    def enter(self, connection: sqlite3.Connection, rows: Iterable[Entered]) -> None:
        row = self._owner.row
        values = [
            (created, *_vector_values(entry), row(id), id)
            for id, created, entry in rows
        ]
        connection.executemany(self._enter, values)

    def leave(self, connection: sqlite3.Connection, id: str, entry: Entry) -> None:
        connection.execute(self._leave, (self._owner.row(id), id))

    @cached_property
    def _enter(self) -> str:
        return (
            f'INSERT INTO "{self.name}" (_row, created, vector, marks)'
            f' SELECT _row, ?, ?, ? FROM "{self._owner.name}" {self._owner.where}'
        )

    @cached_property
    def _leave(self) -> str:
        found = f'SELECT _row FROM "{self._owner.name}" {self._owner.where}'
        return f'DELETE FROM "{self.name}" WHERE _row = ({found})'

    def has(self, connection: sqlite3.Connection, row: Entered) -> bool:
        """Whether there is just this entry."""
        id, created, entry = row
        sql = (
            f'SELECT created, vector, marks FROM "{self.name}"'
            f' WHERE _row = (SELECT _row FROM "{self._owner.name}" {self._owner.where})'
        )
        found = connection.execute(sql, (self._owner.row(id), id)).fetchone()
        return bool(found == (created, *_vector_values(entry)))

    def size(self, connection: sqlite3.Connection) -> int:
        """How many vectors there are."""
        sql = f'SELECT count(*) FROM "{self.name}"'
        (size,) = connection.execute(sql).fetchone()
        return int(size)

    def all_of(self, command: Nearest) -> tuple[str, list[str]]:
        """All vectors whose documents the filters keep, with creation times and rows."""
        where, values = _marked(command)
        return f'SELECT created, _row, vector FROM "{self.name}"{where}', values

    def nearest(self, command: Nearest) -> tuple[str, list[object]]:
        """The nearest ones: rows and distances, where a function of sqlite-vec measures."""
        where, values = _marked(command)
        sql = (
            f'SELECT _row, vec_distance_cosine(vector, ?) AS _distance FROM "{self.name}"'
            f"{where} ORDER BY _distance, created DESC, _row DESC LIMIT ?"
        )
        return sql, [command.vector, *values, command.limit]

    @cached_property
    def document(self) -> str:
        return f'SELECT _document FROM "{self._owner.name}" WHERE _row = ?'


Beside: TypeAlias = SearchTable | VectorTable


def side_table(owner: Owner, side: SideTable) -> Beside:
    kind = SearchTable if isinstance(side.definition, SearchIndex) else VectorTable
    return kind(owner, side)


def size_of(entry: Entry) -> int:
    """How much an entry adds to the size of its table."""
    if isinstance(entry, TextEntry):
        return len({*entry.words}) + len({*entry.marks})
    return 1


def _texts(entry: Entry) -> Iterator[str]:
    assert isinstance(entry, TextEntry)
    yield " ".join(entry.words)
    yield " ".join(entry.marks)


def _vector_values(entry: Entry) -> tuple[bytes, str]:
    assert isinstance(entry, VectorEntry)
    return entry.vector, " ".join(entry.marks)


def _match(command: Search) -> str:
    """What FTS5 is asked for; words have nothing that means something to it."""
    words = " OR ".join([f'"{word}"' for word in command.terms])
    if words:
        words += f' OR "{command.terms[-1]}" *'
    return " AND ".join(
        [f"words : ({words})", *(f'marks : "{mark}"' for mark in command.marks)]
    )


def _marked(command: Nearest) -> tuple[str, list[str]]:
    """The condition of the filters, and its values."""
    groups = [" OR ".join(["instr(marks, ?)"] * len(group)) for group in command.marks]
    where = "".join(
        f"{' AND' if at else ' WHERE'} ({group})" for at, group in enumerate(groups)
    )
    return where, [mark for group in command.marks for mark in group]
