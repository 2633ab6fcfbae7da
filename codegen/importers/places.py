"""Places in the source of an import: a document, and the steps into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from codegen.diagnostics import Span

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Steps: TypeAlias = "tuple[str | int, ...]"


class Positions(Protocol):
    """Where the parts of a document stand in its text."""

    def value(self, steps: Iterable[str | int]) -> Span | None:
        """The value at the end of the steps, or the innermost one around it that exists."""
        ...

    def key(self, steps: Iterable[str | int], name: str) -> Span | None:
        """The key `name` of the object at the end of the steps."""
        ...


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was read: its name for people, its value, and its places.

    `words` says what people call a place that stands in no text; without it, JSON pointers do.
    """

    name: str
    value: Json
    positions: Positions
    words: Callable[[Steps], str] | None = None

    def told(self, place: Place) -> str:
        """What people call a place of this document."""
        named = self.words(place.steps) if self.words else ""
        return named or place.pointer


@dataclass(frozen=True, slots=True)
class Place:
    """A value in one of the documents; `document` is the key that the sources know it by."""

    document: str
    steps: Steps = ()

    def inside(self, *steps: str | int) -> Place:
        return Place(self.document, (*self.steps, *steps))

    @property
    def pointer(self) -> str:
        """The JSON pointer of the place in its document, with the `#` before it."""
        return "#" + "".join(f"/{_escaped(str(step))}" for step in self.steps)


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
