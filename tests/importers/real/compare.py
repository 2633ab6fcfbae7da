"""One real input: imported, generated, and its documents put before both judges."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

from .changed import Changes, telling
from .drawn import Drawer, NoValue
from .hypothesis_documents import Effort, drawn_by_hypothesis
from .imported import NATIVE, generated, imported
from .inputs import JSON_SCHEMA, Input
from .json_values import is_document, plain
from .source import sources

_LEAST_OF_A_TABLE: Final = 4
_CHANGES: Final = 4
"""So many changed documents are made of each drawn one."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A document that one judge takes and the other does not."""

    table: str
    document: Any
    source_accepts: bool
    why: str

    def __str__(self) -> str:
        takes = "the source takes" if self.source_accepts else "the package takes"
        shown = json.dumps(self.document, ensure_ascii=False)
        return f"{self.table}: only {takes} {shown[:600]}: {self.why[:300]}"


@dataclass
class Compared:
    """What was seen of one input."""

    input: Input
    kind: str
    tables: int
    types: int
    losses: Counter[str]
    drawn: int = 0
    """Documents that hypothesis-jsonschema drew; the others are ours."""
    accepted: int = 0
    refused: int = 0
    differences: list[Difference] = field(default_factory=list)

    def __str__(self) -> str:
        losses = ", ".join(f"{code} {n}" for code, n in sorted(self.losses.items()))
        return (
            f"{self.input.name}: {self.tables} tables, {self.types} types; {losses}; "
            f"{self.documents} documents ({self.drawn} drawn by hypothesis-jsonschema), "
            f"{self.accepted} accepted, {len(self.differences)} differences"
        )

    @property
    def documents(self) -> int:
        return self.accepted + self.refused + len(self.differences)


def compare(
    one: Input,
    path: Path,
    folder: Path,
    documents: int,
    effort: Effort,
    alter: Callable[[str], str] = str,
) -> Compared:
    """About so many documents; `folder` is an empty one to work in.

    `alter` makes another native schema of the imported one, before the package is generated.
    """
    source = imported(path, one.options, folder)
    native = folder / NATIVE
    native.write_text(alter(native.read_text("utf-8")), "utf-8")
    models = generated(source.schema, folder)
    judges = sources(one, path, source)
    types = len(source.schema.types)
    kind = (
        f"{one.kind}, draft {judges[0].draft}" if one.kind == JSON_SCHEMA else one.kind
    )
    compared = Compared(one, kind, len(models), types, source.losses)
    of_each = max(_LEAST_OF_A_TABLE, documents // len(models))
    for number, (table, place) in enumerate(source.tables.items()):
        schema = judges[0].closed(place)
        validators = [judge.validator(place) for judge in judges]
        for document in _documents(schema, of_each, Random(number), compared, effort):
            fault = models[table].fault(document)
            if any(judge.is_valid(document) == (fault is None) for judge in validators):
                compared.accepted += fault is None
                compared.refused += fault is not None
            else:
                why = fault or next(validators[0].iter_errors(document)).message
                found = Difference(table, document, fault is not None, why)
                compared.differences.append(found)
    return compared


def _documents(
    schema: Any, count: int, random: Random, compared: Compared, effort: Effort
) -> Iterator[Any]:
    """Documents of one table without repetitions, and documents that are nearly so."""
    changes = Changes(telling(schema), random)
    seen: set[str] = set()
    drawn = drawn_by_hypothesis(schema, count // (2 * (_CHANGES + 1)), effort)
    compared.drawn += len(drawn)
    drawn += _ours(schema, count // (_CHANGES + 1) - len(drawn), random)
    for document in drawn:
        for one in map(plain, (document, *changes.of(document, _CHANGES))):
            text = json.dumps(one, sort_keys=True)
            if text not in seen and is_document(one):
                seen.add(text)
                yield one


def _ours(schema: Any, count: int, random: Random) -> list[Any]:
    drawer = Drawer(schema, random)
    found: list[Any] = []
    for _ in range(max(count, 1)):
        try:
            found.append(drawer.draw(schema))
        except NoValue:
            continue
    return found
