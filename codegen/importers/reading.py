"""The texts that are imported: JSON, JSON lines and YAML, within bounds."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from codegen.diagnostics import Diagnostic, Diagnostics, Span
from codegen.language.json_positions import JsonPositions

from .places import Document, Json
from .yaml_values import read_yaml

MAX_BYTES: Final = 64 * 1024 * 1024
MAX_LEVELS: Final = 300
"""So deep may a document be nested: deeper ones are mistakes or attacks."""
_YAML: Final = (".yaml", ".yml")


def read_text(path: str, diagnostics: Diagnostics) -> str | None:
    """The text of a file; None after a report."""
    place = Span(path, 1, 1, 1, 1)
    try:
        size = os.path.getsize(path)
        if size > MAX_BYTES:
            message = f"the file has {size:,} bytes; at most {MAX_BYTES:,} are read"
            diagnostics.add(Diagnostic("E806", message, place))
            return None
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        message = f"`{path}` can't be read: {error.strerror or error}"
        diagnostics.add(Diagnostic("E801", message))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        span = JsonPositions(path, before).span(len(before), len(before) + 1)
        diagnostics.add(Diagnostic("E801", "this is not UTF-8 text", span))
        return None


def parse(name: str, text: str, diagnostics: Diagnostics) -> Document | None:
    """The document of a text, YAML where the name of the file says so; None after a report."""
    if name.lower().endswith(_YAML):
        return read_yaml(name, text, diagnostics)
    return parse_json(name, text, diagnostics)


def parse_json(name: str, text: str, diagnostics: Diagnostics) -> Document | None:
    """The document of a JSON text; None after a report."""
    positions = JsonPositions(name, text)
    try:
        value: Json = json.loads(
            text, parse_constant=_refuse, object_pairs_hook=_Pairs()
        )
    except json.JSONDecodeError as error:
        message, span = f"not JSON: {error.msg}", positions.span(
            error.pos, error.pos + 1
        )
    except _Twice as error:
        twin = next(positions.twins())
        message, span = f'key "{error}" is there twice', twin.second
    except ValueError as error:
        message, span = f"not JSON: {error}", positions.span(0, 1)
    except RecursionError:
        diagnostics.add(_too_deep(positions))
        return None
    else:
        if not _is_deeper(value, MAX_LEVELS):
            return Document(name, value, positions)
        diagnostics.add(_too_deep(positions))
        return None
    diagnostics.add(Diagnostic("E801", message, span))
    return None


def parse_lines(name: str, text: str, diagnostics: Diagnostics) -> Document | None:
    """A document of many: one JSON value to a line, empty lines left out."""
    values: list[Json] = []
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        lines.append((number, line))
        try:
            value: Json = json.loads(line, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            column = error.colno if isinstance(error, json.JSONDecodeError) else 1
            reason = error.msg if isinstance(error, json.JSONDecodeError) else error
            span = Span(name, number, column, number, column + 1)
            diagnostics.add(Diagnostic("E801", f"not JSON: {reason}", span))
            return None
        if _is_deeper(value, MAX_LEVELS):
            message = f"nested deeper than {MAX_LEVELS} levels"
            span = Span(name, number, 1, number, 2)
            diagnostics.add(Diagnostic("E806", message, span))
            return None
        values.append(value)
    return Document(name, values, _OfLines(name, lines))


@dataclass(frozen=True, slots=True)
class _OfLines:
    """The places of JSON lines; each has its number, and is only read where it is asked for."""

    file: str
    lines: list[tuple[int, str]]

    def value(self, steps: Iterable[str | int]) -> Span:
        return self._within([*steps], None)

    def key(self, steps: Iterable[str | int], name: str) -> Span:
        return self._within([*steps], name)

    def _within(self, steps: list[str | int], name: str | None) -> Span:
        if not steps:
            return Span(self.file, 1, 1, 1, 2)
        number, line = self.lines[int(steps[0])]
        positions = JsonPositions(self.file, line)
        inner = steps[1:]
        span = positions.value(inner) if name is None else positions.key(inner, name)
        return replace(span, line=number, end_line=number)


class _Twice(Exception):
    """A key that an object has twice."""


class _Pairs:
    def __call__(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            seen: set[str] = set()
            for name, _ in pairs:
                if name in seen:
                    raise _Twice(name)
                seen.add(name)
        return made


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _is_deeper(value: Json, levels: int) -> bool:
    around: list[Json] = [value]
    for _ in range(levels):
        around = [part for one in around for part in _parts(one)]
        if not around:
            return False
    return True


def _parts(value: Json) -> Iterable[Json]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _too_deep(positions: JsonPositions) -> Diagnostic:
    message = f"nested deeper than {MAX_LEVELS} levels"
    return Diagnostic("E806", message, positions.deeper_than(MAX_LEVELS))
