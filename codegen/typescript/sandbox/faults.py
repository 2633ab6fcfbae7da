"""From what became of a module that was run to a diagnostic, at its place in the project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from codegen.diagnostics import Diagnostic, Note, Span
from codegen.typescript.syntax import Source

from .copies import Copies
from .deno import MAX_HEAP, MAX_SECONDS, Run
from .evaluation import Evaluation, Failure
from .graph import MAX_BYTES, MAX_FILES, Code, Missing

_NO_ENGINE: Final = Diagnostic(
    "E710",
    "there is nothing to run TypeScript with",
    hint='`pip install "tablewright[evaluate]"` installs Deno, which runs it',
)
_MODULE: Final = re.compile(r"(?:file:///\S*?/|\./)?\b(m\d+\.[cm]?[jt]sx?)\b")
_PLACE: Final = re.compile(_MODULE.pattern + r":(\d+):(\d+)")
_END: Final = re.compile(
    r"(?:\n|\s+at \S+:\d+:\d+|, run again with the --allow).*", re.DOTALL
)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_MAX_SHOWN: Final = 400
_SYNTAX: Final = "SyntaxError: "
_TOKEN: Final = re.compile(r"[\w$]+|.|$")
_SEALED: Final = (
    "it is run without files, network, environment variables and other programs"
)


def no_engine() -> Diagnostic:
    """There is no Deno."""
    return _NO_ENGINE


def whole(path: str) -> Span:
    """The place of a file."""
    return Span(path, 1, 1, 1, 1)


def fault(evaluation: Evaluation, number: int, path: str) -> Diagnostic:
    """Why a module did not answer; `path` is the one that was run last."""
    if number >= len(evaluation.answers):
        return _ended(evaluation.end, whole(path))
    answer = evaluation.answers[number]
    assert isinstance(answer, Failure)
    text = f"{answer.message}\n{answer.stack}"
    places = [*dict.fromkeys(_places(text, evaluation.copies))] or [whole(path)]
    missing = evaluation.copies.modules.get(answer.missing)
    if isinstance(missing, Missing):
        return _missing(missing, places[0])
    return _failure(answer, places, evaluation.copies)


def _ended(end: Run, place: Span) -> Diagnostic:
    """Why a program ended before it had answered."""
    if end.is_late:
        message = f"this runs for longer than {MAX_SECONDS:.0f} seconds"
        hint = "does it loop for ever, or wait for something?"
        return Diagnostic("E711", message, place, hint)
    if end.is_endless:
        message = "this writes without end when it is run"
    elif "out of memory" in end.output or "memory allocation of" in end.output:
        message = f"this takes more memory than it is given, {MAX_HEAP} MiB"
    elif "await promise never resolved" in end.output:
        message = "this waits for something that never comes"
        return Diagnostic("E715", message, place, _SEALED)
    else:
        message = f"this ends the program that runs it (status {end.status})"
    return Diagnostic("E715", message, place)


def _failure(failure: Failure, places: list[Span], copies: Copies) -> Diagnostic:
    text = _MODULE.sub(lambda match: _path(match, copies), failure.message)
    if text.startswith(_SYNTAX):
        message = f"this is not TypeScript: {_first_line(text.removeprefix(_SYNTAX))}"
        return Diagnostic("E701", message, places[0])
    kind = f"{failure.name}: " if failure.name else ""
    message = f"this fails when it is run: {_first_line(f'{kind}{text}')}"
    hint = _SEALED if failure.name == "NotCapable" else ""
    notes = tuple(Note("called from here", place) for place in places[1:4])
    return Diagnostic("E712", message, places[0], hint, notes)


def _first_line(text: str) -> str:
    """The beginning of an error's message, fit to be shown."""
    line = _END.sub("", text).encode("utf-8", "replace").decode()
    return _CONTROL.sub("", line)[:_MAX_SHOWN]


def _missing(missing: Missing, place: Span) -> Diagnostic:
    notes = (Note("it is used here", place),)
    if missing.is_too_much:
        message = f'"{missing.specifier}" is too large to be run with the rest'
        limits = f"{MAX_FILES:,} files and {MAX_BYTES >> 20} MiB"
        hint = f"a schema and its functions may need {limits} in all"
        return Diagnostic("E714", message, missing.span, hint, notes)
    message = f'"{missing.specifier}" is not found'
    hint = "install the packages of the project, so that node_modules has it"
    if missing.specifier.startswith("."):
        hint = "is the file there?"
    return Diagnostic("E705", message, missing.span, hint, notes)


def _path(match: re.Match[str], copies: Copies) -> str:
    module = copies.modules.get(match[1])
    if module is None:
        return match[0]
    if isinstance(module, Missing):
        return module.specifier
    return module.source.path if isinstance(module, Code) else module.path


def _places(text: str, copies: Copies) -> Iterator[Span]:
    """The places in files of the project that a stack names, innermost first."""
    for match in _PLACE.finditer(text):
        module = copies.modules.get(match[1])
        if isinstance(module, Code) and not module.source.is_package:
            yield _span(module.source, int(match[2]), int(match[3]))


def _span(source: Source, line: int, column: int) -> Span:
    """The span of the token at a place, whose column counts units of UTF-16."""
    lines = source.data.decode("utf-8", "replace").split("\n")
    text = lines[line - 1] if line <= len(lines) else ""
    before = text.encode("utf-16-le")[: 2 * (column - 1)].decode("utf-16-le", "replace")
    start = len(before)
    token = _TOKEN.match(text, start)
    length = len(token[0]) if token else 0
    return Span(source.path, line, start + 1, line, start + 1 + length)
