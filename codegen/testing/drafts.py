"""New documents as they are drawn, before the documents that their ids are of."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any, Final, Generic

from codegen.ir.types import ANY, JsonValue
from codegen.runtime.documents import I, New
from codegen.runtime.errors import UniqueViolation

from .drawing import Drawing
from .kinds import Kind, Kinds
from .making import Maker
from .possibilities import CannotMake
from .unused_ids import UnusedIds

_MOST: Final = 1000
"""How many documents one may need."""


@dataclass(frozen=True, slots=True)
class Wanted(Generic[I]):
    """A document that is to be inserted; one of a rank needs documents of lower ranks only."""

    model: type[New[I]]
    kind: Kind
    given: dict[str, Any]
    rank: int | None = None


class Draft(Generic[I]):
    """A document that was drawn, with unused ids in the places of those that it needs."""

    def __init__(
        self,
        wanted: Wanted[I],
        maker: Maker,
        drawn: Mapping[str, JsonValue],
        needed: Mapping[str, Wanted[Any]],
    ) -> None:
        """`needed` is what is to be inserted for each of the unused ids."""
        self._wanted = wanted
        self._maker = maker
        self._drawn = drawn
        self.needed: Final = needed
        self._ids: dict[str, str] = {}

    @contextmanager
    def saying_why(self, unused: str) -> Generator[None]:
        """Says which field is to be given where the document for an id can't be made."""
        try:
            yield
        except UniqueViolation as error:
            table = self.needed[unused].kind.table
            reason = (
                f"every new document of `{table}` has values that are in the unique"
                f" index `{error.index}` already"
            )
            raise self._failure(unused, reason) from error
        except CannotMake as error:
            raise self._failure(unused, error.reason) from error

    def refer(self, unused: str, id: str) -> None:
        """The id of a document that is there, for an unused one."""
        self._ids[unused] = id

    def document(self) -> New[I]:
        """The document; see `Maker.make` for what it raises."""
        wanted = self._wanted
        drawn = {name: _with(self._ids, value) for name, value in self._drawn.items()}
        return self._maker.made(wanted.model, wanted.kind, drawn, wanted.given)

    def _failure(self, unused: str, reason: str) -> CannotMake:
        field = next(name for name, v in self._drawn.items() if unused in str(v))
        return self._maker.failure(self._wanted.model, field, reason)


class Drafts:
    """Draws a document, and all that it needs."""

    def __init__(self, kinds: Kinds, random: Random) -> None:
        self._kinds = kinds
        self._random = random
        self._unused = UnusedIds(kinds.schema, random)
        self._count = 0

    def wanted(self, model: type[New[I]], given: dict[str, Any]) -> Wanted[I]:
        """The document that is asked for; a `TypeError` for another class."""
        kind = self._kinds.of_class(model)
        if model is not kind.new:
            raise TypeError(f"`{model.__name__}` is not a class of new documents")
        return Wanted(model, kind, given)

    def draft(self, wanted: Wanted[I]) -> Draft[I]:
        """The document with other values each time."""
        needed: dict[str, Wanted[Any]] = {}

        def id_of(table: str) -> str:
            id = self._unused(table)
            # There is no document of a table that is Convex's own.
            if table in self._kinds.schema.tables:
                needed[id] = self._needed(table)
            return id

        possibilities = self._kinds.possibilities
        rank = wanted.rank
        depth = possibilities.top if rank is None else rank
        drawing = Drawing(
            possibilities, self._random, id_of, depth, sparing=rank is not None
        )
        maker = Maker(possibilities, drawing, depth)
        drawn = maker.drawn(wanted.model, wanted.kind, wanted.given)
        return Draft(wanted, maker, drawn, needed)

    def _needed(self, table: str) -> Wanted[Any]:
        self._count += 1
        if self._count > _MOST:
            raise CannotMake(f"it needs more than {_MOST} other documents")
        possibilities = self._kinds.possibilities
        rank = possibilities.ranks[table]
        can_be = [
            kind
            for kind in self._kinds.of_table(table)
            if not possibilities.obstacle(kind.shape or ANY, rank)
        ]
        kind = self._random.choice(can_be)
        return Wanted(kind.new, kind, {}, rank)


def _with(ids: Mapping[str, str], value: JsonValue) -> JsonValue:
    """A value of JSON with other ids, also in the keys of objects."""
    if isinstance(value, str):
        return ids.get(value, value)
    if isinstance(value, list):
        return [_with(ids, item) for item in value]
    if isinstance(value, dict):
        return {ids.get(name, name): _with(ids, item) for name, item in value.items()}
    return value
