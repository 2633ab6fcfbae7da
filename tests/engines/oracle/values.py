"""Random values in the encoded form: often the same ones, and all that are hard to order."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from codegen.ir.types import ANY, Id, JsonValue, Scalar, Type
from codegen.ir.values import Value, encode
from tests.engines.oracle.steps import Fields
from tests.interop.documents import Sampler

UNDEFINED: Final[JsonValue] = {"$undefined": None}

_FLOATS: Final = (
    *(0.0, -0.0, 1.0, -1.0, 2.0, 0.1, 5e-324, -5e-324, 2.2250738585072014e-308),
    *(2.0**53, 2.0**53 + 2, 1e16, 1.7976931348623157e308, -1.7976931348623157e308),
    *(math.inf, -math.inf, math.nan),
)
# Around every number of bytes that an int64 may take.
_INTEGERS: Final = (
    *(0, 1, -1, 2, 127, 128, -128, -129, 255, 256, 2**15 - 1, 2**15, -(2**15) - 1),
    *(2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**53 + 1, 2**63 - 1, -(2**63)),
)
_STRINGS: Final = (
    *("", "a", "b", "aa", "ab", "B", "\x00", "a\x00", "a\x00b", "\x01", "a\x01"),
    *("é", "e\u0301", "\x7f", "\x80", "\ud7ff", "\uffff", "\U00010000", "🔥", "\uff5e"),
    *("10", "9", "null", '"', "\\", "\n", "_id", "x" * 300),
    # Keys that differ only behind what an index of PostgreSQL holds.
    *("x" * 2100, "x" * 2100 + "\x00", "x" * 2100 + "a"),
)
_BYTES: Final = (
    b"",
    b"\x00",
    b"\x00\x00",
    b"\x00\xff",
    b"\x01",
    b"a",
    b"a\x00",
    b"\xff",
)
_NAMES: Final = ("", "a", "b", "aa", "B", "10", "9", "_id", "x y", "~", "d")

_POOLS: Final[dict[str, Sequence[Value]]] = {
    "null": (None,),
    "bigint": _INTEGERS,
    "number": _FLOATS,
    "boolean": (False, True),
    "string": _STRINGS,
    "bytes": _BYTES,
}


def any_value(random: Random, depth: int = 0) -> Value:
    """A value of any type, in Python form: an `int` is an int64."""
    kind = random.randrange(8 if depth < 3 else 6)
    if kind == 7:
        names = random.sample(_NAMES, random.choice((0, 1, 1, 2, 3)))
        return {name: any_value(random, depth + 1) for name in names}
    if kind == 6:
        count = random.choice((0, 1, 1, 2, 3))
        return [any_value(random, depth + 1) for _ in range(count)]
    return _scalar(random, [*_POOLS][kind])


def _scalar(random: Random, kind: str) -> Value:
    if random.random() < 0.85:
        return random.choice(_POOLS[kind])
    match kind:
        case "bigint":
            return random.getrandbits(random.randrange(1, 64)) * random.choice((1, -1))
        case "number":
            number: float = struct.unpack("<d", random.randbytes(8))[0]
            # JavaScript does not tell one NaN from another.
            return math.nan if math.isnan(number) else number
        case "string":
            alphabet = "\x00\x01ab~é\uffff\U00010000🔥"
            return "".join(random.choices(alphabet, k=random.randrange(6)))
        case "bytes":
            return bytes(random.choices(b"\x00\x01a\xfe\xff", k=random.randrange(6)))
        case _:
            return random.choice(_POOLS[kind])


@dataclass(frozen=True)
class Values(Sampler):
    """Draws what fits a type; ids are of documents by `names`, which has them by table."""

    names: Mapping[str, Sequence[str]]

    def draw(self, node: Type) -> JsonValue:
        if isinstance(node, Scalar):
            if node.kind == "any":
                return encode(any_value(self.random))
            return encode(_scalar(self.random, node.kind))
        if isinstance(node, Id):
            if not self.names[node.table]:
                raise LookupError("no document to refer to")
            return {"$ref": self.random.choice(self.names[node.table])}
        return super().draw(node)

    def draw_document(self, document: Type) -> dict[str, JsonValue]:
        if document != ANY:
            return super().draw_document(document)
        names = self.random.sample(("a", "b", "c", "d", "d e"), 3)
        value = {name: encode(any_value(self.random)) for name in names}
        if self.random.random() < 0.6:
            value["a"] = {"b": encode(any_value(self.random))}
        return value

    def changed_fields(self, value: Fields) -> Fields:
        """The fields with one change somewhere: something else, something more or less."""
        way = self.random.random()
        if not value or way < 0.1:
            return {**value, "unheardOf": encode(any_value(self.random))}
        name = self.random.choice([*value])
        if way < 0.3:
            return {other: kept for other, kept in value.items() if other != name}
        return {**value, name: self._changed(value[name])}

    def _changed(self, value: JsonValue) -> JsonValue:
        deeper = self.random.random() < 0.8
        if deeper and isinstance(value, list) and value:
            place = self.random.randrange(len(value))
            return [*value[:place], self._changed(value[place]), *value[place + 1 :]]
        if deeper and isinstance(value, dict) and not _is_form(value):
            return self.changed_fields(value)
        if isinstance(value, dict) and "$ref" in value and self.random.random() < 0.5:
            tables = [table for table, names in self.names.items() if names]
            return self.draw(Id(self.random.choice(tables)))
        return encode(any_value(self.random))


def _is_form(value: dict[str, JsonValue]) -> bool:
    """Whether it stands for something that JSON has no word for."""
    return any(name.startswith("$") for name in value)


def at(value: JsonValue, path: str) -> JsonValue:
    """What is at a path of a document, or that nothing is."""
    for name in path.split("."):
        if not isinstance(value, dict) or name not in value:
            return UNDEFINED
        value = value[name]
    return value
