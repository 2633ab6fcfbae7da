"""Inserts a document after those that its ids refer to."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from codegen.ir.types import ANY
from codegen.runtime.database import Db
from codegen.runtime.documents import I, New
from codegen.runtime.errors import UniqueViolation

from .drawing import Drawing
from .kinds import Kind, Kinds
from .making import Maker
from .possibilities import CannotMake
from .unused_ids import UnusedIds

_TRIES: Final = 20
"""How often a document is made anew because a unique index has its values."""
_MOST: Final = 1000
"""How many documents one may need."""


class Insertion:
    """One document, and all that it needs."""

    def __init__(self, kinds: Kinds, db: Db, random: Random) -> None:
        self._kinds = kinds
        self._db = db
        self._random = random
        self._unused = UnusedIds(kinds.schema, random)
        self._needed = 0

    def insert(self, model: type[New[I]], fields: dict[str, Any]) -> I:
        """The document itself; see `Factory.insert`."""
        kind = self._kinds.of_class(model)
        if model is not kind.new:
            raise TypeError(f"`{model.__name__}` is not a class of new documents")
        return self._inserted(model, kind, fields, None)

    def _needed_id(self, table: str) -> str:
        """The id of a new document for another one, or any of a table that is Convex's own."""
        if table not in self._kinds.schema.tables:
            return self._unused(table)
        self._needed += 1
        if self._needed > _MOST:
            raise CannotMake(f"it needs more than {_MOST} other documents")
        rank = self._kinds.possibilities.ranks[table]
        can_be = [
            kind
            for kind in self._kinds.of_table(table)
            if not self._kinds.possibilities.obstacle(kind.shape or ANY, rank)
        ]
        kind = self._random.choice(can_be)
        try:
            return str(self._inserted(kind.new, kind, {}, rank))
        except UniqueViolation as error:
            raise CannotMake(
                f"every new document of `{table}` has values that are in the unique"
                f" index `{error.index}` already"
            ) from error

    def _inserted(
        self, model: type[New[I]], kind: Kind, fields: dict[str, Any], rank: int | None
    ) -> I:
        """The id of a new document; one of a rank needs documents of lower ranks only."""
        possibilities = self._kinds.possibilities
        depth = possibilities.top if rank is None else rank
        drawing = Drawing(
            possibilities,
            self._random,
            self._needed_id,
            depth,
            sparing=rank is not None,
        )
        maker = Maker(possibilities, drawing, depth)
        tries = 0
        while True:
            tries += 1
            try:
                with self._db.transaction():
                    return self._db.insert(maker.make(model, kind, fields))
            except UniqueViolation:
                if tries == _TRIES:
                    raise
