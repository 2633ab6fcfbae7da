"""What an import can't carry over, said at its place in the source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from codegen.diagnostics import Diagnostic, Diagnostics, Span

from .places import Document, Place

KEYWORD: Final = "W801"
OPEN: Final = "W802"
ASSUMED: Final = "W803"
PATTERN: Final = "W804"
RECURSIVE: Final = "W805"
NAME: Final = "W806"
EXCLUSIVE: Final = "W807"
READING: Final = "W808"
DEFAULT: Final = "W809"
AS_ID: Final = "W810"
IMPOSSIBLE: Final = "W811"
MALFORMED: Final = "W812"
KEYS: Final = "W813"
JOINT: Final = "W814"
OWN_ID: Final = "W810 own"
ARGUMENTS: Final = "W801 arguments"
BITS: Final = "W801 bits"
"""What is counted: a code, and with several for one code a word behind it."""


@dataclass
class _Counted:
    """What is said once: how often it is, and where first."""

    first: Span | None
    where: str
    """The place in words, if it has no span."""
    places: set[Place] = field(default_factory=set[Place])


@dataclass
class Losses:
    """Collects losses; the same one at the same place counts once."""

    documents: dict[str, Document]
    diagnostics: Diagnostics
    _said: set[tuple[str, Place, str]] = field(
        default_factory=set[tuple[str, Place, str]]
    )
    _counted: dict[str, _Counted] = field(default_factory=dict[str, _Counted])

    def span(self, place: Place, keyword: str = "") -> Span | None:
        """Where a value, or a key of it, stands."""
        positions = self.documents[place.document].positions
        if keyword:
            return positions.key(place.steps, keyword)
        return positions.value(place.steps)

    def lost(
        self, code: str, place: Place, message: str, keyword: str = "", hint: str = ""
    ) -> None:
        """`keyword` is the key of the schema at `place` that the loss is about."""
        key = (code, place, message)
        if key in self._said:
            return
        self._said.add(key)
        span = self.span(place, keyword)
        if span is None:
            inner = place.inside(keyword) if keyword else place
            message = f"{self.documents[place.document].told(inner)}: {message}"
        self.diagnostics.add(Diagnostic(code, message, span, hint))

    def failed(
        self, code: str, place: Place, message: str, keyword: str = "", hint: str = ""
    ) -> None:
        """An error at a place; reported once like a loss."""
        self.lost(code, place, message, keyword, hint)

    def count(self, what: str, place: Place, keyword: str = "") -> None:
        """One of the many places of something that is said once at the end."""
        counted = self._counted.get(what)
        if counted is None:
            span = self.span(place, keyword)
            told = self.documents[place.document].told(place)
            where = "" if span else f"{told}: "
            counted = self._counted[what] = _Counted(span, where)
        counted.places.add(place)

    def say_counted(self) -> None:
        """Says what was counted, each at its first place."""
        for what, counted in self._counted.items():
            number = len(counted.places)
            message, hint = _WORDS[what]
            told = counted.where + message.format(
                number=f"{number:,}", **(_ONE if number == 1 else _MANY)
            )
            self.diagnostics.add(Diagnostic(what[:4], told, counted.first, hint))


_ONE: Final = {"s": "", "takes": "s", "are": "is", "they": "it is"}
_MANY: Final = {"s": "s", "takes": "", "are": "are", "they": "they are"}
_WORDS: Final = {
    OPEN: (
        "{number} object{s} of the source may have other fields, too; here {they} closed",
        "the schema language has no objects that take unknown fields, but `dict[str, T]`",
    ),
    READING: (
        "Python reads {number} pattern{s} more widely outside of ASCII or before a last line end",
        r"`\d`, `\w`, `\s`, `\b` and `.` take more characters, and `$` a line end behind",
    ),
    OWN_ID: (
        "{number} `id` field{s} of types that are tables {are} left out: a document has its `_id`",
        "--references embed keeps them",
    ),
    ARGUMENTS: (
        "{number} field{s} of the source take{takes} arguments, which fields of documents do not",
        "",
    ),
    BITS: ("{number} field{s} of 32 bits {are} of 64 bits here", ""),
    KEYS: (
        "{number} object{s} of the source may have keys of any characters; here keys are printable ASCII",
        "keys of documents have at most 1,024 characters, and no `$` at the begin",
    ),
    AS_ID: (
        "{number} reference{s} to documents of tables {are} ids here",
        "--references embed writes the documents out",
    ),
}
