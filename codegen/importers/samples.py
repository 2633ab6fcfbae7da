"""Samples: the JSON Schema that some documents keep to, each part at its first place."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from codegen.diagnostics import Diagnostic, Diagnostics, Span
from codegen.language.source import Loaded

from .json_schema.enumerations import kind_of
from .json_schema.reader import load_document
from .options import Options
from .places import Document, Json, Positions, Steps
from .reading import parse, parse_lines, read_text
from .table_names import table_of_file

_Sample = tuple[Steps, Json]
"""A value, and the steps to it in the file."""


def read_samples(
    path: str, options: Options, diagnostics: Diagnostics, notes: list[str]
) -> Loaded | None:
    """The schema of a file of documents: one object, an array of them, or one to a line."""
    text = read_text(path, diagnostics)
    if text is None:
        return None
    is_lines = path.lower().endswith((".jsonl", ".ndjson"))
    read = (parse_lines if is_lines else parse)(path, text, diagnostics)
    return None if read is None else _load(read, options, diagnostics)


def _lines(
    path: str, options: Options, diagnostics: Diagnostics, notes: list[str]
) -> Loaded | None:
    text = read_text(path, diagnostics)
    read = None if text is None else parse_lines(path, text, diagnostics)
    return None if read is None else _load(read, options, diagnostics)


READERS: Final = {"json": read_samples, "jsonl": _lines}


def _load(read: Document, options: Options, diagnostics: Diagnostics) -> Loaded | None:
    value = read.value
    samples: list[_Sample] = [((), value)]
    if isinstance(value, list):
        samples = [((i,), one) for i, one in enumerate(value)]
    wrong = next((s for s, one in samples if not isinstance(one, dict)), None)
    if not samples or wrong is not None:
        message = "a sample is an object, and a file of samples has one at least"
        span = read.positions.value(wrong or ())
        diagnostics.add(Diagnostic("E805", message, span))
        return None
    places: dict[Steps, Steps] = {}
    schema = _shape(samples, (), places)
    document = Document(read.name, schema, _FirstPlaces(read.positions, places))
    table = table_of_file(posixpath.basename(read.name).split(".")[0])
    return load_document(document, options, diagnostics, table)


def _shape(samples: Sequence[_Sample], at: Steps, places: dict[Steps, Steps]) -> Json:
    """The schema at the steps `at` of what all samples are; notes where each part is from."""
    places[at] = samples[0][0]
    by_kind: dict[str, list[_Sample]] = {}
    for sample in samples:
        by_kind.setdefault(kind_of(sample[1]), []).append(sample)
    if "number" in by_kind or any(
        isinstance(v, float) for _, v in by_kind.get("integer", ())
    ):
        by_kind["number"] = by_kind.pop("integer", []) + by_kind.get("number", [])
    kinds: list[Json] = [*by_kind]
    schema: dict[str, Json] = {"type": kinds[0] if len(kinds) == 1 else kinds}
    if "object" in by_kind:
        schema |= _fields(by_kind["object"], at, places)
    items = [*_items(by_kind.get("array", ()))]
    if items:
        schema["items"] = _shape(items, (*at, "items"), places)
    return schema


def _fields(
    samples: Sequence[_Sample], at: Steps, places: dict[Steps, Steps]
) -> dict[str, Json]:
    """The fields of objects; those that all of them have are required."""
    found: dict[str, list[_Sample]] = {}
    for steps, value in samples:
        for name, inner in value.items() if isinstance(value, dict) else ():
            found.setdefault(name, []).append(((*steps, name), inner))
    if not found:
        return {}
    required: list[Json] = [n for n, ones in found.items() if len(ones) == len(samples)]
    return {
        "properties": {
            name: _shape(ones, (*at, "properties", name), places)
            for name, ones in found.items()
        },
        "required": required,
        "additionalProperties": False,
    }


def _items(samples: Iterable[_Sample]) -> Iterator[_Sample]:
    for steps, value in samples:
        for i, item in enumerate(value if isinstance(value, list) else ()):
            yield (*steps, i), item


@dataclass(frozen=True, slots=True)
class _FirstPlaces:
    """Where the first sample stands that a part of the schema was made from."""

    samples: Positions
    places: dict[Steps, Steps]

    def value(self, steps: Iterable[str | int]) -> Span | None:
        way = tuple(steps)
        while way and way not in self.places:
            way = way[:-1]
        found = self.places.get(way, ())
        if found and isinstance(found[-1], str):
            return self.samples.key(found[:-1], found[-1])
        return self.samples.value(found)

    def key(self, steps: Iterable[str | int], name: str) -> Span | None:
        return self.value((*steps, name))
