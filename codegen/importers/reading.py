"""The texts that are imported: JSON, JSON lines and YAML, within bounds."""

from __future__ import annotations

import json
import math
import os
import re
import stat
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
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            message = f"`{path}` is no regular file"
            diagnostics.add(Diagnostic("E801", message))
            return None
        size = status.st_size
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
        value = _value(text)
    except json.JSONDecodeError as error:
        message, span = f"not JSON: {error.msg}", positions.span(
            error.pos, error.pos + 1
        )
    except _Twice as error:
        twin = next(positions.twins())
        message, span = f'key "{error}" is there twice', twin.second
    except _TooLarge:
        message, span = _TOO_LARGE, positions.span(*_too_large(text))
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
        found = Diagnostics()
        read = parse_json(name, line, found)
        for one in found:
            diagnostics.add(replace(one, span=one.span and _on_line(one.span, number)))
        if read is None:
            return None
        values.append(read.value)
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
        return _on_line(span, number)


def _on_line(span: Span, number: int) -> Span:
    """A place in a text of one line, as the line of that number."""
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


class _TooLarge(ValueError):
    """A number that is larger than those of 64 bits."""


_TOO_LARGE: Final = "this number is too large for one of 64 bits"
_NUMBER: Final = re.compile(r'"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*', re.DOTALL)


def _value(text: str) -> Json:
    value: Json = json.loads(
        text,
        parse_constant=_refuse,
        parse_float=_number,
        parse_int=_whole,
        object_pairs_hook=_Pairs(),
    )
    return value


def _number(text: str) -> float:
    if math.isinf(value := float(text)):
        raise _TooLarge
    return value


def _whole(text: str) -> int:
    _number(text)
    return int(text)


def _too_large(text: str) -> tuple[int, int]:
    """From where to where the first number of a JSON text is that is too large."""
    for found in _NUMBER.finditer(text):
        if found[0][0] != '"' and math.isinf(float(found[0])):
            return found.span()
    return 0, 1


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
