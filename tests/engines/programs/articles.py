"""What searches for articles must find: told by the simplest rules that could."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from codegen.runtime import ABSENT, REMOVE

_LONGEST_BYTES: Final = 31
_MOST_WORDS: Final = 16

Fields = Mapping[str, Any]


class Articles:
    """The fields of all articles by their names, the oldest first."""

    def __init__(self) -> None:
        self._fields: dict[str, Fields] = {}
        self._count = 0

    def named(self, fields: Fields) -> str:
        """The name of a new article."""
        self._count += 1
        name = f"article {self._count}"
        self._fields[name] = fields
        return name

    def name_at(self, number: int) -> str | None:
        """The name of some article, if there is any."""
        names = [*self._fields]
        return names[number % len(names)] if names else None

    def changed(self, name: str, changes: Fields) -> None:
        fields = {**self._fields[name], **changes}
        self.replaced(name, {n: v for n, v in fields.items() if v is not REMOVE})

    def replaced(self, name: str, fields: Fields) -> None:
        self._fields[name] = fields

    def deleted(self, name: str) -> None:
        del self._fields[name]

    def mark(self) -> Callable[[], None]:
        """What has to be called when all that comes from now on is undone."""
        before = {**self._fields}

        def undo() -> None:
            self._fields = before

        return undo

    def text_of(self, name: str) -> str:
        return self._fields[name].get("text") or ""

    def with_words(self, text: str, kinds: Collection[object]) -> list[str]:
        """The names of those that a search finds, the newest first."""
        newest_first = reversed(self._of_kinds(kinds))
        return [name for name in newest_first if _finds(text, self.text_of(name))]

    def nearest(
        self, vector: Sequence[float], kinds: Collection[object]
    ) -> list[tuple[str, float]]:
        """All that have a direction, with their scores: the nearest first, then the newest."""
        vectors = {
            name: self._fields[name].get("vector", ()) for name in self._of_kinds(kinds)
        }
        scored = [
            (name, _cosine(vectors[name], vector))
            for name in reversed(vectors)
            if len(vectors[name]) == len(vector)
            and 0 < math.hypot(*vectors[name]) < math.inf
        ]
        return sorted(scored, key=lambda one: -round(one[1], 6))

    def _of_kinds(self, kinds: Collection[object]) -> list[str]:
        return [
            name
            for name, fields in self._fields.items()
            if fields.get("kind", ABSENT) in kinds
        ]


def _finds(asked: str, text: str) -> bool:
    words, terms = _words(text), _words(asked)[:_MOST_WORDS]
    whole = not {*words}.isdisjoint(terms)
    return whole or any(word.startswith(tuple(terms[-1:])) for word in words)


def _words(text: str) -> list[str]:
    words = re.findall(r"[^\W_]+", text.lower())
    return [word for word in words if len(word.encode()) <= _LONGEST_BYTES]


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    product = sum(a * b for a, b in zip(one, other, strict=True))
    return product / math.hypot(*one) / math.hypot(*other)
