"""Queries: immutable values that say what to read, through an index and in its order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import NoneType
from typing import TYPE_CHECKING, Generic, Literal, Self, overload

from .arms import Arms
from .filters import Unfiltered
from .ids import D
from .operations import Page, Read
from .ranges import Range
from .scalars import is_int
from .vectors import VectorQuery, checked_limit, numbers


@dataclass(frozen=True)
class Selection(Read[list[D]]):
    """Documents that an index finds, in an order; running it collects everything."""

    arms: Arms[D]
    index: str
    filters: tuple[Callable[[D], bool], ...] = field(default=(), kw_only=True)

    def filter(self, keep: Callable[[D], bool], /) -> Self:
        """Only documents that `keep` is true of; it is called after reading."""
        return replace(self, filters=(*self.filters, keep))

    def collect(self) -> Self:
        """Everything: the query itself, for those who look for the word."""
        return self

    def take(self, count: int, /) -> Take[D]:
        """The first `count` documents; a `ValueError` when it is negative."""
        return Take(self, _count(count, at_least=0))

    def first(self) -> First[D]:
        """The first document, or None."""
        return First(self)

    def unique(self) -> Unique[D]:
        """The only document, or None; running it fails when there are several."""
        return Unique(self)

    def paginate(
        self,
        size: int,
        /,
        cursor: str | None = None,
        *,
        end_cursor: str | None = None,
        maximum_rows_read: int | None = None,
    ) -> Paginate[D]:
        """A page of at most `size` documents, from the start or from another page's cursor.

        Args:
            end_cursor: Where the page ends, whatever its size is then: to read a page again
                between its cursors, with what was added and without what was removed meanwhile.
            maximum_rows_read: How many documents to read at most, before filters drop some of
                them. The page may be short or empty then, and has a cursor to go on from.

        Raises a `TypeError` or `ValueError` for what is no cursor or no number of documents. The
        meanings are Convex's (`crates/isolate/src/environment/udf/async_syscall.rs`).
        """
        for place in (cursor, end_cursor):
            if type(place) not in (str, NoneType):
                raise TypeError(f"a cursor is a text, not {place!r}")
        if maximum_rows_read is not None:
            _count(maximum_rows_read, at_least=1)
        return Paginate(
            self, _count(size, at_least=1), cursor, end_cursor, maximum_rows_read
        )


@dataclass(frozen=True)
class Query(Selection[D]):
    """A stretch of one index.

    `bounds` are values for the first fields of the index, as they were given: the last may be
    a `Range`. None is null where the field admits null, else absent; `ABSENT` is absent.
    """

    bounds: tuple[object, ...] = ()
    direction: Literal["asc", "desc"] = "asc"

    def order(self, direction: Literal["asc", "desc"], /) -> Query[D]:
        """In the order of the index, or against it."""
        if direction not in ("asc", "desc"):
            raise ValueError(f"order is 'asc' or 'desc', not {direction!r}")
        return replace(self, direction=direction)


@dataclass(frozen=True)
class SearchQuery(Selection[D]):
    """Documents that have words of a text, the best first.

    `equal` are the paths of fields with the values that they must have.
    """

    text: str
    equal: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True)
class Take(Read[list[D]]):
    query: Selection[D]
    count: int


@dataclass(frozen=True)
class First(Read[D | None]):
    query: Selection[D]


@dataclass(frozen=True)
class Unique(Read[D | None]):
    query: Selection[D]


@dataclass(frozen=True)
class Paginate(Read[Page[D]]):
    query: Selection[D]
    size: int
    cursor: str | None
    end_cursor: str | None
    maximum_rows_read: int | None


class Queries(Generic[D]):
    """The indexes of one table; generated classes add a method for each."""

    __slots__ = ("_arms",)
    _arms: Arms[D]

    def __init__(self, *classes: type[D]) -> None:
        object.__setattr__(self, "_arms", Arms(classes))

    if not TYPE_CHECKING:

        def __setattr__(self, name, value):
            raise AttributeError(f"{type(self).__name__} is immutable")

    def full_scan(self) -> Query[D]:
        """Every document, oldest first."""
        return self._index("by_creation_time", ())

    @overload
    def by_creation_time(self, /) -> Query[D]: ...
    @overload
    def by_creation_time(self, creation_time: float | Range[float], /) -> Query[D]: ...
    def by_creation_time(self, /, *bounds: object) -> Query[D]:
        """The index on _creationTime (ms since 1970), which every table has."""
        return self._index("by_creation_time", bounds)

    def _index(self, name: str, bounds: tuple[object, ...]) -> Query[D]:
        if any(isinstance(bound, Range) for bound in bounds[:-1]):
            raise TypeError(f"index `{name}`: only the last bound may be a range")
        return Query(self._arms, name, bounds)

    def _search(
        self, name: str, text: object, filters: Mapping[str, object]
    ) -> SearchQuery[D]:
        if not isinstance(text, str):
            raise TypeError(f"search index `{name}`: {text!r} is no text")
        return SearchQuery(self._arms, name, text, _given(filters))

    def _nearest(
        self,
        name: str,
        vector: Iterable[float],
        limit: int,
        filters: Mapping[str, object],
    ) -> VectorQuery[D]:
        return VectorQuery(
            self._arms, name, numbers(vector), checked_limit(limit), _given(filters)
        )


def _given(filters: Mapping[str, object]) -> tuple[tuple[str, object], ...]:
    return tuple(
        (path, value)
        for path, value in filters.items()
        if not isinstance(value, Unfiltered)
    )


def _count(value: int, *, at_least: int) -> int:
    if not is_int(value):
        raise TypeError(f"expected a number of documents, not {value!r}")
    if value < at_least:
        raise ValueError(f"expected at least {at_least} documents, not {value}")
    return value
