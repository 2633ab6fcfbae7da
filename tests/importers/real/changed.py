"""Documents that are one change away from another: what refuses too little takes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from .json_values import parts, replaced
from .places import Pointer

_STRANGERS: Final[tuple[Any, ...]] = (
    *(None, "unheard of", 0.5, True, 1, ["a"], {"unheardOf": 1}, [0.5], -1, {"a": "b"}),
    *("", [], {}, 0, [None], {"a": 0.5}, 10**7, "a", "x" * 300, "\n"),
)
"""The first ones are of different types."""
_BOUNDS: Final = {
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
_LENGTHS: Final = {"minLength", "maxLength"}
_ANY: Final = "*"
"""In the place of a position, or of a key that is one of many."""


def telling(schema: Any) -> list[Any]:
    """The values on which a schema's verdict turns: those that it lists, and those at its bounds."""
    found: list[Any] = []
    for pointer, value in parts(schema):
        key = pointer[-1] if pointer else ""
        if key == "enum" and isinstance(value, list):
            found += value
        elif key in ("const", "default"):
            found.append(value)
        elif key in _BOUNDS and isinstance(value, (int, float)):
            found += [value - 1, value, value + 1, value + 0.5]
        elif key in _LENGTHS and isinstance(value, int) and value < 5000:
            found += ["y" * value, "y" * (value + 1), "y" * max(0, value - 1)]
    return found[:400]


@dataclass
class Changes:
    """Makes changes; at first those that were not yet made at such a place."""

    telling_values: list[Any]
    random: Random
    _made: set[tuple[Pointer, str]] = field(default_factory=set)

    def of(self, document: Any, count: int) -> Iterator[Any]:
        """Documents with one change each, no two at one place if there are enough places."""
        places = list(parts(document))
        self.random.shuffle(places)
        for pointer, value in places[:count]:
            yield replaced(document, pointer, self._other(pointer, value))
        for _ in range(count - len(places)):
            pointer, value = self.random.choice(places)
            yield replaced(document, pointer, self._other(pointer, value))

    def _other(self, pointer: Pointer, value: Any) -> Any:
        """The first change that was not made at such a place yet; else any."""
        others = list(self._others(value))
        for name, other in others:
            what = (_collapsed(pointer), name)
            if what not in self._made:
                self._made.add(what)
                return other
        return self.random.choice(others)[1]

    def _others(self, value: Any) -> Iterator[tuple[str, Any]]:
        """What could stand in the place of a value, by the name of the change."""
        if isinstance(value, dict):
            for gone in value:
                rest = {key: inner for key, inner in value.items() if key != gone}
                yield f"without {gone}", rest
            for extra in ("unheardOf", "x-a"):
                yield f"with {extra}", {**value, extra: self.random.choice(("a", 1))}
        elif isinstance(value, list):
            yield "shorter", value[1:]
            yield "longer", value * 4
            yield "twice", value + value[-1:]
        elif isinstance(value, str):
            for number, text in enumerate((value + "x", value[1:], " " + value)):
                yield f"text {number}", text
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            for number, other in enumerate((-value, value + 0.5, value + 1)):
                yield f"number {number}", other
        for stranger in _STRANGERS:
            yield repr(stranger)[:20], stranger
        if self.telling_values:
            some = min(len(self.telling_values), 4)
            for one in self.random.sample(self.telling_values, some):
                yield repr(one)[:40], one


def _collapsed(pointer: Pointer) -> Pointer:
    return tuple(_ANY if isinstance(step, int) else step for step in pointer)
