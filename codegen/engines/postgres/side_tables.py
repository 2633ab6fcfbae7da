"""The tables of search and vector indexes beside those of the documents.

Words are in a `tsvector`, which is made of our own words, with a GIN index. Vectors have the type
`vector` where the extension pgvector is in the database when the table is made, else their bytes are
kept. The marks of filters are words among those of a text, with a character that no word has, and
an array beside a vector.

All values are sent as texts, which PostgreSQL makes what their columns have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

from codegen.ir.model import SearchIndex

from ..commands import Entered, Nearest, Search
from ..entries import Entry, TextEntry, VectorEntry
from ..sql.layout import SideTable
from ..unit_vectors import unpacked
from .names import quoted, short

MARK: Final = "="
"""Begins the marks among words."""
# A tsvector knows no later place in a text.
_PLACES: Final = 16_383
# It has at most 1 MiB of words; the marks need some of that.
_WORD_BYTES: Final = 1_000_000
# Of pgvector's indexes.
_INDEXED_DIMENSIONS: Final = 2000


class Owner(NamedTuple):
    """The table of the documents: its own name, with its schema's, and that schema's."""

    table: str
    name: str
    schema: str


class SearchTable:
    """The words of a search index."""

    types = ("text", "float8", "text")

    def __init__(self, owner: Owner, side: SideTable) -> None:
        self._owner = owner
        self._whole_name = f"{owner.table}.{side.name}.search"
        self.table = short(self._whole_name)
        self.name = f"{owner.schema}.{quoted(self.table)}"

    def create(self) -> Iterable[str]:
        yield _create(self.name, self._whole_name, "words tsvector NOT NULL")
        index = quoted(short(f"{self._whole_name}.words"))
        # What waits in a list to be entered would be in the way of all who search.
        yield f"CREATE INDEX {index} ON {self.name} USING gin (words) WITH (fastupdate = off)"

    def values(self, row: Entered) -> Sequence[object]:
        id, created, entry = row
        return id, created, _lexemes(entry)

    @cached_property
    def enter(self) -> bytes:
        return (f"INSERT INTO {self._row} VALUES ($1, $2, $3::text::tsvector)").encode()

    @cached_property
    def copy(self) -> bytes:
        return f"COPY {self._row} FROM STDIN".encode()

    @cached_property
    def _row(self) -> str:
        return f'{self.name} (_id, "_creationTime", words)'

    @cached_property
    def leave(self) -> bytes:
        return f"DELETE FROM {self.name} WHERE _id = $1".encode()

    @cached_property
    def unlike(self) -> bytes:
        """The ids of some entries that are not there, of columns of their values."""
        same = "found.words = given.words::tsvector"
        return _unlike(self.name, "words", ("text",), same)

    def search(self, command: Search) -> tuple[bytes, Sequence[object]]:
        words = " | ".join(_wanted_words(command.terms))
        wanted = " & ".join([f"({words})", *(f"'{MARK}{m}'" for m in command.marks)])
        return self._search, (wanted, words, command.limit, command.offset)

    @cached_property
    def _search(self) -> bytes:
        order = '_score DESC, found."_creationTime" DESC, found._id DESC'
        return (
            'SELECT _document FROM (SELECT _id, "_creationTime",'
            f" ts_rank(words, $2::text::tsquery) AS _score FROM {self.name} AS found"
            f" WHERE words @@ $1::text::tsquery ORDER BY {order} LIMIT $3 OFFSET $4"
            f") AS found JOIN {self._owner.name} USING (_id) ORDER BY {order}"
        ).encode()


class VectorTable:
    """The vectors of a vector index; `schema` is that of pgvector's type, or empty."""

    def __init__(self, owner: Owner, side: SideTable) -> None:
        self._owner = owner
        self._whole_name = f"{owner.table}.{side.name}.vectors"
        self.table = short(self._whole_name)
        self._dimensions = getattr(side.definition, "dimensions", 0)
        self.name = f"{owner.schema}.{quoted(self.table)}"
        self.schema = side.form
        self.types = ("text", "float8", "text" if self.schema else "bytea", "text")

    def create(self) -> Iterable[str]:
        kind = f"{self._type}({self._dimensions})" if self.schema else "bytea"
        columns = f"vector {kind} NOT NULL, marks text[] NOT NULL"
        yield _create(self.name, self._whole_name, columns)
        if self.schema and self._dimensions <= _INDEXED_DIMENSIONS:
            index = quoted(short(f"{self._whole_name}.vector"))
            yield (
                f"CREATE INDEX {index} ON {self.name} USING hnsw"
                f" (vector {quoted(self.schema)}.vector_cosine_ops)"
            )

    def values(self, row: Entered) -> Sequence[object]:
        id, created, entry = row
        assert isinstance(entry, VectorEntry)
        return id, created, self._sent(entry.vector), array(entry.marks)

    @cached_property
    def enter(self) -> bytes:
        values = f"$1, $2, {self._given('$3')}, $4::text::text[]"
        return f"INSERT INTO {self._row} VALUES ({values})".encode()

    @cached_property
    def copy(self) -> bytes:
        return f"COPY {self._row} FROM STDIN".encode()

    @cached_property
    def _row(self) -> str:
        return f'{self.name} (_id, "_creationTime", vector, marks)'

    @cached_property
    def leave(self) -> bytes:
        return f"DELETE FROM {self.name} WHERE _id = $1".encode()

    @cached_property
    def unlike(self) -> bytes:
        """The ids of some entries that are not there, of columns of their values."""
        if self.schema:
            equal = f"OPERATOR({quoted(self.schema)}.=)"
            vector = f"found.vector {equal} given.vector::{self._type}"
        else:
            vector = "found.vector = given.vector"
        same = f"{vector} AND found.marks = given.marks::text[]"
        return _unlike(self.name, "vector, marks", (self.types[2], "text"), same)

    def nearest(
        self, command: Nearest, *, exactly: bool
    ) -> tuple[bytes, Sequence[object]]:
        """The nearest documents by pgvector's index, or all measured: texts and scores."""
        distance = f"vector OPERATOR({quoted(self.schema)}.<=>) {self._given('$1')}"
        # No index gives the order of a sum.
        order = f"({distance}) + 0" if exactly else distance
        found = (
            f'SELECT _id, "_creationTime", {distance} AS _distance FROM {self.name}'
            f"{_marked(command, 3, 'WHERE')} ORDER BY {order} LIMIT $2"
        )
        sql = (
            f"SELECT _document, 1 - _distance FROM ({found}) AS found"
            f" JOIN {self._owner.name} USING (_id)"
            ' ORDER BY _distance, found."_creationTime" DESC, found._id DESC'
        )
        values = (self._sent(command.vector), command.limit)
        return sql.encode(), (*values, *map(array, command.marks))

    def part(
        self, command: Nearest, after: str, size: int
    ) -> tuple[bytes, Sequence[object]]:
        """Some vectors whose documents the filters keep: ids, creation times and bytes."""
        sql = (
            f'SELECT _id, "_creationTime", vector FROM {self.name} WHERE _id > $1'
            f"{_marked(command, 3, 'AND')} ORDER BY _id LIMIT $2"
        )
        return sql.encode(), (after, size, *map(array, command.marks))

    def documents(self, ids: Sequence[str]) -> tuple[bytes, Sequence[object]]:
        """The ids and texts of some documents."""
        sql = f"SELECT _id, _document FROM {self._owner.name} WHERE _id = ANY($1::text::text[])"
        return sql.encode(), (array(ids),)

    @property
    def _type(self) -> str:
        return f"{quoted(self.schema)}.vector"

    def _given(self, mark: str) -> str:
        return f"{mark}::text::{self._type}" if self.schema else mark

    def _sent(self, vector: bytes) -> object:
        return str(list(unpacked(vector))) if self.schema else vector


Beside: TypeAlias = SearchTable | VectorTable


def side_table(owner: Owner, side: SideTable) -> Beside:
    kind = SearchTable if isinstance(side.definition, SearchIndex) else VectorTable
    return kind(owner, side)


def _create(name: str, table: str, columns: str) -> str:
    key = quoted(short(f"{table}._id"))
    return (
        f'CREATE TABLE {name} (_id text COLLATE "C" CONSTRAINT {key} PRIMARY KEY,'
        f' "_creationTime" double precision NOT NULL, {columns})'
    )


def _unlike(name: str, columns: str, types: Sequence[str], same: str) -> bytes:
    values = [f"${number}::{type}[]" for number, type in enumerate(types, start=3)]
    given = ", ".join(["$1::text[]", "$2::float8[]", *values])
    return (
        f"SELECT given.id FROM unnest({given}) AS given (id, created, {columns})"
        f" WHERE NOT EXISTS (SELECT FROM {name} AS found WHERE found._id = given.id"
        f' AND found."_creationTime" = given.created AND {same})'
    ).encode()


def array(texts: Sequence[str]) -> str:
    """Texts of letters and digits as PostgreSQL writes an array of them."""
    return f"{{{','.join(texts)}}}"


def _lexemes(entry: Entry) -> str:
    """A tsvector: words in quotes with their places, which count for the rank, and marks."""
    assert isinstance(entry, TextEntry)
    marks = [f"'{MARK}{mark}'" for mark in entry.marks]
    if len(entry.words) > _PLACES:
        return " ".join([*(f"'{word}'" for word in _first(entry.words)), *marks])
    words = [f"'{word}':{place}" for place, word in enumerate(entry.words, start=1)]
    return " ".join([*words, *marks])


def _first(words: Sequence[str]) -> Iterator[str]:
    """The different words of a long text, as far as there is room for them."""
    room = _WORD_BYTES
    for word in dict.fromkeys(words):
        room -= len(word.encode())
        if room < 0:
            return
        yield word


def _wanted_words(terms: Sequence[str]) -> Iterator[str]:
    yield from (f"'{term}'" for term in terms)
    yield from (f"'{term}':*" for term in terms[-1:])


def _marked(command: Nearest, first: int, begin: str) -> str:
    """The conditions of the filters, whose values are numbered from the first on."""
    conditions = [
        f"marks && ${number}::text::text[]"
        for number in range(first, first + len(command.marks))
    ]
    return f" {begin} {' AND '.join(conditions)}" if conditions else ""
