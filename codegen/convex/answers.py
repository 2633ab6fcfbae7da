"""What a function has given, or what it failed with."""

from __future__ import annotations

import logging
import re
from typing import Any, Final, cast

from pydantic import JsonValue

from codegen.runtime.errors import InvalidCursor

from .errors import ArgumentError, FunctionError, FunctionNotFound
from .options import LogLine, Options
from .refusals import unexpected

_log: Final = logging.getLogger("codegen.convex")
_LEVELS: Final = {
    "[DEBUG]": logging.DEBUG,
    "[WARN]": logging.WARNING,
    "[ERROR]": logging.ERROR,
}
# How messages of the server begin: "[Request ID: 1a2b] Server Error\n".
_HEAD: Final = r"(?:\[Request ID: \w+\] )?(?:Server Error\n)?(?:Uncaught )?"
_NOT_FOUND: Final = re.compile(
    _HEAD + r"(?:(?:Error: )?Could not find (?:public )?function for "
    r"|(?:Error: )?Trying to execute .+ as \w+, but it is defined as )"
)
_ARGUMENTS: Final = re.compile(_HEAD + "ArgumentValidationError: ")


def value_of(answer: object, function: str, origin: str, options: Options) -> JsonValue:
    """What a function has given, in the encoded form; its log lines go where they belong.

    Raises `FunctionError` or one of its kinds, `InvalidCursor`, or `UnexpectedAnswer`.
    """
    said = cast("dict[str, Any]", answer) if isinstance(answer, dict) else {}
    lines = _log_lines(said)
    for line in lines:
        _tell(LogLine(function, line), options)
    match said:
        case {"status": "success", "value": value}:
            return cast(JsonValue, value)
        case {"status": "error", "errorMessage": str(message)}:
            raise failure(function, message, said.get("errorData"), lines)
        case _:
            raise unexpected(origin, f"its answer to `{function}` has no status")


def failure(
    function: str, message: str, data: JsonValue, lines: tuple[str, ...]
) -> FunctionError | InvalidCursor:
    """The error of a function that has failed, by what the deployment says of it."""
    match data:
        case {"isConvexSystemError": True, "paginationError": "InvalidCursor"}:
            reason = "the cursor is damaged or from a different query"
            return InvalidCursor(f"`{function}`: {reason}: start again without one")
        case _:
            pass
    kind = FunctionError
    if _NOT_FOUND.match(message):
        kind = FunctionNotFound
    elif _ARGUMENTS.match(message):
        kind = ArgumentError
    return kind(function, message, data, lines)


def _log_lines(said: dict[str, Any]) -> tuple[str, ...]:
    lines = said.get("logLines")
    if not isinstance(lines, list):
        return ()
    return tuple(str(line) for line in cast("list[object]", lines))


def _tell(line: LogLine, options: Options) -> None:
    if options.on_log is not None:
        options.on_log(line)
        return
    level = _LEVELS.get(line.text.partition(" ")[0], logging.INFO)
    _log.log(level, "%s: %s", line.function, line.text)
