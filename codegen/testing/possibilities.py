"""Which documents can be made, and why others can't."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Final, TypeAlias

from codegen.ir.model import Schema
from codegen.ir.notation import constraint_notation
from codegen.ir.types import (
    STRING,
    Array,
    Constrained,
    Constraint,
    Id,
    Named,
    Object,
    Record,
    Type,
    Union,
)

from .restrictions import Lengths, text, without_constraints

Depth: TypeAlias = int | None
"""What ids there are: of tables of a lower rank; None is of all, without their documents."""


class CannotMake(ValueError):
    """No valid document was found; the message says which field to give.

    `reason` is the message without the advice, for the document that needs this one.
    """

    def __init__(self, reason: str, advice: str = "") -> None:
        super().__init__(f"{reason}. {advice}" if advice else reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a value can't be made: the way to the place, such as `.a[]`, and the reason.

    `table` is the one of which there can be no document yet.
    """

    way: str
    reason: str
    table: str | None = None


class Possibilities:
    """What can be made of a schema.

    A table has rank 0 when a document of it needs no other document, and rank n when it needs
    some of ranks below. Tables that need each other have none.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema: Final = schema
        self.ranks: Final[dict[str, int]] = {}
        # The schema keeps its types, so none has the place of another in memory.
        self._known: dict[tuple[int, Depth], Obstacle | None] = {}
        self._with_ids: dict[int, bool] = {}
        self._samples: dict[tuple[Constraint, ...], str | None] = {}
        self.top: Final = self._rank()
        """The depth at which documents of all tables with a rank are at hand."""

    def _rank(self) -> int:
        depth = 0
        while True:
            found = [
                name
                for name, table in self.schema.tables.items()
                if name not in self.ranks
                and self.obstacle(table.document, depth) is None
            ]
            if not found:
                return depth
            self.ranks.update(dict.fromkeys(found, depth))
            depth += 1

    def obstacle(self, node: Type, depth: Depth) -> Obstacle | None:
        """The first thing in a type that stands in the way; None if there is nothing."""
        key = (id(node), depth)
        if key not in self._known:
            self._known[key] = self._obstacle(node, depth)
        return self._known[key]

    def has_ids(self, node: Type) -> bool:
        """Whether values of a type have ids of the schema's tables inside."""
        known = self._with_ids.get(id(node))
        if known is None:
            known = self._with_ids[id(node)] = self._has_ids(node)
        return known

    def sample(self, constraints: tuple[Constraint, ...]) -> str | None:
        """A text that keeps the constraints, always the same one; None if none is found."""
        if constraints not in self._samples:
            self._samples[constraints] = text(constraints, Random(0))
        return self._samples[constraints]

    def _obstacle(self, node: Type, depth: Depth) -> Obstacle | None:
        if isinstance(node, (Constrained, Named)):
            inner, constraints = without_constraints(node, self.schema)
            return self._restricted(inner, constraints, depth)
        if isinstance(node, Id):
            return self._of_id(node.table, depth)
        if isinstance(node, Union):
            found = [self.obstacle(arm, depth) for arm in node.arms]
            if found:
                return None if None in found else found[0]
            return Obstacle("", "there is no value of type `Never`")
        if isinstance(node, Object):
            for field in node.fields:
                inside = None if field.optional else self.obstacle(field.type, depth)
                if inside:
                    return replace(inside, way=f".{field.name}{inside.way}")
        return None

    def _restricted(
        self, inner: Type, constraints: tuple[Constraint, ...], depth: Depth
    ) -> Obstacle | None:
        if inner == STRING and any(c.kind == "pattern" for c in constraints):
            if self.sample(constraints) is None:
                marks = " and ".join(map(constraint_notation, constraints))
                return Obstacle("", f"no text was found for {marks}")
            return None
        if isinstance(inner, (Array, Record)) and Lengths.of(constraints).least:
            parts = (
                (inner.element,)
                if isinstance(inner, Array)
                else (inner.key, inner.value)
            )
            for part in parts:
                if inside := self.obstacle(part, depth):
                    return replace(inside, way=f"[]{inside.way}")
            return None
        return self.obstacle(inner, depth)

    def _of_id(self, table: str, depth: Depth) -> Obstacle | None:
        if depth is None or table.startswith("_"):
            return None
        if table not in self.schema.tables:
            return Obstacle("", f"the schema has no table `{table}`")
        if self.ranks.get(table, depth) < depth:
            return None
        return Obstacle("", "", table)

    def explained(self, obstacle: Obstacle) -> str:
        """An obstacle in words, where its documents were to be inserted."""
        seen: list[str] = []
        while obstacle.table is not None and obstacle.table not in seen:
            seen.append(obstacle.table)
            document = self.schema.tables[obstacle.table].document
            following = self.obstacle(document, self.top)
            assert following is not None, "a table without a rank"
            obstacle = following
        if obstacle.table is None:
            needed = "".join(f"it needs a document of `{table}`: " for table in seen)
            place = f"`{obstacle.way[1:]}` there: " if seen and obstacle.way else ""
            return f"{needed}{place}{obstacle.reason}"
        circle = [*seen[seen.index(obstacle.table) :], obstacle.table]
        needs = ", which needs one of ".join(f"`{table}`" for table in circle[1:])
        return f"a document of `{circle[0]}` needs one of {needs}"

    def _has_ids(self, node: Type) -> bool:
        inner, _ = without_constraints(node, self.schema)
        if isinstance(inner, Id):
            return not inner.table.startswith("_")
        if isinstance(inner, Union):
            return any(map(self.has_ids, inner.arms))
        if isinstance(inner, Array):
            return self.has_ids(inner.element)
        if isinstance(inner, Record):
            return self.has_ids(inner.key) or self.has_ids(inner.value)
        return isinstance(inner, Object) and any(
            self.has_ids(field.type) for field in inner.fields
        )
