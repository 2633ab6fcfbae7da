"""Random values of a type, in encoded JSON: ordinary ones, such as most tests want."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from codegen.ir.types import (
    ANY,
    BIGINT,
    BOOLEAN,
    BYTES,
    COMMIT_TS,
    NUMBER,
    STRING,
    Array,
    Constraint,
    Doc,
    Field,
    Id,
    JsonValue,
    Literal,
    Object,
    Record,
    Type,
    Union,
)
from codegen.ir.values import MAX_FIELDS, Value, encode

from .possibilities import CannotMake, Depth, Possibilities
from .restrictions import Lengths, integer, number, text, without_constraints, word

_PRESENT: Final = 0.7
"""How often an optional field is there."""
_TRIES_FOR_KEYS: Final = 50


class Drawing:
    """Draws the values of one document. What it draws must have no obstacle at its depth."""

    def __init__(
        self,
        possibilities: Possibilities,
        random: Random,
        id_of: Callable[[str], str],
        depth: Depth,
        *,
        sparing: bool = False,
    ) -> None:
        """`id_of` gives the ids of a table's documents; a `sparing` one asks for few of them."""
        self._possibilities = possibilities
        self._random = random
        self._id_of = id_of
        self._depth = depth
        self._sparing = sparing

    def wants(self, field: Field) -> bool:
        """Whether a field is there this time: the required ones always are."""
        if not field.optional:
            return True
        present = self._random.random() < _PRESENT
        spared = self._sparing and self._possibilities.has_ids(field.type)
        return present and not spared and self._can(field.type)

    def value(self, node: Type) -> JsonValue:
        inner, constraints = without_constraints(node, self._possibilities.schema)
        if isinstance(inner, Literal):
            return encode(inner.value)
        if isinstance(inner, Id):
            return self._id_of(inner.table)
        if isinstance(inner, Union):
            return self.value(self._arm(inner))
        if isinstance(inner, Array):
            size = self._size(inner.element, Lengths.of(constraints))
            return [self.value(inner.element) for _ in range(size)]
        if isinstance(inner, Record):
            return self._record(inner, Lengths.of(constraints, MAX_FIELDS))
        if isinstance(inner, Object):
            wanted = [field for field in inner.fields if self.wants(field)]
            return {field.name: self.value(field.type) for field in wanted}
        assert not isinstance(inner, Doc), "whole documents belong to functions only"
        if inner == ANY:
            return self._anything()
        return encode(self._scalar(inner, constraints))

    def _scalar(self, node: Type, constraints: tuple[Constraint, ...]) -> Value:
        random = self._random
        if node == STRING:
            made = text(constraints, random)
            return self._possibilities.sample(constraints) if made is None else made
        if node == NUMBER:
            return number(constraints, random)
        if node == BIGINT:
            return integer(constraints, random)
        if node == BOOLEAN:
            return random.random() < 0.5
        if node == BYTES:
            return random.randbytes(Lengths.of(constraints).draw(random, range(1, 9)))
        if node == COMMIT_TS:
            return random.randrange(10**18)
        return None

    def _arm(self, union: Union) -> Type:
        arms = [arm for arm in union.arms if self._can(arm)]
        if self._sparing:
            arms = [a for a in arms if not self._possibilities.has_ids(a)] or arms
        return self._random.choice(arms)

    def _size(self, item: Type, lengths: Lengths) -> int:
        spared = self._sparing and self._possibilities.has_ids(item)
        if spared or not self._can(item):
            return lengths.least
        return lengths.draw(self._random)

    def _record(self, node: Record, lengths: Lengths) -> JsonValue:
        spared = self._sparing and self._possibilities.has_ids(node.key)
        size = lengths.least
        if not spared and self._can(node.key):
            size = self._size(node.value, lengths)
        made: dict[str, JsonValue] = {}
        for _ in range(size + _TRIES_FOR_KEYS):
            if len(made) >= size:
                break
            key = self.value(node.key)
            # A key can't begin as the wire's own forms do.
            if isinstance(key, str) and key not in made and _is_key(key):
                made[key] = self.value(node.value)
        if len(made) < lengths.least:
            raise CannotMake(f"no {lengths.least} different keys were found")
        return made

    def _anything(self) -> JsonValue:
        random = self._random
        plain: list[Value] = [
            *(word(random), number((), random), random.random() < 0.5, None),
        ]
        kinds: list[Value] = [*plain, random.sample(plain, 2), {word(random): plain[1]}]
        return encode(random.choice(kinds))

    def _can(self, node: Type) -> bool:
        return self._possibilities.obstacle(node, self._depth) is None


def _is_key(text: str) -> bool:
    return text.isascii() and text.isprintable() and not text.startswith("$")
