"""What the functions of `convex/tablewright.ts` refuse, as the errors that all databases have."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final

from codegen.convex.errors import (
    ArgumentError,
    FunctionError,
    FunctionNotFound,
    UnexpectedAnswer,
    Unsupported,
)
from codegen.runtime.errors import (
    DatabaseError,
    InvalidId,
    LimitExceeded,
    NotFound,
    TooManyResults,
    UniqueViolation,
    ValidationFailed,
)

from ..searches import MAX_FOUND
from .questions import Question

_HELP: Final = (
    "the deployment has no functions for documents, or they are not for this key: write"
    " them with `codegen export --to convex-helper > convex/tablewright.ts`, deploy them, and"
    " give an admin key or a deploy key"
)
_OTHERS: Final = (
    "the deployment's functions for documents are not those of this version of the package:"
    " write them again with `codegen export --to convex-helper > convex/tablewright.ts`, and"
    " deploy them"
)
_TOO_MANY: Final = "Search query scanned too many documents"
_MISFIT: Final = "does not match the schema: "
# The server's own words (`document.rs`, `value/src/{size,array,object}.rs`).
_TOO_LARGE: Final = re.compile(
    r"Value is too large|too nested|Array length is too long|too many fields", re.I
)


@contextmanager
def typed(question: Question) -> Generator[None]:
    """Raises what is refused inside by its name."""
    try:
        yield
    except FunctionError as error:
        refusal = refusal_of(question, error)
        if refusal is None:
            raise
        raise refusal from error


def refusal_of(question: Question, error: FunctionError) -> DatabaseError | None:
    """What a failure is called everywhere, if it is no other one."""
    if isinstance(error, FunctionNotFound):
        return Unsupported(_HELP)
    if isinstance(error, ArgumentError):
        return Unsupported(_OTHERS)
    if _TOO_MANY in error.message:
        table, index = (str(question.arguments[at]) for at in ("table", "index"))
        return TooManyResults(table, index, MAX_FOUND)
    return _refusal(error.wire_data)


def not_understood(question: Question) -> UnexpectedAnswer:
    """The error for an answer that the functions of this package do not give."""
    error = UnexpectedAnswer(f"`{question.function}` answers otherwise: {_OTHERS}")
    error.may_have_run = question.kind == "mutation"
    return error


def _refusal(data: Any) -> DatabaseError | None:
    match data:
        case {"tablewright": "NotFound", "table": str(table), "id": str(id)}:
            return NotFound(table, id)
        case {"tablewright": "InvalidId", "table": str(table), "id": str(id)}:
            return InvalidId(table, id, "the deployment has no such id in this table")
        case {
            "tablewright": "UniqueViolation",
            "table": str(table),
            "index": str(index),
            "id": str(id),
        }:
            return UniqueViolation(table, index, id)
        case {"tablewright": "Refused", "table": str(table), "reason": str(reason)}:
            return _of_a_write(table, reason)
        case _:
            return None


def _of_a_write(table: str, reason: str) -> DatabaseError | None:
    _, misfit, details = reason.partition(_MISFIT)
    if misfit:
        return ValidationFailed(table, "", details.strip())
    return LimitExceeded(table, "", reason) if _TOO_LARGE.search(reason) else None
