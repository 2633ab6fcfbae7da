"""Samples: the JSON Schema that some documents keep to, each part at its first place."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from codegen.diagnostics import Diagnostic, Diagnostics, Span
from codegen.ir.checks.identifiers import is_identifier, shown
from codegen.ir.values import INT64, MAX_FIELD_NAME
from codegen.language.source import Loaded

from .json_schema.enumerations import kind_of
from .json_schema.reader import load_document
from .losses import KEYS
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
    shapes = _Shapes()
    schema = shapes.of(samples, ())
    document = Document(read.name, schema, _FirstPlaces(read.positions, shapes.places))
    table = table_of_file(posixpath.basename(read.name).split(".")[0])
    found = Diagnostics()
    loaded = load_document(document, options, found, table)
    # Any keys may come, as far as a schema knows; of samples they are known.
    diagnostics.extend(one for one in found if one.code != KEYS)
    if shapes.refused:
        first = shapes.refused[0]
        count = f"{len(shapes.refused):,} key{'s' if shapes.refused[1:] else ''}"
        message = (
            f"{count} of dicts can't be one here: the first is {shown(str(first[-1]))}"
        )
        hint = "keys are printable ASCII, and do not start with `$`"
        span = read.positions.key(first[:-1], str(first[-1]))
        diagnostics.add(Diagnostic(KEYS, message, span, hint))
    return loaded


@dataclass
class _Shapes:
    """Makes the schema of samples.

    `places` are the steps to the first sample of each part; `refused` leads to the keys of
    dicts that no dict can have.
    """

    places: dict[Steps, Steps] = field(default_factory=dict[Steps, Steps])
    refused: list[Steps] = field(default_factory=list[Steps])

    def of(self, samples: Sequence[_Sample], at: Steps) -> Json:
        """The schema at the steps `at` of what all samples are."""
        self.places[at] = samples[0][0]
        by_kind: dict[str, list[_Sample]] = {}
        for sample in samples:
            by_kind.setdefault(kind_of(sample[1]), []).append(sample)
        if "number" in by_kind or any(
            isinstance(v, float) or v not in INT64
            for _, v in by_kind.get("integer", ())
        ):
            by_kind["number"] = by_kind.pop("integer", []) + by_kind.get("number", [])
        kinds: list[Json] = [*by_kind]
        schema: dict[str, Json] = {"type": kinds[0] if len(kinds) == 1 else kinds}
        if "object" in by_kind:
            schema |= self._fields(by_kind["object"], at)
        items = [*_items(by_kind.get("array", ()))]
        if items:
            schema["items"] = self.of(items, (*at, "items"))
        return schema

    def _fields(self, samples: Sequence[_Sample], at: Steps) -> dict[str, Json]:
        """The fields of objects; those that all of them have are required.

        Names that no field can have are the keys of a dict, if there are no others; beside
        others they are left out.
        """
        found: dict[str, list[_Sample]] = {}
        for steps, value in samples:
            for name, inner in value.items() if isinstance(value, dict) else ():
                found.setdefault(name, []).append(((*steps, name), inner))
        if not found:
            return {}
        if at and not any(map(is_identifier, found)):
            self.refused += [s[0][0] for name, s in found.items() if not _is_key(name)]
            values = [one for ones in found.values() for one in ones]
            inside = (*at, "additionalProperties")
            return {"additionalProperties": self.of(values, inside)}
        required: list[Json] = [
            name
            for name, ones in found.items()
            if len(ones) == len(samples) and _is_field(name, at)
        ]
        return {
            "properties": {
                name: self.of(ones, (*at, "properties", name))
                for name, ones in found.items()
            },
            "required": required,
            "additionalProperties": False,
        }


def _is_field(name: str, at: Steps) -> bool:
    """Whether a document, or an object inside of one, can have a field of that name."""
    return is_identifier(name) is not None and (bool(at) or not name.startswith("_"))


def _is_key(name: str) -> bool:
    """Whether a dict can have the key."""
    is_plain = name.isascii() and (name.isprintable() or not name)
    return is_plain and not name.startswith("$") and len(name) <= MAX_FIELD_NAME


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
