"""Names for the types of a source, as a person would choose them, and their descriptions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from codegen.language.native_types import may_be_class

from ..places import Json, Place

_WORD: Final = re.compile(r"[A-Za-z0-9]+")
_MEANT: Final = frozenset(("int32", "int64", "integer", "float", "double", "number"))
"""Formats that are types of their own here, or say what `type` says."""
_MOST: Final = 60


@dataclass
class TypeNames:
    """One name for each place; `chosen` are those that the document's models have."""

    chosen: Mapping[Place, str]
    taken: set[str] = field(default_factory=set[str])
    _known: dict[Place, str] = field(default_factory=dict[Place, str])
    _any: dict[Place, str] = field(default_factory=dict[Place, str])

    def of(self, place: Place) -> str:
        """The name of the type at a place."""
        known = self._known.get(place)
        if known is None:
            known = self._known[place] = self._free(place)
        return known

    def place_of(self, name: str) -> Place | None:
        """The place whose type has a name."""
        named = {own: place for place, own in (self._any | self._known).items()}
        return named.get(name)

    def any_for(self, place: Place) -> str:
        """The name of what stands for the type at a place where it contains itself."""
        known = self._any.get(place)
        if known is None:
            known = self._any[place] = self.free(f"Any{self.of(place)}")
        return known

    def free(self, name: str) -> str:
        """The name, with a number behind it if it is taken; taken from now on."""
        free, number = name, 1
        while free in self.taken or not may_be_class(free):
            number += 1
            free = f"{name}{number}"
        self.taken.add(free)
        return free

    def _free(self, place: Place) -> str:
        chosen = self.chosen.get(place)
        words = [step for step in place.steps if isinstance(step, str)]
        own = class_name(chosen or (words[-1] if words else place.document))
        if own not in self.taken:
            return self.free(own)
        # `io.k8s.api.core.v1.Pod` and `…batch.v1.Pod`: what stands before tells them apart.
        parts = [p for p in re.split(r"[./]", words[-1] if words else "") if p]
        for count in range(2, len(parts) + 1):
            longer = class_name("_".join(parts[-count:]))
            if longer not in self.taken:
                return self.free(longer)
        return self.free(own)


def class_name(text: str) -> str:
    """A name for a class: `order-line` becomes `OrderLine`."""
    words: list[str] = _WORD.findall(text)
    name = "".join(word[0].upper() + word[1:] for word in words)[:_MOST]
    if not name or not name[0].isalpha():
        name = f"Type{name}"
    return name if may_be_class(name) else f"{name}Type"


def field_name(text: str) -> str:
    """A name for a table: `Order line` becomes `orderLine`."""
    name = class_name(text)
    upper = len(name) - len(name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    if 1 < upper < len(name):
        upper -= 1  # of `HTTPServer`, the S belongs to the next word
    return name[:upper].lower() + name[upper:]


def described(schema: Json) -> str:
    """What a schema says of itself for people, with its format if that has a meaning."""
    if not isinstance(schema, dict):
        return ""
    description, said = schema.get("description"), schema.get("format")
    text = _printable(description) if isinstance(description, str) else ""
    if (
        isinstance(said, str)
        and said.isprintable()
        and said not in _MEANT
        and said.strip()
    ):
        return f"{text} (format: {said})" if text else f"format: {said}"
    return text


def _printable(text: str) -> str:
    """The text without control characters, and without the indentation of its source."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    kept = "\n".join(lines).strip().replace("\t", "    ")
    return "".join(c for c in kept if c.isprintable() or c == "\n")
