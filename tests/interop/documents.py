"""Documents of a schema, and what is one change away from them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from codegen.ir.fitting import fits
from codegen.ir.model import Schema
from codegen.ir.types import (
    ANY,
    STRING,
    Array,
    Constrained,
    Doc,
    Id,
    JsonValue,
    Literal,
    Named,
    Object,
    Record,
    Scalar,
    Type,
    Union,
)
from codegen.ir.values import Value, encode
from codegen.ir.whole_documents import whole_document

SCALARS: dict[str, list[Value]] = {
    "string": ["", "a", "bc", "abc-1", "b-2", "kind", "\n", "é🔥", "x" * 40],
    "number": [
        0.0,
        1.0,
        -1.0,
        0.5,
        3.25,
        -7.0,
        1e16,
        -0.0,
        math.inf,
        -math.inf,
        math.nan,
    ],
    "boolean": [True, False],
    "null": [None],
    "bytes": [b"", b"\xff", b"ab", b"\xfb\xff\xfe", b"abcd", b"abcde", b"abcdef"],
    "bigint": [0, 1, 5, -1, 2**53 + 1, 2**63 - 1, -(2**63)],
}
_COLLECTIONS: list[Value] = [[], [1.0, [2, b""]], {}, {"a": {"": [None]}}, {"~!": 1}]
SCALARS["commitTs"] = SCALARS["bigint"]
SCALARS["any"] = [*(one for kind in SCALARS.values() for one in kind), *_COLLECTIONS]

_FORMS: list[Value] = [0, 1, 2**63 - 1, b"", b"ab", -0.0, math.nan, math.inf, -math.inf]
_PLAIN: list[JsonValue] = [
    *(None, True, False, 0, 1, 1.0, 1.5, -4, 1e16, "", "a", "nothing like it"),
]
STRANGERS: list[JsonValue] = [
    *_PLAIN,
    *(encode(value) for value in _FORMS),
    [],
    [None],
    ["a"],
    [0.5],
    {},
    {"a": "b"},
    {"a": None},
    {"unheardOf": 1},
    {"$float": "AAAAAAAA+H8="},  # another NaN
    {"$float": "AQAAAAAA8P8="},  # and one more
    {"$float": "AAAAAAAA8D8="},  # 1.0
    {"$float": "AAAAAAAA8H9="},  # stray bits
    {"$float": "AAAAAAAA8H8"},
    {"$float": 1.5},
    {"$integer": "AAAAAAAAAAB="},
    {"$integer": "AAAAAAAAAAA"},
    {"$integer": "AAAAAAAA"},
    {"$integer": "-_AAAAAAAAA="},
    {"$integer": 1},
    {"$integer": "AAAAAAAAAAA=", "a": 1},
    {"$bytes": "YQ="},
    {"$bytes": "YR=="},
    {"$bytes": "YWJ="},
    {"$bytes": "YWJj", "b": ""},
    {"$bytes": None},
    {"$x": 1},
    {"$": "a"},
    {"é": 1},
    {"a\tb": "b"},
    {"x" * 1025: "b"},
    [{"$x": None}],
    {"a": {"$undefined": None}},
]
"""What stands where it does not belong: most types refuse most of these."""


@dataclass(frozen=True)
class Sampler:
    """Draws values that fit a type, in encoded JSON."""

    schema: Schema
    random: Random

    def draw_document(self, document: Type) -> dict[str, JsonValue]:
        """The fields of a document; none if there can't be one."""
        try:
            drawn = self.draw(Record(STRING, ANY) if document == ANY else document)
        except LookupError:
            return {}
        assert isinstance(drawn, dict)
        return drawn

    def draw(self, node: Type) -> JsonValue:
        """Raises `LookupError` if it finds no value."""
        if isinstance(node, Scalar):
            return encode(self.random.choice(SCALARS[node.kind]))
        if isinstance(node, Literal):
            return encode(node.value)
        if isinstance(node, Id):
            return "".join(self.random.choices("0123456789abcdefgh", k=31))
        if isinstance(node, Named):
            return self.draw(self.schema.types[node.name].type)
        if isinstance(node, Doc):
            return self.draw(whole_document(node.table, self.schema))
        if isinstance(node, Union):
            for arm in self.random.sample(node.arms, len(node.arms)):
                with suppress(LookupError):
                    return self.draw(arm)
            raise LookupError("a union without values")
        if isinstance(node, Array):
            with suppress(LookupError):
                return [self.draw(node.element) for _ in self._few()]
            return []
        if isinstance(node, Record):
            with suppress(LookupError):
                return self._fitting(node, lambda: self._draw_record(node))
            return {}
        if isinstance(node, Constrained):
            return self._fitting(node, lambda: self.draw(node.inner))
        return self._draw_object(node)

    def _draw_object(self, node: Object) -> dict[str, JsonValue]:
        drawn: dict[str, JsonValue] = {}
        for field in node.fields:
            if not field.optional:
                drawn[field.name] = self.draw(field.type)
            elif self.random.random() < 0.7:
                with suppress(LookupError):
                    drawn[field.name] = self.draw(field.type)
        return drawn

    def _draw_record(self, node: Record) -> JsonValue:
        return {str(self.draw(node.key)): self.draw(node.value) for _ in self._few()}

    def _few(self) -> range:
        return range(self.random.choice((0, 1, 1, 2)))

    def _fitting(self, node: Type, draw: Callable[[], JsonValue]) -> JsonValue:
        for _ in range(1000):
            value = draw()
            if fits(value, node, self.schema):
                return value
        raise LookupError(f"no value of {node}")


def changes(value: JsonValue) -> Iterator[JsonValue]:
    """The values that one change makes of this one: a stranger, something more or less."""
    yield from STRANGERS
    if isinstance(value, list):
        yield [*value, *value]
        for place, item in enumerate(value):
            for changed in changes(item):
                yield [*value[:place], changed, *value[place + 1 :]]
    elif isinstance(value, dict):
        for extra in ("unheardOf", "_x", "$x", ""):
            yield {**value, extra: "a"}
        for name, item in value.items():
            yield {other: kept for other, kept in value.items() if other != name}
            for changed in changes(item):
                yield {**value, name: changed}
