"""A JSON text, parsed strictly: every fault of it at its place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from codegen.diagnostics import Diagnostic, Diagnostics, Note

from .json_positions import JsonPositions, Twin
from .source import SourceFile
from .validator_reader import Problem

MAX_LEVELS: Final = 127
"""The levels of nesting that the server reads."""
_CONSTANTS: Final = ("NaN", "Infinity", "-Infinity")
_LONG_NUMBER: Final = re.compile(r"-?\d{4301,}")
T = TypeVar("T")


def read_json(
    file: SourceFile,
    read: Callable[[object, list[Problem]], T],
    diagnostics: Diagnostics,
) -> tuple[T, JsonPositions] | None:
    """What `read` makes of the value of a JSON file; None, and diagnostics, at any fault."""
    try:
        text = file.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = file.data[: error.start].decode("utf-8-sig")
        span = JsonPositions(file.path, before).span(len(before), len(before) + 1)
        diagnostics.add(Diagnostic("E401", "not JSON: this is not UTF-8 text", span))
        return None
    positions = JsonPositions(file.path, text)
    problems: list[Problem] = []
    try:
        faults, data = _parse(text, positions)
        if not faults:
            result = read(data, problems)
            if not problems:
                return result, positions
    except RecursionError:
        faults = [_too_deep(positions)]
    diagnostics.extend(faults)
    diagnostics.extend(problem.diagnostic(positions) for problem in problems)
    return None


def _parse(text: str, positions: JsonPositions) -> tuple[list[Diagnostic], object]:
    """The faults of the text, and the JSON value that counts if there are none."""
    has_twins = False

    def keep(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal has_twins
        result = dict(pairs)
        if len(result) != len(pairs):
            has_twins = True
        return result

    try:
        data = json.loads(text, object_pairs_hook=keep, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        span = positions.span(error.pos, error.pos + 1)
        return [Diagnostic("E401", f"not JSON: {error.msg}", span)], None
    except ValueError as error:
        return [_no_number(error, positions)], None
    faults = [_twice(twin) for twin in positions.twins()] if has_twins else []
    if re.search(r"\\u[dD][89a-fA-F]", text):
        faults += _half_characters(positions)
    return faults, data


def _refuse(constant: str) -> None:
    """JSON has no NaN and no infinities, though Python's reader takes them."""
    raise ValueError(f"{constant} is not JSON")


def _no_number(error: ValueError, positions: JsonPositions) -> Diagnostic:
    """For a constant that is no JSON, or a number with more digits than Python reads."""
    span = positions.span(0, 1)
    for token in positions.tokens():
        if token[0] in _CONSTANTS or _LONG_NUMBER.fullmatch(token[0]):
            span = positions.span(*token.span())
            break
    return Diagnostic("E401", f"not JSON: {error}", span)


def _twice(twin: Twin) -> Diagnostic:
    message = f'key "{twin.name}" is there twice'
    notes = (Note("first defined here", twin.first),)
    return Diagnostic("E402", message, twin.second, notes=notes)


def _half_characters(positions: JsonPositions) -> Iterator[Diagnostic]:
    for token in positions.tokens():
        if token[0][0] != '"':
            continue
        try:
            json.loads(token[0]).encode()
        except UnicodeEncodeError:
            message = "not JSON: half of a surrogate pair"
            yield Diagnostic("E401", message, positions.span(*token.span()))


def _too_deep(positions: JsonPositions) -> Diagnostic:
    message = f"nested too deeply: Convex reads {MAX_LEVELS} levels"
    return Diagnostic("E408", message, positions.deeper_than(MAX_LEVELS))
